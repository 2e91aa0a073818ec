"""Height and contrast of lines, measured when a rule asks for them.

Contrast is the ratio of WCAG 2.2 (relative luminance of sRGB, 1 to 21). The law fixes neither a
height nor a contrast; the numbers are facts for a person to weigh.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adscan.records.ad import Pixels, PrintRun, Sheet
from adscan.records.circumstances import LineLook, LineLooks
from adscan.records.part import Line, Part
from adscan.records.text import NormalText, Span

INK_SHARE = 0.08  # of a line's pixels that are surely letters: strokes cover 10 to 30 per cent
MIN_SIDE_PX = 2  # a crop below this shows nothing


@dataclass(frozen=True)
class NormalLooks:
    """The looks of an ad's lines, asked for by places of its normal texts."""

    lines: LineLooks
    texts: Mapping[str, NormalText]  # by part id

    def at(self, part_id: str, span: Span) -> list[LineLook]:
        """The looks of the lines over which a span of the part's NormalText runs."""
        source = self.texts[part_id].offsets.to_source(span)
        return [look for _, look in self.lines.over(part_id, source)]


@dataclass
class MeasuredLooks:
    """The looks of an ad's lines; keeps the pixels of the sheet last asked for."""

    sheets: Mapping[str, Sheet]
    parts: Mapping[str, Part]
    _held: tuple[str, Pixels] | None = field(default=None, init=False)

    @classmethod
    def of(cls, sheets: Sequence[Sheet], parts: Sequence[Part]) -> MeasuredLooks:
        """For one ad."""
        return cls({sheet.id: sheet for sheet in sheets}, {part.id: part for part in parts})

    def over(self, part_id: str, span: Span) -> list[tuple[Span, LineLook]]:
        """Lines and print runs that a span of the part's text touches, with their looks."""
        sheet = self.sheets[part_id]
        lines = [line for line in self.parts[part_id].lines if line.span.overlaps(span)]
        runs = [run for run in sheet.print_runs if run.span.overlaps(span)]
        looks = [(line.span, self._look(sheet, line)) for line in lines]
        looks += [(run.span, _styled(run)) for run in runs]
        return [(place, look) for place, look in looks if look is not None]

    def _look(self, sheet: Sheet, line: Line) -> LineLook | None:
        if not line.polygon or sheet.pixels is None:
            return None
        across = [point[0] for point in line.polygon]
        down = [point[1] for point in line.polygon]
        box = (min(across), min(down), max(across), max(down))
        side = min(box[2] - box[0], box[3] - box[1])
        return LineLook(side, lambda: contrast_of(self._crop(sheet, box)))

    def _crop(self, sheet: Sheet, box: tuple[float, float, float, float]) -> Pixels:
        if self._held is None or self._held[0] != sheet.id:
            assert sheet.pixels is not None
            self._held = (sheet.id, sheet.pixels())
        left, top, right, bottom = (max(round(edge / sheet.units_per_pixel), 0) for edge in box)
        return self._held[1][top:bottom, left:right]


def _styled(run: PrintRun) -> LineLook | None:
    if run.letters is None or run.ground is None:
        return None
    one, other = luminance(np.array([run.letters, run.ground]) * 255)
    return LineLook(run.height_px, lambda: _ratio(one, other))


def contrast_of(crop: Pixels) -> float:
    """The WCAG ratio of letters to ground in a crop of one line, shape (height, width, 3).

    The ground is what most pixels look like; the letters are the pixels farthest from it. A crop
    too small to show anything has no contrast: 1.
    """
    if min(crop.shape[:2]) < MIN_SIDE_PX:
        return 1.0
    light = luminance(crop).ravel()
    ground = float(np.median(light))
    count = max(int(light.size * INK_SHARE), 1)
    ink = float(np.median(light[np.argsort(np.abs(light - ground))[-count:]]))
    return _ratio(ground, ink)


def _ratio(one: float, other: float) -> float:
    return round((max(one, other) + 0.05) / (min(one, other) + 0.05), 2)


def luminance(pixels: NDArray[np.number[Any]]) -> NDArray[np.float64]:
    """Relative luminance, 0 to 1, of sRGB colours, each 0 to 255 in the last axis (WCAG 2.2)."""
    share = pixels.astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    weighted: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighted
