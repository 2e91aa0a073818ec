"""A table of RE2 expressions on one text, each known by its number.

An alternative that is nothing but fixed strings is found as such; another is tried only where each
of its fixed strings occurs.
"""

from __future__ import annotations

from collections.abc import Iterable

from adscan.language.literals import exact_strings, required_literals, split_alternatives
from adscan.language.prefilter import Compiled, Prefilter
from adscan.records.text import Span


class Expressions:
    """A table of expressions, each known by its number in the order given."""

    def __init__(self, expressions: Iterable[str]) -> None:
        self._owners: dict[str, set[int]] = {}  # a fixed string or an alternative to its numbers
        words: set[str] = set()
        for number, expression in enumerate(expressions):
            for written in split_alternatives(expression):
                exact = exact_strings(written)
                words.update(exact or ())
                for owned in (written,) if exact is None else exact:
                    self._owners.setdefault(owned, set()).add(number)
        tried = sorted(self._owners.keys() - words)
        self._prefilter = Prefilter(words, {text: required_literals(text) for text in tried})
        self._compiled = Compiled()

    def find(self, text: str) -> dict[int, list[Span]]:
        """Where each expression matches, leftmost and longest, not overlapping.

        Expressions that do not match are left out; the others come in order.
        """
        found, possible = self._prefilter.scan(text)
        data = text.encode()
        for written in possible:
            found.extend((written, span) for span in self._compiled.find(written, data))
        places: dict[int, list[Span]] = {}
        for written, span in found:
            for number in self._owners[written]:
                places.setdefault(number, []).append(span)
        return {number: _apart(places[number]) for number in sorted(places)}


def _apart(places: list[Span]) -> list[Span]:
    if len(places) == 1:
        return places
    places.sort(key=lambda place: (place.start, -place.end))
    kept: list[Span] = []
    for place in places:
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept
