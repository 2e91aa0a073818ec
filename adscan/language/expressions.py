"""Many RE2 expressions on one text, each tried only where its fixed strings occur.

One Aho-Corasick pass finds the fixed strings of all expressions; those whose strings are not all
there cannot match and cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import ahocorasick_rs
import re2

from adscan.language.literals import required_literals
from adscan.records.text import Span


class Expressions:
    """A table of expressions, each known by its number in the order given."""

    def __init__(self, expressions: Iterable[str]) -> None:
        self._written = tuple(expressions)
        clauses: dict[str, set[tuple[int, int]]] = {}  # string to expression and clause
        self._wanted: list[int] = []
        for number, expression in enumerate(self._written):
            needed = required_literals(expression)
            self._wanted.append(len(needed))
            for clause_number, clause in enumerate(needed):
                for string in clause:
                    clauses.setdefault(string, set()).add((number, clause_number))
        self._always = [number for number, wanted in enumerate(self._wanted) if not wanted]
        self._clauses = [clauses[string] for string in sorted(clauses)]
        self._automaton = ahocorasick_rs.AhoCorasick(sorted(clauses))
        self._compiled: dict[int, re2._Regexp] = {}

    def possible(self, text: str) -> list[int]:
        """The numbers of the expressions that may match, in order."""
        strings = {
            number
            for number, _, _ in self._automaton.find_matches_as_indexes(
                text.lower(), overlapping=True
            )
        }
        met = {place for string in strings for place in self._clauses[string]}
        counts: dict[int, int] = {}
        for number, _ in met:
            counts[number] = counts.get(number, 0) + 1
        wanted = self._wanted
        return sorted([*self._always, *(n for n, seen in counts.items() if seen == wanted[n])])

    def search(self, text: str) -> Search:
        """The places of the expressions in a text."""
        return Search(self, text)

    def compiled(self, number: int) -> re2._Regexp:
        """The expression, compiled when first needed."""
        found = self._compiled.get(number)
        if found is None:
            found = self._compiled[number] = re2.compile(self._written[number])
        return found


class Search:
    """One text and the expressions that may match in it."""

    def __init__(self, expressions: Expressions, text: str) -> None:
        self._expressions = expressions
        self._text = text
        self.possible = expressions.possible(text)

    @cached_property
    def _encoded(self) -> bytes:
        return self._text.encode()

    def count(self, number: int, most: int) -> int:
        """How often the expression matches, counted up to `most`."""
        seen = 0
        for _ in self._expressions.compiled(number).finditer(self._encoded):
            seen += 1
            if seen >= most:
                break
        return seen

    def spans(self, number: int) -> list[Span]:
        """Where the expression matches, in code points."""
        text = self._encoded
        return [
            Span(len(text[: match.start()].decode()), len(text[: match.end()].decode()))
            for match in self._expressions.compiled(number).finditer(text)
            if match.end() > match.start()
        ]
