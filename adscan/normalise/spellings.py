"""All ways to write the rulebook's terms, searched for in one pass over each reading of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from adscan.normalise.skeleton import HARD, Channel, Codes, Skeleton, codes_of
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
        usable = sorted({t for t in terms if len(t) > 1 and all(map(_is_unit, t))})
        self.spellings = [s for term in usable for s in _spellings(term, tables)]
        characters = sorted({c for s in self.spellings for c in s.units})
        self.sounds = Sounds([c for c in characters if c >= "\u2e80"])
        self._tricks = {p: t for p, t in tables.tricks.items() if p[1] in set(characters)}
        self.pictures = {c for c in (*characters, *(w for w, _ in self._tricks)) if not _is_unit(c)}
        units = [s.units for s in self.spellings]
        looks, heard = _classes(self._tricks, characters), self._heard(characters)
        meant = heard | {w: heard[m] for w, m in self._tricks if m in heard}
        long = [at for at, u in enumerate(units) if len(u) > 2]
        self._by_look = _Search(units, range(len(units)), Channel(looks))
        # Words of two characters are searched by sound only where the text has syllables.
        self._by_sound = [_Search(units, range(len(units)), Channel(h)) for h in (heard, meant)]
        self._long_by_sound = [_Search(units, long, Channel(h)) for h in (heard, meant)]

    def _heard(self, characters: Iterable[str]) -> dict[str, str]:
        """What each character, and each syllable, sounds like."""
        sounds = self.sounds.of_character
        silent = {c: c for c in characters if c not in sounds}
        return silent | sounds | {symbol: symbol for symbol in sounds.values()}

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
        """Where a spelling may stand: (its number, its first unit)."""
        by_sound = self._by_sound if syllables else self._long_by_sound
        return {hit for search in (self._by_look, *by_sound) for hit in search.find(skeleton.codes)}


class _Search:
    """All spellings at once, in one way of seeing the text."""

    def __init__(self, units: Sequence[str], numbers: Sequence[int], channel: Channel) -> None:
        self._numbers = numbers
        self._channel = channel
        patterns = [channel.see(codes_of(units[number])) for number in numbers]
        self._automaton = AhoCorasick(patterns, implementation=Implementation.DFA)

    def find(self, codes: Codes) -> Iterator[tuple[int, int]]:
        seen = self._channel.see(codes)
        for number, start, _ in self._automaton.find_matches_as_indexes(seen, overlapping=True):
            yield self._numbers[number], start


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


def _classes(tricks: Iterable[tuple[str, str]], characters: Iterable[str]) -> dict[str, str]:
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
    return {c: find(c) for c in (*root, *characters)}
