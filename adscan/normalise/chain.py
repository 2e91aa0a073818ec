"""The normalising chain: a part's text into the text that rules are matched on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from adscan.normalise.masks import find_masks
from adscan.normalise.step import Step
from adscan.normalise.steps.disguises import Disguise, Disguises, replace
from adscan.normalise.steps.invisible import INVISIBLE
from adscan.normalise.steps.script import SCRIPT
from adscan.normalise.steps.width import WIDTH
from adscan.records.part import Part
from adscan.records.text import Mask, NormalText, OffsetMap, Reading, Span

# Width first: it makes blanks and characters out of forms the other two do not know.
STEPS: tuple[Step, ...] = (WIDTH, INVISIBLE, SCRIPT)


def unify(text: str) -> tuple[str, OffsetMap]:
    """The text in one script and width, visible only, with the way back to `text`."""
    offsets = OffsetMap.identity(len(text))
    for step in STEPS:
        text, step_offsets = step.apply(text)
        offsets = step_offsets.after(offsets)
    return text, offsets


class Normaliser:
    """Normalises parts for one rulebook's fixed words (simplified, half-width)."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)

    @cached_property
    def _disguises(self) -> Disguises:
        return Disguises(self._terms)

    def normalise(self, part: Part) -> NormalText:
        """The part's text as the rules read it; an unread part gives an empty text."""
        if not part.text:
            return NormalText(part.id, "", OffsetMap.identity(0))
        text, offsets = unify(part.text)
        masks = find_masks(text)
        disguises = self._disguises.find(text, [mask.span for mask in masks])
        if not disguises:
            return NormalText(part.id, text, offsets, masks=masks)
        new_text, new_offsets = replace(text, disguises)
        offsets = new_offsets.after(offsets)
        return NormalText(
            part.id,
            new_text,
            offsets,
            tuple(_readings(part.text, offsets, disguises, new_offsets)),
            tuple(Mask(_moved(mask.span, new_offsets), mask.kind) for mask in masks),
        )


def _readings(
    source: str, offsets: OffsetMap, disguises: Iterable[Disguise], new_offsets: OffsetMap
) -> Iterator[Reading]:
    """The disguises as facts, each with its characters in the part's text."""
    for disguise in disguises:
        span = _moved(disguise.span, new_offsets)
        written = offsets.to_source(span).of(source)
        yield Reading(span, written, disguise.term, disguise.tricks)


def _moved(span: Span, offsets: OffsetMap) -> Span:
    """Where a stretch of the text before a step stands after it."""
    return Span(bisect_left(offsets.starts, span.start), bisect_left(offsets.starts, span.end))
