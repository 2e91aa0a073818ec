"""A line's own picture, cut from the full one: upright, left to right, of readable size."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from adscan.ocr.recognisers.contrast import stretched
from adscan.ocr.recognisers.scaling import scaled
from adscan.ocr.recognisers.text_boxes import Quad, TextBox
from adscan.records.ad import Pixels

_LONGER = 0.2  # of the letter height at both ends: boxes tend to end inside a stop or a 一
READ_HEIGHT = 48  # px: what the recogniser shrinks or enlarges every line to
LONGEST = 40  # width to height: the recogniser squeezes what is longer than 66
TALL = 1.5  # height to width from which a box holds a column rather than a line


def is_tall(box: TextBox) -> bool:
    """Whether the box stands upright: a vertical column, or a line turned by a quarter."""
    return box.height >= TALL * box.width


def upright_line(picture: Pixels, box: TextBox) -> Pixels:
    """A box's pixels as a line from left to right; columns lie on their left side.

    The recogniser has learnt columns lying so.
    """
    line = stretched(_cut(picture, _lengthened(box, picture.shape[:2])))
    return turned(line, 1) if is_tall(box) else line


def pieces_of(line: Pixels) -> list[Pixels]:
    """A very long line in pieces, cut where there is least ink; others whole."""
    height, width = line.shape[:2]
    count = -(-width // (LONGEST * height))
    ink = line.astype(np.float32).std(axis=(0, 2))
    ink = np.convolve(ink, np.ones(max(1, height // 5)), "same")  # a gap, not a hole in a letter
    cuts = [0]
    for i in range(1, count):
        about = width * i // count
        near = ink[max(cuts[-1] + 1, about - height) : about + height]
        cuts.append(max(cuts[-1] + 1, about - height) + int(near.argmin()))
    return [line[:, start:end] for start, end in pairwise([*cuts, width])]


def turned(line: Pixels, quarters: int) -> Pixels:
    """The line's picture turned anticlockwise by quarters."""
    return np.ascontiguousarray(np.rot90(line, quarters))


def _lengthened(box: TextBox, size: tuple[int, int]) -> Quad:
    """The box's corners, both ends a little further out, inside the picture."""
    quad = box.quad.copy()
    along = quad[3] - quad[0] if is_tall(box) else quad[1] - quad[0]
    step = along / max(1.0, float(np.linalg.norm(along))) * _LONGER * box.thickness
    start, end = ([0, 1], [3, 2]) if is_tall(box) else ([0, 3], [1, 2])
    quad[start] -= step
    quad[end] += step
    return quad.clip(0, (size[1], size[0])).astype(np.float32)


def _cut(picture: Pixels, quad: Quad) -> Pixels:
    """The pixels of a quad, straightened; a huge line shrunk smoothly to what the reader sees.

    The recogniser itself shrinks by skipping pixels, which eats thin strokes.
    """
    width = max(1, round(float(np.linalg.norm(quad[1] - quad[0]))))
    height = max(1, round(float(np.linalg.norm(quad[3] - quad[0]))))
    piece, corners = _around(picture, quad)
    shrink = min(1.0, 2 * READ_HEIGHT / min(width, height))
    if shrink < 0.5:
        piece = scaled(piece, shrink)
        corners, width, height = corners * shrink, round(width * shrink), round(height * shrink)
    width, height = max(1, width), max(1, height)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    line = cv2.warpPerspective(
        piece, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return line.astype(np.uint8, copy=False)


def _around(picture: Pixels, quad: Quad) -> tuple[Pixels, Quad]:
    """The upright piece of the picture that holds the quad, and the quad's corners in it."""
    height, width = picture.shape[:2]
    left, top = np.floor(quad.min(axis=0)).astype(int).clip(0, (width - 1, height - 1))
    right, bottom = np.ceil(quad.max(axis=0)).astype(int) + 1
    return picture[top:bottom, left:right], quad - np.array([left, top], np.float32)
