"""Many RE2 expressions on one text, each tried only where its fixed strings occur.

One Aho-Corasick pass finds the fixed strings of all alternatives. An alternative that is nothing
but fixed strings is thereby found; another is tried only if each of its strings is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick_rs
import re2

from adscan.language.literals import exact_strings, required_literals, split_alternatives
from adscan.records.text import Span

Bytes = tuple[int, int]  # where a match lies in the UTF-8 text: start, end


@dataclass
class _Alternative:
    """One alternative of an expression that is more than fixed strings."""

    number: int  # of the expression
    written: str
    clauses: int  # of which each must show a string
    compiled: re2._Regexp | None = None  # when first needed

    def places(self, data: bytes) -> Iterator[Bytes]:
        if self.compiled is None:
            self.compiled = re2.compile(self.written)
        for match in self.compiled.finditer(data):
            if match.end() > match.start():
                yield match.span()


class Expressions:
    """A table of expressions, each known by its number in the order given."""

    def __init__(self, expressions: Iterable[str]) -> None:
        self._alternatives: list[_Alternative] = []
        found: dict[bytes, set[int]] = {}  # string to the expressions that it fulfils
        hints: dict[bytes, set[tuple[int, int]]] = {}  # string to alternative and clause
        for number, expression in enumerate(expressions):
            for written in split_alternatives(expression):
                exact = exact_strings(written)
                for string in exact or ():
                    found.setdefault(string.encode(), set()).add(number)
                if exact is None:
                    self._add(number, written, hints)
        strings = sorted({*found, *hints})
        self._found = [tuple(sorted(found.get(string, ()))) for string in strings]
        self._hints = [tuple(sorted(hints.get(string, ()))) for string in strings]
        self._always = [n for n, item in enumerate(self._alternatives) if not item.clauses]
        self._automaton = ahocorasick_rs.BytesAhoCorasick(strings)

    def _add(self, number: int, written: str, hints: dict[bytes, set[tuple[int, int]]]) -> None:
        clauses = required_literals(written)
        for clause_number, clause in enumerate(clauses):
            for string in clause:
                place = (len(self._alternatives), clause_number)
                hints.setdefault(string.encode(), set()).add(place)
        self._alternatives.append(_Alternative(number, written, len(clauses)))

    def find(self, data: bytes) -> dict[int, list[Bytes]]:
        """Where each expression matches in a UTF-8 text, leftmost and longest, not overlapping.

        Expressions that do not match are left out; the others come in order.
        """
        places: dict[int, list[Bytes]] = {}
        met: set[tuple[int, int]] = set()
        for string, start, end in self._automaton.find_matches_as_indexes(
            data.lower(), overlapping=True
        ):
            met.update(self._hints[string])
            for number in self._found[string]:
                places.setdefault(number, []).append((start, end))
        for alternative in self._possible(met):
            matches = list(alternative.places(data))
            if matches:
                places.setdefault(alternative.number, []).extend(matches)
        return {number: _apart(places[number]) for number in sorted(places)}

    def _possible(self, met: Iterable[tuple[int, int]]) -> Iterator[_Alternative]:
        counts = dict.fromkeys(self._always, 0)
        for number, _ in met:
            counts[number] = counts.get(number, 0) + 1
        for number, seen in counts.items():
            if seen == self._alternatives[number].clauses:
                yield self._alternatives[number]


def to_span(data: bytes, place: Bytes) -> Span:
    """The place in code points."""
    start = len(data[: place[0]].decode())
    return Span(start, start + len(data[place[0] : place[1]].decode()))


def _apart(places: list[Bytes]) -> list[Bytes]:
    if len(places) == 1:
        return places
    places.sort(key=lambda place: (place[0], -place[1]))
    kept: list[Bytes] = []
    for place in places:
        if not kept or place[0] >= kept[-1][1]:
            kept.append(place)
    return kept
