"""One ad's texts as the matchers see them: each word looked up once, expressions where they may be.

The cost grows with the text, not with the rulebook: one Aho-Corasick pass finds all phrases and
the fixed strings of all expressions; an expression whose strings do not all occur is never tried,
and one that may match is tried when a matcher first asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ahocorasick_rs
import re2

from adscan.records.circumstances import Circumstances
from adscan.records.hit import LabelSpan
from adscan.records.text import NormalText, Span


@dataclass(frozen=True, order=True)
class Place:
    """A span of one of the ad's texts."""

    text_index: int
    span: Span

    def overlaps(self, other: Place) -> bool:
        """Whether both lie in the same text and share a character."""
        return self.text_index == other.text_index and self.span.overlaps(other.span)


def compile_expression(expression: str) -> re2._Regexp:
    """The RE2 expression. Raises re2.error, whose text says what is wrong."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(expression, options)


@dataclass(frozen=True, slots=True)
class Clue:
    """What a string in the text tells."""

    bits: int  # the clauses it meets
    keyed: tuple[str, ...]  # the expressions whose key it is
    phrases: tuple[str, ...]  # the phrases it is


class Vocabulary:
    """All phrases and expressions of a rulebook, and the strings that show where to look.

    Of an expression's clauses the most telling one is its key: only when a string of the key
    occurs are the others asked about. Clauses met are kept as bits of one number, and single
    characters are looked up in the text's set of characters rather than in the automaton.
    """

    def __init__(
        self, phrases: Iterable[str], expressions: Mapping[str, Sequence[Iterable[str]]]
    ) -> None:
        """`expressions` come with the clauses of their fixed strings, the most telling first."""
        phrases_of: dict[str, list[str]] = {}  # as looked for, as written
        for phrase in sorted(set(phrases)):
            phrases_of.setdefault(phrase.lower(), []).append(phrase)
        keyed: dict[str, list[str]] = {}  # string to expressions whose key it is
        bits_of: dict[str, int] = {}  # string to the other clauses it meets
        self._needed: dict[str, int] = {}  # expression to its other clauses
        self._always = [text for text, clauses in expressions.items() if not clauses]
        numbers: dict[frozenset[str], int] = {}
        for expression, clauses in expressions.items():
            for key in clauses[0] if clauses else ():
                keyed.setdefault(key, []).append(expression)
            bits = [1 << numbers.setdefault(frozenset(c), len(numbers)) for c in clauses[1:]]
            self._needed[expression] = sum(set(bits))
        for clause, number in numbers.items():
            for text in clause:
                bits_of[text] = bits_of.get(text, 0) | 1 << number
        strings = {*phrases_of, *keyed, *bits_of}
        clues = {
            text: Clue(
                bits_of.get(text, 0), tuple(keyed.get(text, ())), tuple(phrases_of.get(text, ()))
            )
            for text in strings
        }
        self._single = {text: clue for text, clue in clues.items() if len(text) == 1}
        longer = sorted(strings - self._single.keys())
        self._clues = [clues[text] for text in longer]
        self._phrase_numbers = frozenset(n for n, text in enumerate(longer) if text in phrases_of)
        self._automaton = ahocorasick_rs.AhoCorasick(longer)
        self._compiled: dict[str, re2._Regexp] = {}

    def scan(
        self,
        texts: Sequence[NormalText],
        circumstances: Circumstances,
        labels: Sequence[LabelSpan] = (),
    ) -> Scene:
        """What may occur in these texts."""
        scene = Scene(tuple(texts), circumstances, tuple(labels), self)
        for index, text in enumerate(texts):
            lowered = _lower(text.masked)
            matches = self._automaton.find_matches_as_indexes(lowered, overlapping=True)
            numbers = {match[0] for match in matches}
            clues = [self._clues[number] for number in numbers]
            single = self._single.keys() & set(lowered)
            clues.extend(self._single[char] for char in single)
            scene.expect(self._possible(clues), index)
            if not self._phrase_numbers.isdisjoint(numbers):
                for number, start, end in matches:
                    for phrase in self._clues[number].phrases:
                        scene.add(phrase, Place(index, Span(start, end)))
            for char in single:
                for phrase in self._single[char].phrases:
                    for at in (at for at, other in enumerate(lowered) if other == char):
                        scene.add(phrase, Place(index, Span(at, at + 1)))
        return scene

    def _possible(self, clues: Iterable[Clue]) -> list[str]:
        """The expressions of which every clause is met."""
        met = 0
        due: set[str] = set(self._always)
        for clue in clues:
            met |= clue.bits
            if clue.keyed:
                due.update(clue.keyed)
        needed = self._needed
        return [text for text in due if not needed[text] & ~met]

    def find(self, expression: str, text: bytes) -> list[Span]:
        """The spans, in code points, of an expression in a UTF-8 text."""
        compiled = self._compiled.get(expression)
        if compiled is None:
            compiled = self._compiled[expression] = compile_expression(expression)
        return [
            Span(len(text[: match.start()].decode()), len(text[: match.end()].decode()))
            for match in compiled.finditer(text)
            if match.end() > match.start()
        ]


def _lower(text: str) -> str:
    """Lower case of the same length; the few letters that would grow stay as they are."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char if len(char.lower()) > 1 else char.lower() for char in text)


@dataclass
class Scene:
    """The places of phrases and expressions in one ad, found when asked for."""

    texts: tuple[NormalText, ...]
    circumstances: Circumstances
    labels: tuple[LabelSpan, ...]
    _vocabulary: Vocabulary
    _places: dict[str, list[Place]] = field(default_factory=dict)
    _expected: dict[str, list[int]] = field(default_factory=dict)
    _encoded: dict[int, bytes] = field(default_factory=dict)

    def add(self, phrase: str, place: Place) -> None:
        """Record that a phrase stands at `place`."""
        self._places.setdefault(phrase, []).append(place)

    def expect(self, expressions: Iterable[str], text_index: int) -> None:
        """Record that these expressions may match in a text."""
        for expression in expressions:
            self._expected.setdefault(expression, []).append(text_index)

    def possible(self) -> Iterable[str]:
        """Every phrase that occurs and every expression that may."""
        return {*self._places, *self._expected}

    def places(self, written: str) -> Sequence[Place]:
        """Where the phrase or expression stands; empty if nowhere."""
        places = self._places.get(written)
        if places is None:
            places = self._places[written] = [
                Place(index, span)
                for index in self._expected.get(written, ())
                for span in self._vocabulary.find(written, self._text(index))
            ]
        return places

    def _text(self, index: int) -> bytes:
        encoded = self._encoded.get(index)
        if encoded is None:
            encoded = self._encoded[index] = self.texts[index].masked.encode()
        return encoded

    def any_of(self, written: Iterable[str]) -> list[Place]:
        """All places of any of these, in order."""
        occurring = [t for t in written if t in self._expected or t in self._places]
        return sorted({place for text in occurring for place in self.places(text)})

    def is_hidden(self, place: Place) -> bool:
        """Whether a reader cannot see this place."""
        return self.texts[place.text_index].part_id in self.circumstances.hidden
