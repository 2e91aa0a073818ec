"""One ad's texts as the matchers see them: each word looked up once, expressions where they may be.

The cost grows with the text, not with the rulebook: an expression whose fixed strings do not all
occur is never tried, and one that may match is tried when a matcher first asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from adscan.language.prefilter import Compiled, Prefilter
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


class Vocabulary:
    """All phrases and expressions of a rulebook."""

    def __init__(
        self, phrases: Iterable[str], expressions: Mapping[str, Sequence[Iterable[str]]]
    ) -> None:
        """`expressions` come with the clauses of their fixed strings, the most telling first."""
        self._prefilter = Prefilter(phrases, expressions)
        self._compiled = Compiled()

    def scan(
        self,
        texts: Sequence[NormalText],
        circumstances: Circumstances,
        labels: Sequence[LabelSpan] = (),
    ) -> Scene:
        """What may occur in these texts."""
        scene = Scene(tuple(texts), circumstances, tuple(labels), self._compiled)
        for index, text in enumerate(texts):
            phrases, expressions = self._prefilter.scan(text.masked)
            scene.expect(expressions, index)
            for phrase, span in phrases:
                scene.add(phrase, Place(index, span))
        return scene


@dataclass
class Scene:
    """The places of phrases and expressions in one ad, found when asked for."""

    texts: tuple[NormalText, ...]
    circumstances: Circumstances
    labels: tuple[LabelSpan, ...]
    _compiled: Compiled
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
                for span in self._compiled.find(written, self._text(index))
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
