"""Looking again where something letter-like is left after the first look.

Pale lines and small print escape the first look. What is left over, lines already found apart, is
looked at once more, larger and with raised contrast; where nothing is left that costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from adscan.ocr.recognisers.contrast import Mask, letter_like, raised_contrast
from adscan.ocr.recognisers.scaling import scaled
from adscan.ocr.recognisers.text_boxes import TextBox, find_boxes
from adscan.ocr.recognisers.tiling import text_map
from adscan.records.ad import Pixels

_READABLE = 8.0  # px at the first look: boxes of smaller letters may be wrong, and are checked
_PLAIN = 0.75  # boxes of plain text score above 0.8, those of pale text often break, below 0.7
_LARGER = 4.0  # at most, against the first look: huge posters have print of 0.5 % of their height
_AFFORDABLE_PIXELS = 600_000  # looked at again in one picture, or
_AFFORDABLE_SHARE = 0.25  # of its own pixels if that is more; beyond, less enlarged
_SAME = 0.5  # share of a box covered by others from which it is the same line


def look_again(
    picture: Pixels,
    first: Pixels,
    scale: float,
    found: Sequence[TextBox],
    look: Callable[[Pixels], NDArray[np.float32]],
) -> list[TextBox]:
    """The boxes found, those of tiny letters replaced, and those only seen now.

    `first` is the BGR `picture` at the `scale` of the first look, which found `found`.
    """
    sure = [box for box in found if _is_plain(box, scale)]
    left = _left_over(letter_like(first), sure, scale)
    if not left.any():
        return list(found)
    again = _second_scale(scale, left, picture.shape[0] * picture.shape[1])
    raised = raised_contrast(first if again == scale else scaled(picture, again))
    size = raised.shape[1], raised.shape[0]
    wanted = cv2.resize(left, size, interpolation=cv2.INTER_NEAREST)
    seen = find_boxes(text_map(raised, look, wanted > 0), again, picture.shape[:2])
    new = [replace(box, faint=True) for box in seen if _covered(box, sure) < _SAME]
    unsure = [box for box in found if not _is_plain(box, scale)]
    return sure + [box for box in unsure if _covered_length(box, new) < _SAME] + new


def _is_plain(box: TextBox, scale: float) -> bool:
    """Whether the first look saw the line well enough."""
    return box.thickness * scale >= _READABLE and box.score >= _PLAIN


def _second_scale(scale: float, left: Mask, all_pixels: int) -> float:
    """Larger than the first, though never beyond the picture's own size or the work allowed."""
    rows, columns = left.any(axis=1), left.any(axis=0)
    work = int(np.count_nonzero(rows)) * int(np.count_nonzero(columns))
    most = max(_AFFORDABLE_PIXELS, _AFFORDABLE_SHARE * all_pixels)
    return max(scale, min(1.0, _LARGER * scale, scale * math.sqrt(most / work)))


def _left_over(marks: Mask, found: Sequence[TextBox], scale: float) -> Mask:
    """The marks outside the lines already found; crumbs no larger than a letter are dropped."""
    left = marks.copy()
    for box in found:
        grown = _grown(box.quad * scale, 0.4 * box.thickness * scale + 8)
        cv2.fillPoly(left, [grown.astype(np.int32)], [0])
    return cv2.morphologyEx(left, cv2.MORPH_OPEN, np.ones((7, 21), np.uint8)).astype(np.uint8)


def _grown(quad: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    """The quad with its corners pushed outwards by so many pixels either way."""
    centre = quad.mean(axis=0)
    grown: NDArray[np.float32] = quad + np.sign(quad - centre) * np.float32(by)
    return grown


def _covered(box: TextBox, others: Sequence[TextBox]) -> float:
    """Which share of the box's bounds lies in other boxes."""
    left, top, right, bottom = box.bounds
    area = 0.0
    for other in others:
        l2, t2, r2, b2 = other.bounds
        area += max(0.0, min(right, r2) - max(left, l2)) * max(0.0, min(bottom, b2) - max(top, t2))
    return area / max(1.0, (right - left) * (bottom - top))


def _covered_length(box: TextBox, others: Sequence[TextBox]) -> float:
    """Which share of the box's longer side runs beside other boxes: of tiny letters the first
    look gets the length right, the height hardly."""
    along, across = (0, 1) if box.width >= box.height else (1, 0)
    ends = box.bounds
    length = 0.0
    for other in others:
        theirs = other.bounds
        beside = min(ends[across + 2], theirs[across + 2]) - max(ends[across], theirs[across])
        if beside >= _SAME * min(box.thickness, other.thickness):
            shared = min(ends[along + 2], theirs[along + 2]) - max(ends[along], theirs[along])
            length += max(0.0, shared)
    return length / max(1.0, ends[along + 2] - ends[along])
