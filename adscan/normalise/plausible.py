"""Whether a possible disguise is one: ordinary Chinese shares sounds, shapes and seams with terms.

The bounds were set on 20,000 news titles and 14,000 financial texts: `benchmarks/normalise_false
_readings.py` counts what is read there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from adscan.normalise.tables import Tables
from adscan.records.text import Trick

_SEAM = frozenset(" \n-/|.·~+&—–―:")  # stands between words as well as inside them
_OPENING = "(（[【〔《<〈「『{“‘"
_CLOSING = ")）]】〕》>〉」』}”’"
_ACCOUNT = re.compile(r"\d{5}")  # VX13800 is an account, VX530 an article
_LONGEST_GAP = 8  # characters
_LONGEST_WORD = 4  # of the ordinary words asked for
_ENGLISH = frozenset(
    "ban can die fan gang he long man me men pan sang she song tie women".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Candidate:
    """A place where a term may be written in disguise."""

    term: str
    text: str
    starts: list[int]  # of the units
    ends: list[int]
    tricks: list[Trick | None]  # unit by unit; None: the character itself
    known: list[bool]  # the tables list this writing
    alias: bool = False  # an expression of the same meaning is part of it

    @property
    def size(self) -> int:
        """How many units."""
        return len(self.starts)

    def gap(self, at: int) -> str:
        """What stands between unit `at` and the next."""
        return self.text[self.ends[at] : self.starts[at + 1]]

    def written(self, at: int) -> str:
        """How unit `at` is written."""
        return self.text[self.starts[at] : self.ends[at]]

    def closes(self) -> bool:
        """Whether a bracket opened inside the term closes right behind it."""
        opened = any(c in _OPENING for at in range(self.size - 1) for c in self.gap(at)[-1:])
        return opened and self._behind != "" and self._behind in _CLOSING

    def opens(self) -> bool:
        """Whether a bracket that closes after the first unit opens right before the term."""
        closed = self.gap(0)[:1]
        return bool(closed and closed in _CLOSING and self._before and self._before in _OPENING)

    @property
    def _before(self) -> str:
        return self.text[self.starts[0] - 1 : self.starts[0]]

    @property
    def _behind(self) -> str:
        return self.text[self.ends[-1] : self.ends[-1] + 1]

    @property
    def free_before(self) -> bool:
        """No word runs into it from the left."""
        return not self._before.isalnum()

    @property
    def free_after(self) -> bool:
        """No word runs out of it to the right."""
        return not self._behind.isalnum()


class Plausibility:
    """Judges candidates."""

    def __init__(self, tables: Tables) -> None:
        from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415  (0.2 s)

        self._everyday = tables.everyday
        self._words = tables.ordinary | PHRASES_DICT.keys()

    def holds(self, candidate: Candidate) -> bool:
        """Whether every part of the disguise is credible."""
        checks: tuple[Callable[[Candidate], bool], ...] = (
            self._enough_is_plain,
            self._figures_stand_alone,
            self._letters_are_no_word,
            self._no_ordinary_word,
            self._gaps_hold,
        )
        return all(check(candidate) for check in checks)

    def _enough_is_plain(self, c: Candidate) -> bool:
        """The more of a term is guessed, the longer it has to be."""
        changed = [t for t in c.tricks if t is not None]
        guessed = c.known.count(False)
        if c.size == 2:
            return (guessed == 0 and len(changed) <= 1) or changed == [Trick.SPLIT] * 2
        if all(t is Trick.PINYIN for t in c.tricks):
            return c.size >= 4
        if guessed > c.size // 3:
            return False
        if c.size == 3 and any(not c.known[at] and is_common(c.written(at)) for at in (0, 2)):
            return False  # 国家集 would be 国家级, 债务风险 hold 无风险
        alike = sum(
            t in (Trick.HOMOPHONE, Trick.LOOKALIKE) and is_common(c.written(at))
            for at, t in enumerate(c.tricks)
        )
        return alike <= c.size // 2 and (len(changed) < c.size or changed.count(Trick.SPLIT) > 1)

    def _figures_stand_alone(self, c: Candidate) -> bool:
        """A figure for a character is no part of a number, and 第1 is an ordinary way to write."""
        for at, trick in enumerate(c.tricks):
            written = c.written(at)
            if trick is not Trick.DIGITS_AND_EMOJI or not written.isascii():
                continue
            before = c.text[c.starts[at] - 1 : c.starts[at]]
            after = c.text[c.ends[at] : c.ends[at] + 1]
            if any(n and n.isascii() and (n.isalnum() or n in ".,%") for n in (before, after)):
                return False
            if c.size == 2 and written != "0":
                return False
        return True

    def _letters_are_no_word(self, c: Candidate) -> bool:
        """Letters for a character are a run of their own, and no everyday English word."""
        for at, trick in enumerate(c.tricks):
            if trick is not Trick.PINYIN:
                continue
            if c.size < 4 and c.written(at).lower() in _ENGLISH:
                return False
        first, last = c.written(0), c.written(c.size - 1)
        before = c.text[c.starts[0] - 1 : c.starts[0]]
        after = c.text[c.ends[-1] : c.ends[-1] + 1]
        if c.alias and _latin(last) and after.isdigit():
            return bool(_ACCOUNT.match(c.text, c.ends[-1]))
        starts_inside = _latin(first[:1]) and _latin(before)
        ends_inside = _latin(last[-1:]) and _latin(after)
        return not (starts_inside or ends_inside)

    def _no_ordinary_word(self, c: Candidate) -> bool:
        """A character taken for another must not be at home in a word of the text."""
        for at, trick in enumerate(c.tricks):
            written = c.written(at)
            if trick is Trick.SPLIT and not _has_bare_part(written):
                if c.size == 2 and not (c.free_before and c.free_after):
                    return False
                if self._in_word(c.text, c.starts[at]) or self._in_word(c.text, c.ends[at] - 1):
                    return False
            if trick in (Trick.HOMOPHONE, Trick.LOOKALIKE) and is_common(written):
                if not c.known[at] and written in self._everyday:
                    return False
                if self._in_word(c.text, c.starts[at]):
                    return False
                if c.size <= 3 and self._cuts_word(c, at):
                    return False
        return True

    def _cuts_word(self, c: Candidate, at: int) -> bool:
        """Whether what stands beside unit `at` belongs to a word reaching out of the term."""
        before = at > 0 and self._reaches_left(c, c.ends[at - 1])
        return before or (at < c.size - 1 and self._reaches_right(c, c.starts[at + 1]))

    def _in_word(self, text: str, at: int) -> bool:
        """Whether an ordinary word covers the character at `at`."""
        return any(
            text[start : start + size] in self._words
            for size in range(2, _LONGEST_WORD + 1)
            for start in range(max(at - size + 1, 0), at + 1)
        )

    def _gaps_hold(self, c: Candidate) -> bool:
        """What is put between the characters is put there to part them, not to part words."""
        gaps = [c.gap(at) for at in range(c.size - 1)]
        filled = [gap for gap in gaps if gap]
        if not filled:
            return True
        if any(len(gap) > _LONGEST_GAP for gap in filled):
            return False
        guessing = any(t in (Trick.HOMOPHONE, Trick.LOOKALIKE) for t in c.tricks)
        if guessing and len(filled) < len(gaps) and any(_SEAM.issuperset(gap) for gap in filled):
            return False
        if len(filled) == len(gaps) and c.size > 2:
            return "\n" not in "".join(filled) or (c.free_before and c.free_after)
        if c.size == 2 or len(filled) < len(gaps):
            return all(self._gap_holds(c, at) for at, gap in enumerate(gaps) if gap)
        return True

    def _gap_holds(self, c: Candidate, at: int) -> bool:
        """One gap, where not all characters are parted."""
        gap = c.gap(at)
        free = c.free_before and c.free_after
        if "\n" in gap:
            return c.size >= 4 and len(gap) <= 3
        if gap.isspace():
            return c.size >= 4 or (free and (c.size == 2 or at == 0))
        if any(mark in _OPENING or mark in _CLOSING for mark in gap):
            return (c.closes() or c.opens()) and not self._numbers(c, at)
        if c.size >= 4 or free:
            return True
        return not (self._reaches_left(c, c.ends[at]) or self._reaches_right(c, c.starts[at + 1]))

    def _numbers(self, c: Candidate, at: int) -> bool:
        """Whether the bracket counts something: 第（一）项."""
        return c.written(at + 1).isnumeric() or (at == 0 and c.written(0).isnumeric())

    def _reaches_left(self, c: Candidate, end: int) -> bool:
        """Whether an ordinary word begins before the term and ends at `end`."""
        begins = range(max(end - _LONGEST_WORD, 0), c.starts[0])
        return any(c.text[begin:end] in self._words for begin in begins)

    def _reaches_right(self, c: Candidate, start: int) -> bool:
        """Whether an ordinary word begins at `start` and ends behind the term."""
        ends = range(c.ends[-1] + 1, min(start + _LONGEST_WORD, len(c.text)) + 1)
        return any(c.text[start:end] in self._words for end in ends)


def is_common(character: str) -> bool:
    """One of the 3755 characters of GB 2312's first level: at home in any text."""
    try:
        encoded = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and 0xB0 <= encoded[0] <= 0xD7


def _has_bare_part(written: str) -> bool:
    """Whether a part of a split character is no character of the everyday set."""
    return not all(is_common(part) for part in written)


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
