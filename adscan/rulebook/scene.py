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


class Vocabulary:
    """All phrases and expressions of a rulebook, and the strings that show where to look."""

    def __init__(
        self, phrases: Iterable[str], expressions: Mapping[str, Sequence[Iterable[str]]]
    ) -> None:
        """`expressions` come with the clauses of their fixed strings."""
        self._phrases: dict[str, list[str]] = {}  # as looked for, as written
        for phrase in sorted(set(phrases)):
            self._phrases.setdefault(phrase.lower(), []).append(phrase)
        self._clauses: dict[str, list[tuple[str, int]]] = {}  # string to expression and clause
        self._wanted: dict[str, int] = {}  # clauses of each expression
        self._always: list[str] = []
        for expression, clauses in expressions.items():
            self._wanted[expression] = len(clauses)
            if not clauses:
                self._always.append(expression)
            for number, clause in enumerate(clauses):
                for text in clause:
                    self._clauses.setdefault(text, []).append((expression, number))
        self._strings = sorted({*self._phrases, *self._clauses})
        self._automaton = ahocorasick_rs.AhoCorasick(self._strings)
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
            seen: set[str] = set()
            for number, start, end in self._automaton.find_matches_as_indexes(
                _lower(text.masked), overlapping=True
            ):
                string = self._strings[number]
                seen.add(string)
                for phrase in self._phrases.get(string, ()):
                    scene.add(phrase, Place(index, Span(start, end)))
            scene.expect(self._possible(seen), index)
        return scene

    def _possible(self, seen: Iterable[str]) -> list[str]:
        """The expressions of which every clause has a string among those seen."""
        met = {place for string in seen for place in self._clauses.get(string, ())}
        counts: dict[str, int] = {}
        for expression, _ in met:
            counts[expression] = counts.get(expression, 0) + 1
        wanted = self._wanted
        return [*self._always, *(text for text, n in counts.items() if n == wanted[text])]

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
        return sorted({place for text in written for place in self.places(text)})

    def is_hidden(self, place: Place) -> bool:
        """Whether a reader cannot see this place."""
        return self.texts[place.text_index].part_id in self.circumstances.hidden
