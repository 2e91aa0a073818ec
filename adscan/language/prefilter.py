"""Where many fixed words stand and which of many expressions may match, in one pass of a text.

The cost grows with the text: one Aho-Corasick automaton holds the words and the fixed strings of
the expressions. Of an expression's clauses the most telling one is its key: only when a string of
the key occurs are the others asked about. Clauses met are kept as bits of one number, and single
characters are looked up in the text's set of characters rather than in the automaton.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ahocorasick_rs
import re2

from adscan.records.text import Span


def compile_expression(expression: str) -> re2._Regexp:
    """The RE2 expression. Raises re2.error, whose text says what is wrong."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(expression, options)


@dataclass
class Compiled:
    """RE2 expressions, each compiled when it is first tried."""

    _known: dict[str, re2._Regexp] = field(default_factory=dict)

    def find(self, expression: str, data: bytes) -> list[Span]:
        """Where an expression matches in a UTF-8 text, in code points; empty matches left out."""
        compiled = self._known.get(expression)
        if compiled is None:
            compiled = self._known[expression] = compile_expression(expression)
        return [
            Span(len(data[: match.start()].decode()), len(data[: match.end()].decode()))
            for match in compiled.finditer(data)
            if match.end() > match.start()
        ]


@dataclass(frozen=True, slots=True)
class Clue:
    """What a string in the text tells."""

    bits: int  # the clauses it meets
    keyed: tuple[str, ...]  # the expressions whose key it is
    words: tuple[str, ...]  # the words it is


class Prefilter:
    """Words and expressions, known by how they are written; case does not matter."""

    def __init__(
        self, words: Iterable[str], clauses: Mapping[str, Sequence[Iterable[str]]]
    ) -> None:
        """`clauses` of each expression as `required_literals` gives them, most telling first."""
        words_of: dict[str, list[str]] = {}  # as looked for, as written
        for word in sorted(set(words)):
            words_of.setdefault(word.lower(), []).append(word)
        keyed: dict[str, list[str]] = {}  # string to expressions whose key it is
        bits_of: dict[str, int] = {}  # string to the other clauses it meets
        self._needed: dict[str, int] = {}  # expression to its other clauses
        self._always = [text for text, needs in clauses.items() if not needs]
        numbers: dict[frozenset[str], int] = {}
        for expression, needs in clauses.items():
            for key in needs[0] if needs else ():
                keyed.setdefault(key, []).append(expression)
            bits = [1 << numbers.setdefault(frozenset(c), len(numbers)) for c in needs[1:]]
            self._needed[expression] = sum(set(bits))
        for clause, number in numbers.items():
            for text in clause:
                bits_of[text] = bits_of.get(text, 0) | 1 << number
        clues = {
            text: Clue(
                bits_of.get(text, 0), tuple(keyed.get(text, ())), tuple(words_of.get(text, ()))
            )
            for text in {*words_of, *keyed, *bits_of}
        }
        self._single = {text: clue for text, clue in clues.items() if len(text) == 1}
        longer = sorted(clues.keys() - self._single.keys())
        self._clues = [clues[text] for text in longer]
        self._word_numbers = frozenset(n for n, text in enumerate(longer) if text in words_of)
        self._automaton = ahocorasick_rs.AhoCorasick(longer)

    def scan(self, text: str) -> tuple[list[tuple[str, Span]], list[str]]:
        """Every place of every word, and the expressions of which every clause is met."""
        lowered = _lower(text)
        matches = self._automaton.find_matches_as_indexes(lowered, overlapping=True)
        numbers = {match[0] for match in matches}
        single = self._single.keys() & set(lowered)
        clues = [self._clues[number] for number in numbers]
        clues.extend(self._single[char] for char in single)
        words: list[tuple[str, Span]] = []
        if not self._word_numbers.isdisjoint(numbers):
            words = [
                (word, Span(start, end))
                for number, start, end in matches
                for word in self._clues[number].words
            ]
        for char in sorted(single):
            for word in self._single[char].words:
                places = (at for at, other in enumerate(lowered) if other == char)
                words.extend((word, Span(at, at + 1)) for at in places)
        return words, self._possible(clues)

    def _possible(self, clues: Iterable[Clue]) -> list[str]:
        met = 0
        due: set[str] = set(self._always)
        for clue in clues:
            met |= clue.bits
            if clue.keyed:
                due.update(clue.keyed)
        needed = self._needed
        return [text for text in due if not needed[text] & ~met]


def _lower(text: str) -> str:
    """Lower case of the same length; the few letters that would grow stay as they are."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char if len(char.lower()) > 1 else char.lower() for char in text)
