"""A part on the workbench: numbered boxes over its picture, marks on its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from adscan.records.part import Line, Part, Polygon
from adscan.records.review import Evidence
from adscan.records.text import Span
from adscan.report.badges import Badge, Box, Rect, place_badges
from adscan.report.marking import RANK, Mark, Run, runs
from adscan.report.picture import FINE_BOX, LARGEST_BADGE, SMALLEST_BADGE
from adscan.report.places import part_name

COMMENT = "comment"  # the style of what a comment is pinned to
STYLES = (*RANK, COMMENT)  # gravest first
BAND_RATIO = 1.35  # height to width: numbers are placed band by band, or long posts take long


@dataclass(frozen=True)
class Spot:
    """A place of a finding, a mention or a comment in one part."""

    label: str
    key: str
    anchor: str
    style: str
    title: str
    place: Evidence

    @property
    def span(self) -> Span:
        """Its words; empty where a box was drawn around none."""
        return Span(self.place.start, max(self.place.start, self.place.end))


@dataclass(frozen=True)
class PartPicture:
    """Boxes and numbers on a picture of this size."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    badges: tuple[Badge, ...]


@dataclass(frozen=True)
class MarkedRun:
    """A stretch of a part's text that is marked alike."""

    run: Run
    start: int  # code points of the part's text
    style: str  # one of STYLES, or empty
    keys: str  # of all marks on it, with blanks between


@dataclass(frozen=True)
class PartView:
    """One part: its picture if it has one, and its marked words."""

    part: Part
    name: str
    runs: tuple[MarkedRun, ...]
    picture: PartPicture | None


def part_view(
    part: Part, parts: tuple[Part, ...], spots: Sequence[Spot], picture: dict[str, Any] | None
) -> PartView:
    """The part with those spots that lie in it. `picture`: its size in the part's units."""
    here = [spot for spot in spots if spot.place.part == part.id]
    drawn = draw(picture["width"], picture["height"], here, part.lines) if picture else None
    marks = [
        Mark(spot.label, spot.key, spot.anchor, spot.style, spot.span)
        for spot in here
        if len(spot.span)
    ]
    return PartView(part, part_name(part.id, parts), tuple(_runs(part, marks)), drawn)


def draw(width: float, height: float, spots: Sequence[Spot], lines: Sequence[Line]) -> PartPicture:
    """The boxes of all spots that have a place on the picture, with their numbers beside them."""
    boxes = [_box(spot, width) for spot in spots if spot.place.polygon]
    heights = [Rect.around(box.polygon).height for box in boxes]
    usual = median(heights) * 0.6 if heights else 0.0
    radius = max(width * SMALLEST_BADGE, min(usual, width * LARGEST_BADGE))
    letters = [line.polygon for line in lines if line.polygon]
    badges = _badges(boxes, letters, Rect(0, 0, width, height), radius)
    return PartPicture(width, height, tuple(boxes), tuple(badges))


def _box(spot: Spot, width: float) -> Box:
    fine = Rect.around(spot.place.polygon).height < width * FINE_BOX
    told = f"{spot.label} {spot.title}"
    return Box(spot.label, spot.key, spot.anchor, spot.style, spot.place.polygon, told, fine)


def _badges(
    boxes: Sequence[Box], letters: Sequence[Polygon], area: Rect, radius: float
) -> Iterator[Badge]:
    step = max(1.0, (area.right - area.left) * BAND_RATIO)
    top = area.top
    while top < area.bottom:
        bottom = top + step
        here = [box for box in boxes if top <= _top(box.polygon, area) < bottom]
        near = [line for line in letters if _top(line, area) < bottom and _low(line) > top]
        yield from place_badges(here, near, area, radius)
        top = bottom


def _top(polygon: Polygon, area: Rect) -> float:
    """Its upper edge; inside the picture even for a box drawn beyond it."""
    return min(max(min(y for _, y in polygon), area.top), area.bottom - 1e-6)


def _low(polygon: Polygon) -> float:
    return max(y for _, y in polygon)


def _runs(part: Part, marks: Sequence[Mark]) -> Iterator[MarkedRun]:
    at = 0
    for run in runs(part, marks):
        styles = [mark.style for mark in run.marks]
        keys = dict.fromkeys(mark.key for mark in run.marks)
        yield MarkedRun(run, at, min(styles, key=STYLES.index, default=""), " ".join(keys))
        at += len(run.text)
