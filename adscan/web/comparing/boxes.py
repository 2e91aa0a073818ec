"""Boxes on pictures: where they lie, and which changes they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from adscan.records.ad import Pixels
from adscan.web.comparing.pictures import Box

Document = dict[str, Any]


def where(box: Box, pixels: Pixels | None, units: float) -> str:
    """左上, 中部, 右下 …; `units` of the box for one pixel."""
    if pixels is None:
        return "某处"
    height, width = pixels.shape[0] * units, pixels.shape[1] * units
    across = int(min(2, 3 * (box[0] + box[2]) / 2 / width))
    down = int(min(2, 3 * (box[1] + box[3]) / 2 / height))
    return (
        ("左上方", "上方", "右上方"), ("左侧", "中部", "右侧"), ("左下方", "下方", "右下方")
    )[down][across]  # fmt: skip


def lend(old: Box, new: Box, told: Sequence[Document]) -> bool:
    """Whether a change in words explains it; the side without words learns the place."""
    found = False
    for change in told:
        if any(overlap(old, place) for place in _places(change, "before_boxes")):
            found = True
            if not change["after"]:
                change["after_boxes"].append([round(edge, 1) for edge in new])
        elif any(overlap(new, place) for place in _places(change, "after_boxes")):
            found = True
            if not change["before"]:
                change["before_boxes"].append([round(edge, 1) for edge in old])
    return found


def _places(change: Document, side: str) -> Iterator[Box]:
    yield from (tuple(box) for box in list(change[side]))


def times(box: Box, factor: float) -> Box:
    """In other units."""
    left, top, right, bottom = box
    return left * factor, top * factor, right * factor, bottom * factor


def overlap(one: Box, two: Box) -> bool:
    """Whether they share any place."""
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
