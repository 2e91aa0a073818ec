"""One ad's texts as the matchers see them: every fixed word and expression looked up once.

The cost grows with the text: one Aho-Corasick pass finds all phrases, one pass of RE2's filter says
which expressions can occur at all, and only those are tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """All phrases and expressions of a rulebook, compiled once."""

    def __init__(self, phrases: Iterable[str], expressions: Iterable[str]) -> None:
        self._phrases = sorted(set(phrases))
        self._expressions = sorted(set(expressions))
        self._automaton = ahocorasick_rs.AhoCorasick(self._phrases)
        self._filter = re2.Filter()
        for text in self._expressions:
            self._filter.Add(text)
        if self._expressions:
            self._filter.Compile()

    def scan(
        self,
        texts: Sequence[NormalText],
        circumstances: Circumstances,
        labels: Sequence[LabelSpan] = (),
    ) -> Scene:
        """What occurs in these texts."""
        scene = Scene(tuple(texts), circumstances, tuple(labels))
        for index, text in enumerate(texts):
            for word, start, end in self._automaton.find_matches_as_indexes(
                text.masked, overlapping=True
            ):
                scene.add(self._phrases[word], Place(index, Span(start, end)))
            for number in self._possible(text.masked):
                for match in self._filter.re(number).finditer(text.masked):
                    if match.end() > match.start():
                        scene.add(self._expressions[number], Place(index, Span(*match.span())))
        return scene

    def _possible(self, text: str) -> Iterable[int]:
        """Numbers of the expressions whose fixed characters all occur in `text`."""
        if not self._expressions:
            return ()
        return self._filter.Match(text, True) or ()


@dataclass(frozen=True)
class Scene:
    """The places of every phrase and expression in one ad."""

    texts: tuple[NormalText, ...]
    circumstances: Circumstances
    labels: tuple[LabelSpan, ...]
    _places: dict[str, list[Place]] = field(default_factory=dict)

    def add(self, written: str, place: Place) -> None:
        """Record that `written` (a phrase or an expression) stands at `place`."""
        self._places.setdefault(written, []).append(place)

    def places(self, written: str) -> Sequence[Place]:
        """Where the phrase or expression stands; empty if nowhere."""
        return self._places.get(written, ())

    def any_of(self, written: Iterable[str]) -> list[Place]:
        """All places of any of these, in order."""
        return sorted({place for text in written for place in self.places(text)})

    def is_hidden(self, place: Place) -> bool:
        """Whether a reader cannot see this place."""
        return self.texts[place.text_index].part_id in self.circumstances.hidden
