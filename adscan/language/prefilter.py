"""Where many fixed words stand and which of many expressions may match, in one pass of a text.

The cost grows with the text: one Aho-Corasick automaton holds the words and the fixed strings of
the expressions. Of an expression's clauses the most telling one is its key: only when a string of
the key occurs are the others asked about. Clauses met are kept as bits of one number, and single
characters are looked up in a table of the text's code points rather than in the automaton.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ahocorasick_rs
import numpy as np
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
    keyed: tuple[tuple[str, int], ...]  # the expressions whose key it is, and their other clauses
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
        needed: dict[str, int] = {}  # expression to its other clauses
        self._always = [text for text, needs in clauses.items() if not needs]
        numbers: dict[frozenset[str], int] = {}
        for expression, needs in clauses.items():
            for key in needs[0] if needs else ():
                keyed.setdefault(key, []).append(expression)
            bits = [1 << numbers.setdefault(frozenset(c), len(numbers)) for c in needs[1:]]
            needed[expression] = sum(set(bits))
        for clause, number in numbers.items():
            for text in clause:
                bits_of[text] = bits_of.get(text, 0) | 1 << number
        clues = {
            text: Clue(
                bits_of.get(text, 0),
                tuple((expression, needed[expression]) for expression in keyed.get(text, ())),
                tuple(words_of.get(text, ())),
            )
            for text in {*words_of, *keyed, *bits_of}
        }
        singles = sorted(text for text in clues if len(text) == 1)
        self._single_clues = [clues[text] for text in singles]
        self._single_codes = np.array([ord(text) for text in singles], dtype=np.intp)
        self._single_words = [(text, word) for text in singles for word in words_of.get(text, ())]
        longer = sorted(clues.keys() - set(singles))
        self._clues = [clues[text] for text in longer]
        self._word_numbers = frozenset(n for n, text in enumerate(longer) if text in words_of)
        self._automaton = ahocorasick_rs.AhoCorasick(longer)

    def scan(self, text: str) -> tuple[list[tuple[str, Span]], set[str]]:
        """Every place of every word, and the expressions of which every clause is met."""
        lowered = _lower(text)
        matches = self._automaton.find_matches_as_indexes(lowered, overlapping=True)
        numbers = {match[0] for match in matches}
        clues = [self._clues[number] for number in numbers]
        clues.extend(self._single_clues[at] for at in self._singles_in(lowered))
        words: list[tuple[str, Span]] = []
        if not self._word_numbers.isdisjoint(numbers):
            words = [
                (word, Span(start, end))
                for number, start, end in matches
                for word in self._clues[number].words
            ]
        for char, word in self._single_words:
            if char in lowered:
                places = (at for at, other in enumerate(lowered) if other == char)
                words.extend((word, Span(at, at + 1)) for at in places)
        return words, self._possible(clues)

    def _singles_in(self, lowered: str) -> list[int]:
        """Which of the single characters occur, by their numbers."""
        if not self._single_clues:
            return []
        present = np.zeros(int(self._single_codes[-1]) + 1, dtype=np.bool_)
        codes = np.frombuffer(lowered.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        present[codes[codes < len(present)]] = True
        found: list[int] = np.flatnonzero(present[self._single_codes]).tolist()
        return found

    def _possible(self, clues: Iterable[Clue]) -> set[str]:
        met = 0
        due: list[tuple[str, int]] = []
        for clue in clues:
            met |= clue.bits
            due += clue.keyed
        unmet = ~met
        return {*self._always, *(text for text, needed in due if not needed & unmet)}


def _lower(text: str) -> str:
    """Lower case of the same length; the few letters that would grow stay as they are."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char if len(char.lower()) > 1 else char.lower() for char in text)
