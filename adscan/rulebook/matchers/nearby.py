"""Several things close together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adscan.records.text import Span
from adscan.rulebook.matcher import Found, Matcher
from adscan.rulebook.scene import Place, Scene
from adscan.rulebook.schema import NearbyEntry

ENDS = {"sentence": "。！？；!?;\n", "paragraph": "\n", "part": ""}


@dataclass(frozen=True)
class NearbyMatcher(Matcher):
    """One expression out of each group, within so many characters and the same stretch."""

    entry: NearbyEntry
    default_confidence = 0.85

    def expressions(self) -> Iterable[str]:
        """All expressions of all groups."""
        return [text for group in self.entry.all for text in group]

    def terms(self) -> Iterable[str]:
        """The words named as terms."""
        return self.entry.terms

    def groups(self) -> Iterable[Iterable[str]]:
        """The groups."""
        return self.entry.all

    def find(self, scene: Scene) -> Iterator[Found]:
        """For each place of the first group, the span that takes in the nearest of the others."""
        groups: list[list[Place]] = []
        for group in self.entry.all:
            groups.append(scene.any_of(group))
            if not groups[-1]:
                return
        for anchor in groups[0]:
            span = self._reach(scene, anchor, groups[1:])
            if span is not None:
                whole = self.entry.mark == "all"
                yield Found(Place(anchor.text_index, span) if whole else anchor)

    def _reach(self, scene: Scene, anchor: Place, others: list[list[Place]]) -> Span | None:
        text = scene.texts[anchor.text_index].masked
        reached = anchor.span
        for group in others:
            nearest = min(
                (
                    place.span
                    for place in group
                    if place.text_index == anchor.text_index
                    and (not self.entry.ordered or place.span.start >= reached.end)
                    and together(text, anchor.span, place.span, self.entry.same, self.entry.within)
                ),
                key=lambda span: (abs(span.start - anchor.span.start), span),
                default=None,
            )
            if nearest is None:
                return None
            reached = Span(min(reached.start, nearest.start), max(reached.end, nearest.end))
        return reached if len(reached) <= self.entry.within else None


def together(text: str, one: Span, other: Span, same: str, within: int | None) -> bool:
    """Whether two spans share a sentence, paragraph or part, and at most `within` characters."""
    first, second = sorted((one, other))
    if within is not None and second.end - first.start > within:
        return False
    between = text[first.end : max(first.end, second.start)]
    return not any(end in between for end in ENDS[same])
