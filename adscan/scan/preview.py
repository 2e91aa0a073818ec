"""A small picture of an ad for reports on whole archives, the words at fault framed."""

from __future__ import annotations

import io
from collections import Counter

from PIL import Image, ImageDraw

from adscan.records.ad import Pixels
from adscan.records.part import Polygon
from adscan.records.review import Review

WIDTH_PX = 480
TALLEST = 1.5  # height to width; of a longer picture the stretch around the first words is shown
QUALITY = 70  # about 20 kB
FRAME = (200, 16, 46)
FRAME_PX = 3


def most_marked(review: Review) -> str | None:
    """The part in which most words at fault have a place in the picture; None if none has."""
    counted = Counter(
        evidence.part
        for finding in review.findings
        for evidence in finding.evidence
        if evidence.polygon
    )
    return max(sorted(counted), key=lambda part: counted[part], default=None)


def draw_preview(pixels: Pixels, units_per_pixel: float, review: Review, part: str) -> bytes:
    """JPEG bytes. Polygons of the review are in the part's units."""
    boxes = [
        _box(evidence.polygon, units_per_pixel)
        for finding in review.findings
        for evidence in finding.evidence
        if evidence.part == part and evidence.polygon
    ]
    image = Image.fromarray(pixels)
    top, bottom = _stretch(image.width, image.height, boxes[0][1])
    scale = min(1.0, WIDTH_PX / image.width)
    size = (max(1, round(image.width * scale)), max(1, round((bottom - top) * scale)))
    shown = image.resize(size, Image.Resampling.LANCZOS, box=(0, top, image.width, bottom))
    pen = ImageDraw.Draw(shown)
    for left, high, right, low in boxes:
        corners = (left * scale, (high - top) * scale, right * scale, (low - top) * scale)
        pen.rectangle(corners, outline=FRAME, width=FRAME_PX)
    file = io.BytesIO()
    shown.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _box(polygon: Polygon, units_per_pixel: float) -> tuple[float, float, float, float]:
    across = [x / units_per_pixel for x, _ in polygon]
    down = [y / units_per_pixel for _, y in polygon]
    return min(across), min(down), max(across), max(down)


def _stretch(width: int, height: int, first: float) -> tuple[int, int]:
    """Rows to show, so that the first words stand in the upper third."""
    shown = min(height, round(width * TALLEST))
    top = min(max(0, round(first - shown / 3)), height - shown)
    return top, top + shown
