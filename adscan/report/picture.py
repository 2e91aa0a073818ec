"""Pictures of an advertisement for a page: shrunk, cut into strips, with numbered boxes on them."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from PIL import Image

from adscan.records.ad import Pixels
from adscan.records.part import Line, Polygon
from adscan.report.badges import Badge, Box, Rect, place_badges

MAX_WIDTH_PX = 1200  # small print of a 1080 px phone post stays as sharp as it was
STRIP_RATIO = 1.35  # height to width; a strip fits on an A4 page below its heading
WHOLE_RATIO = 1.9  # pictures up to this stay in one piece
WEBP_QUALITY = 78
LARGEST_BADGE = 0.021  # its radius by the width: 11 px in a column of 520 px, 7 px on a phone
SMALLEST_BADGE = 0.0145  # on dense pages, where a larger one would hide the words around
FINE_BOX = 0.024  # boxes lower than this share of the width get a thinner frame


@dataclass(frozen=True)
class Strip:
    """A full-width piece of the picture, with the boxes that touch it."""

    uri: str
    top: float
    height: float
    boxes: tuple[Box, ...]
    badges: tuple[Badge, ...]


@dataclass(frozen=True)
class Picture:
    """A picture in its own units, from top to bottom."""

    width: float
    height: float
    shrunk: bool  # an image shown smaller than it is; pages have no size of their own
    strips: tuple[Strip, ...]


def draw(
    pixels: Pixels, units_per_pixel: float, boxes: Sequence[Box], lines: Sequence[Line] = ()
) -> Picture:
    """The picture with its boxes. `lines` are not cut through where that can be helped."""
    height_px, width_px = pixels.shape[:2]
    width, height = width_px * units_per_pixel, height_px * units_per_pixel
    radius = _badge_radius(width, boxes)
    boxes = [replace(box, fine=_height(box) < width * FINE_BOX) for box in boxes]
    spans = [_rows(line.polygon, units_per_pixel) for line in lines if line.polygon]
    strips = []
    for top_px, bottom_px in _cuts(width_px, height_px, spans):
        top, bottom = top_px * units_per_pixel, bottom_px * units_per_pixel
        here = tuple(box for box in boxes if _touches(box.polygon, top, bottom))
        first = [box for box in here if top <= _top(box) < bottom or top == 0]
        area = Rect(0, top, width, bottom)
        near = [line.polygon for line in lines if _touches(line.polygon, top, bottom)]
        badges = tuple(place_badges(first, near, area, radius))
        uri = _data_uri(pixels[top_px:bottom_px])
        strips.append(Strip(uri, top, bottom - top, here, badges))
    shrunk = width_px > MAX_WIDTH_PX and units_per_pixel == 1
    return Picture(width, height, shrunk, tuple(strips))


def _badge_radius(width: float, boxes: Sequence[Box]) -> float:
    usual = median(map(_height, boxes)) if boxes else 0
    return _within(usual * 0.6, width * SMALLEST_BADGE, width * LARGEST_BADGE)


def _height(box: Box) -> float:
    return Rect.around(box.polygon).height


def _top(box: Box) -> float:
    return Rect.around(box.polygon).top


def _rows(polygon: Polygon, units_per_pixel: float) -> tuple[float, float]:
    rows = [y / units_per_pixel for _, y in polygon]
    return min(rows), max(rows)


def _cuts(
    width_px: int, height_px: int, spans: Sequence[tuple[float, float]]
) -> Iterator[tuple[int, int]]:
    if height_px <= width_px * WHOLE_RATIO:
        yield 0, height_px
        return
    top, step = 0, max(1, round(width_px * STRIP_RATIO))
    while height_px - top > step * 1.2:
        bottom = _between_lines(top + step, top + step * 3 // 4, spans)
        yield top, bottom
        top = bottom
    yield top, height_px


def _between_lines(wanted: int, least: int, spans: Sequence[tuple[float, float]]) -> int:
    """The lowest row from `wanted` up to `least` that crosses no line; else `wanted`."""
    row = wanted
    while row > least:
        crossed = [top for top, bottom in spans if top < row < bottom]
        if not crossed:
            return row
        row = int(min(crossed))
    return wanted


def _touches(polygon: Polygon, top: float, bottom: float) -> bool:
    rows = [y for _, y in polygon]
    return bool(rows) and min(rows) < bottom and max(rows) > top


def _within(value: float, low: float, high: float) -> float:
    return max(low, min(value, high))


def _data_uri(pixels: Pixels) -> str:
    image = Image.fromarray(pixels)
    if image.width > MAX_WIDTH_PX:
        height = max(1, round(image.height * MAX_WIDTH_PX / image.width))
        image = image.resize((MAX_WIDTH_PX, height), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    image.save(encoded, "WEBP", quality=WEBP_QUALITY, method=4)
    return f"data:image/webp;base64,{base64.b64encode(encoded.getvalue()).decode('ascii')}"
