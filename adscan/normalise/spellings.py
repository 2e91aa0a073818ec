"""All ways to write the rulebook's terms, searched for in one pass over each reading of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from adscan.normalise.skeleton import HARD, Skeleton
from adscan.normalise.sounds import Sounds
from adscan.normalise.tables import Tables
from adscan.records.text import Trick


@dataclass(frozen=True)
class Spelling:
    """One row of units that stands for a term."""

    term: str
    units: str
    # units[a:b] as a whole mean term[c:d] (百分之百 for 100%); None: unit by unit
    alias: tuple[int, int, int, int] | None = None


class Spellings:
    """The terms' spellings, and how each unit may be disguised."""

    def __init__(self, terms: Iterable[str], tables: Tables) -> None:
        self._tables = tables
        usable = sorted({t for t in terms if len(t) > 1 and all(map(_is_unit, t))})
        self.spellings = [s for term in usable for s in _spellings(term, tables)]
        characters = sorted({c for s in self.spellings for c in s.units})
        self.sounds = Sounds([c for c in characters if c >= "\u2e80"])
        self._tricks = {
            (written, meant): trick
            for (written, meant), trick in tables.tricks.items()
            if meant in set(characters)
        }
        self.kept = "".join(
            sorted(
                {w for w, _ in self._tricks if not _is_unit(w)}
                | {c for c in characters if not _is_unit(c)}
            )
        )
        self._look = _classes(self._tricks, characters)
        self._sound = {ord(c): symbol for c, symbol in self.sounds.of_character.items()}
        self._meant_sound = self._sound | {
            ord(w): self._sound[ord(m)] for w, m in self._tricks if ord(m) in self._sound
        }
        self._written_for_others = {w for w, _ in self._tricks}
        units = [s.units for s in self.spellings]
        self._by_look = AhoCorasick([u.translate(self._look) for u in units])
        self._by_sound = AhoCorasick([u.translate(self._sound) for u in units])
        self._long = [at for at, u in enumerate(units) if len(u) > 2]
        self._long_by_sound = AhoCorasick([units[at].translate(self._sound) for at in self._long])

    def trick(self, written: str, meant: str) -> tuple[Trick | None, bool]:
        """How `written` stands for `meant`, and whether the tables know it so.

        No trick and not known: it does not stand for it at all.
        """
        if written == meant or written.lower() == meant.lower():
            return None, True
        known = self._tricks.get((written, meant))
        if known is not None:
            return known, True
        sound = self.sounds.of_character.get(meant)
        if sound is None:
            return None, False
        if written == sound:
            return Trick.PINYIN, True
        alike = self.sounds.of_character.get(written) == sound
        return (Trick.HOMOPHONE if alike else None), False

    def find(self, skeleton: Skeleton, syllables: bool) -> set[tuple[int, int]]:
        """Where a spelling may stand: (its number, its first unit).

        Words of two characters are searched by sound only where the text has letters.
        """
        found: set[tuple[int, int]] = set()
        text = skeleton.text
        for number, start, _ in _matches(self._by_look, text.translate(self._look)):
            found.add((number, start))
        for table in self._sound_tables(text):
            heard = text.translate(table)
            if syllables:
                found.update((n, s) for n, s, _ in _matches(self._by_sound, heard))
            else:
                found.update((self._long[n], s) for n, s, _ in _matches(self._long_by_sound, heard))
        return found

    def _sound_tables(self, text: str) -> Iterator[dict[int, str]]:
        """The sounds as written; where look-alikes occur, those of the characters meant as well."""
        yield self._sound
        if not self._written_for_others.isdisjoint(text):
            yield self._meant_sound


def _matches(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    matches: list[tuple[int, int, int]] = automaton.find_matches_as_indexes(text, overlapping=True)
    return matches


def _is_unit(character: str) -> bool:
    return (character.isalnum() or character in HARD) and character != "_"


def _spellings(term: str, tables: Tables) -> Iterator[Spelling]:
    """The term itself, and the term with an expression replaced by one of the same meaning."""
    yield Spelling(term, term)
    for meaning, *others in tables.same:
        at = term.find(meaning)
        if at < 0:
            continue
        for other in others:
            yield Spelling(
                term,
                term[:at] + other + term[at + len(meaning) :],
                (at, at + len(other), at, at + len(meaning)),
            )


def _classes(tricks: Iterable[tuple[str, str]], characters: Iterable[str]) -> dict[int, str]:
    """One character for all that may stand for each other, directly or by a chain."""
    root: dict[str, str] = {}

    def find(character: str) -> str:
        while character in root:
            character = root[character]
        return character

    cases = ((c.upper(), c.lower()) for c in characters if "A" <= c.upper() <= "Z")
    for written, meant in (*tricks, *cases):
        a, b = find(written), find(meant)
        if a != b:
            root[a] = b
    return {ord(c): find(c) for c in list(root)}
