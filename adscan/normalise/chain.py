"""The normalising chain: a part's text into the text that rules are matched on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace as replace_record
from functools import cached_property

from adscan.normalise.line_breaks import unwrap
from adscan.normalise.masks import find_masks
from adscan.normalise.step import Step
from adscan.normalise.steps.disguises import Disguise, Disguises, replace
from adscan.normalise.steps.invisible import INVISIBLE
from adscan.normalise.steps.script import SCRIPT
from adscan.normalise.steps.width import WIDTH
from adscan.records.part import Part
from adscan.records.text import Mask, NormalText, OffsetMap, Reading, Span, Trick

# Width first: it makes blanks and characters out of forms the other two do not know.
STEPS: tuple[Step, ...] = (WIDTH, INVISIBLE, SCRIPT)

# Undoing one disguise can show another: 宝本保吸 → 保本保吸 → 保本保息.
_MAX_PASSES = 4


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
        joined, line_offsets = unwrap(part)
        text, offsets = unify(joined)
        offsets = offsets.after(line_offsets)
        masks = find_masks(text)
        disguises: list[Disguise] = []
        for _ in range(_MAX_PASSES):
            found = self._disguises.find(text, [mask.span for mask in masks])
            if not found:
                break
            text, step = replace(text, found)
            offsets = step.after(offsets)
            masks = tuple(Mask(_moved(mask.span, step), mask.kind) for mask in masks)
            disguises = _merged(disguises, found, step)
        readings = (
            Reading(d.span, offsets.to_source(d.span).of(part.text), d.term, d.tricks)
            for d in disguises
            if d.tricks
        )
        return NormalText(part.id, text, offsets, tuple(readings), masks)


def _merged(earlier: list[Disguise], found: list[Disguise], step: OffsetMap) -> list[Disguise]:
    """All disguises where they stand now; one that became part of a longer one adds its tricks."""
    kept: list[Disguise] = []
    merged = [replace_record(d, span=_moved(d.span, step)) for d in found]
    starts = [d.span.start for d in merged]
    for old in earlier:
        span = _moved(old.span, step)
        at = bisect_right(starts, span.start) - 1
        if at >= 0 and merged[at].span.covers(span):
            used = {*merged[at].tricks, *old.tricks}
            merged[at] = replace_record(merged[at], tricks=tuple(t for t in Trick if t in used))
        else:
            kept.append(replace_record(old, span=span))
    return sorted([*merged, *kept], key=lambda d: d.span)


def _moved(span: Span, offsets: OffsetMap) -> Span:
    """Where a stretch of the text before a step stands after it."""
    return Span(bisect_left(offsets.starts, span.start), bisect_left(offsets.starts, span.end))
