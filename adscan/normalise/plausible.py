"""Whether a possible disguise is one: ordinary Chinese shares sounds, shapes and seams with terms.

The bounds were set on 58,000 news titles and financial texts, where they leave no wrong reading,
and tried on 120,000 others: `benchmarks/normalise_false_readings.py` shows what is read, and
`benchmarks/normalise_recall.py` what they cost.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from adscan.normalise.candidate import CLOSING, OPENING, Candidate
from adscan.normalise.tables import Tables
from adscan.records.text import Trick

_SEAM = frozenset(" \n-/|.·~+&—–―:")  # stands between words as well as inside them
_ACCOUNT = re.compile(r"\d{5}")  # VX13800 is an account, VX530 an article
_LONGEST_GAP = 8  # characters
_LONGEST_WORD = 4  # of the ordinary words asked for
_ENGLISH = frozenset(
    "ban can die fan gang he long man me men pan sang she song tie women".split()  # noqa: SIM905
)


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
        first, last = c.written(0)[:1], c.written(c.size - 1)[-1:]
        if c.alias and _latin(last) and c.behind.isdigit():
            return bool(_ACCOUNT.match(c.text, c.ends[-1]))
        starts_inside = _latin(first) and _latin(c.before)
        ends_inside = _latin(last) and _latin(c.behind)
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
        if any(mark in OPENING or mark in CLOSING for mark in gap):
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
