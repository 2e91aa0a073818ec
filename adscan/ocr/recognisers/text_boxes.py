"""From a map of where text is to boxes, one a line (the DB method of Liao et al., 2020)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from adscan.ocr.recognisers.tiling import TextMap

Quad = NDArray[np.float32]  # shape (4, 2): x, y, clockwise from the top left

_THRESHOLD = 0.2  # a pixel is text; this and the next two as published with PP-OCRv6
_BOX_THRESHOLD = 0.45  # a box is text, mean over its pixels
_UNCLIP = 1.4  # the map shows shrunken text; how far boxes are grown back
_SMALLEST = 3.0  # px of the map


@dataclass(frozen=True)
class TextBox:
    """Where a line is, in pixels of the original picture."""

    quad: Quad
    score: float  # how surely it is text
    faint: bool = False  # seen at the second look only

    @property
    def width(self) -> float:
        """Along the upper edge."""
        return float(np.linalg.norm(self.quad[1] - self.quad[0]))

    @property
    def height(self) -> float:
        """Along the left edge."""
        return float(np.linalg.norm(self.quad[3] - self.quad[0]))

    @property
    def thickness(self) -> float:
        """The shorter side: the height of the letters, near enough."""
        return min(self.width, self.height)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        left, top = self.quad.min(axis=0)
        right, bottom = self.quad.max(axis=0)
        return float(left), float(top), float(right), float(bottom)


def find_boxes(text_map: TextMap, scale: float, size: tuple[int, int]) -> list[TextBox]:
    """Boxes of a map that shows a picture of `size` (height, width) shrunk by `scale`."""
    mask = (text_map > _THRESHOLD * 255).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes = []
    for contour in contours:
        centre, sides, angle = cv2.minAreaRect(contour)
        if min(sides) < _SMALLEST:
            continue
        score = _mean_inside(
            text_map, np.asarray(cv2.boxPoints((centre, sides, angle)), np.float32)
        )
        if score < _BOX_THRESHOLD:
            continue
        grow = 2 * _UNCLIP * sides[0] * sides[1] / (2 * (sides[0] + sides[1]))
        grown = (centre, (sides[0] + grow, sides[1] + grow), angle)
        quad = _clockwise(np.asarray(cv2.boxPoints(grown), np.float32)) / scale
        quad[:, 0] = quad[:, 0].clip(0, size[1])
        quad[:, 1] = quad[:, 1].clip(0, size[0])
        boxes.append(TextBox(quad, score))
    return sorted(boxes, key=lambda box: (box.bounds[1], box.bounds[0]))


def _mean_inside(text_map: TextMap, corners: NDArray[np.float32]) -> float:
    """The mean likelihood inside a box of the map."""
    height, width = text_map.shape
    left, top = np.floor(corners.min(axis=0)).astype(int).clip(0, (width - 1, height - 1))
    right, bottom = np.ceil(corners.max(axis=0)).astype(int).clip(0, (width - 1, height - 1))
    inside = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    shifted = np.round(corners - (left, top)).astype(np.int32)
    cv2.fillPoly(inside, [shifted], [1])
    return float(cv2.mean(text_map[top : bottom + 1, left : right + 1], inside)[0]) / 255


def _clockwise(corners: NDArray[np.float32]) -> Quad:
    """The corners clockwise, the top left one first; lines lean less than 45 degrees."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.stack([left[0], right[0], right[1], left[1]])
