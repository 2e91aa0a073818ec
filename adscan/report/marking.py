"""A part's text cut into runs, so that a page can mark words that overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from adscan.records.part import LineKind, Part
from adscan.records.text import Span

RANK = ("high", "medium", "low", "mention")  # gravest first; the gravest colours a run


@dataclass(frozen=True)
class Mark:
    """Words to mark in one part."""

    label: str
    key: str
    anchor: str
    style: str  # one of RANK
    span: Span


@dataclass(frozen=True)
class Run:
    """A stretch of text that is marked the same all through."""

    text: str
    marks: tuple[Mark, ...] = ()  # that cover it
    begins: tuple[Mark, ...] = ()  # that begin with it
    unsure: bool = False
    barcode: bool = False  # the run begins a decoded barcode

    @property
    def style(self) -> str:
        """The gravest style of its marks; empty for plain text."""
        return min((mark.style for mark in self.marks), key=RANK.index, default="")


def runs(part: Part, marks: Sequence[Mark]) -> Iterator[Run]:
    """The whole text of the part, in order, nothing left out."""
    unsure = [line.span for line in part.lines if line.unsure]
    codes = {line.span.start for line in part.lines if line.kind is LineKind.BARCODE}
    edges = {0, len(part.text)} | codes
    for span in (*unsure, *(mark.span for mark in marks)):
        edges |= {span.start, span.end}
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        here = Span(start, end)
        covering = tuple(mark for mark in marks if mark.span.overlaps(here))
        yield Run(
            text=here.of(part.text),
            marks=covering,
            begins=tuple(mark for mark in covering if mark.span.start == start),
            unsure=any(span.overlaps(here) for span in unsure),
            barcode=start in codes,
        )
