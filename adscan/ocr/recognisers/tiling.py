"""One map of where text is for a picture of any size: tiles overlap, their maps are joined.

Lines are looked for in the joined map only, so a seam neither cuts nor doubles one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from adscan.records.ad import Pixels

TextMap = NDArray[np.uint8]  # likelihood of text x 255: a quarter of the memory of floats

_TILE = 1280  # px; larger tiles are no faster per pixel and take more memory
_MARGIN = 96  # px at each seam whose map is thrown away: the network sees too little there
_BORDER = 16  # px around the picture, so that text touching the edge has an outline
_STEP = 32  # the network halves its input five times


@dataclass(frozen=True)
class Tile:
    """A piece of a picture: what is looked at, and the inner part whose map counts."""

    top: int
    bottom: int
    left: int
    right: int
    keep_top: int
    keep_bottom: int
    keep_left: int
    keep_right: int


def plan_tiles(height: int, width: int) -> list[Tile]:
    """Tiles over a picture; their kept parts cover each pixel exactly once."""
    return [
        Tile(top, bottom, left, right, keep_top, keep_bottom, keep_left, keep_right)
        for top, bottom, keep_top, keep_bottom in _cuts(height)
        for left, right, keep_left, keep_right in _cuts(width)
    ]


def text_map(
    picture: Pixels,
    look: Callable[[Pixels], NDArray[np.float32]],
    wanted: NDArray[np.bool_] | None = None,
) -> TextMap:
    """The joined map of a picture; of each tile only the part that holds `wanted` pixels."""
    joined: TextMap = np.zeros(picture.shape[:2], np.uint8)
    for planned in plan_tiles(*picture.shape[:2]):
        tile = planned if wanted is None else _narrowed(planned, wanted)
        if tile is None:
            continue
        found = look(_framed(picture[tile.top : tile.bottom, tile.left : tile.right]))
        inner = found[
            tile.keep_top - tile.top + _BORDER : tile.keep_bottom - tile.top + _BORDER,
            tile.keep_left - tile.left + _BORDER : tile.keep_right - tile.left + _BORDER,
        ]
        kept = (inner * 255).astype(np.uint8)
        joined[tile.keep_top : tile.keep_bottom, tile.keep_left : tile.keep_right] = kept
    return joined


def _narrowed(tile: Tile, wanted: NDArray[np.bool_]) -> Tile | None:
    """The tile shrunk around the wanted pixels of its kept part, margin included."""
    inner = wanted[tile.keep_top : tile.keep_bottom, tile.keep_left : tile.keep_right]
    rows, columns = np.flatnonzero(inner.any(axis=1)), np.flatnonzero(inner.any(axis=0))
    if not len(rows):
        return None
    top, bottom = tile.keep_top + int(rows[0]), tile.keep_top + int(rows[-1]) + 1
    left, right = tile.keep_left + int(columns[0]), tile.keep_left + int(columns[-1]) + 1
    top, left = max(tile.top, top - _MARGIN), max(tile.left, left - _MARGIN)
    bottom, right = min(tile.bottom, bottom + _MARGIN), min(tile.right, right + _MARGIN)
    return Tile(
        top,
        bottom,
        left,
        right,
        max(top, tile.keep_top),
        min(bottom, tile.keep_bottom),
        max(left, tile.keep_left),
        min(right, tile.keep_right),
    )


def _cuts(length: int) -> Iterator[tuple[int, int, int, int]]:
    """Start, end, kept start, kept end along one side; equal pieces, overlapping by margins."""
    if length <= _TILE:
        yield 0, length, 0, length
        return
    count = -(-(length - 2 * _MARGIN) // (_TILE - 2 * _MARGIN))
    edges = [round(length * i / count) for i in range(count + 1)]
    for start, end in pairwise(edges):
        yield max(0, start - _MARGIN), min(length, end + _MARGIN), start, end


def _framed(piece: Pixels) -> Pixels:
    """The piece with a border of its own edge colour, up to the network's step."""
    height, width = piece.shape[:2]
    bottom = -(height + 2 * _BORDER) % _STEP + _BORDER
    right = -(width + 2 * _BORDER) % _STEP + _BORDER
    edge = np.concatenate([piece[0], piece[-1], piece[:, 0], piece[:, -1]])
    colour = [float(c) for c in np.median(edge, axis=0)]
    framed = cv2.copyMakeBorder(
        piece, _BORDER, bottom, _BORDER, right, cv2.BORDER_CONSTANT, value=colour
    )
    return framed.astype(np.uint8, copy=False)
