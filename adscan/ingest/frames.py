"""Which frames of an animation are worth reading: those that look different."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Frames are compared small, cell by cell: a slogan of one line changes its own cells by far more
# than this, compression noise by less (our own GIF and WebP banners: 40 and more against 9).
_LONGEST_SIDE_PX = 512
_CELL_PX = 8
_MIN_CHANGE = 16.0  # mean of a cell, of 255
_BLANK_SPREAD = 3.0  # standard deviation of a picture without content

Small = NDArray[np.float32]


class DistinctFrames:
    """Collects frames that differ from all kept so far; the last one is looked at more closely."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, Small, bool]] = []

    def look(self, index: int, image: Image.Image, *, is_last: bool = False) -> None:
        """Keep the frame if it shows something new."""
        small = _small(image)
        least = _MIN_CHANGE / 2 if is_last else _MIN_CHANGE  # an end state that faded in
        if all(_change(small, other) >= least for _, other, _ in self._kept):
            self._kept.append((index, _cells(small), _is_blank(small)))

    def kept(self) -> tuple[int, ...]:
        """Indexes of the frames to read; blank ones only if there is nothing else."""
        shown = tuple(index for index, _, blank in self._kept if not blank)
        return shown or (self._kept[0][0],)


def _small(image: Image.Image) -> Small:
    copy = image.copy()
    copy.thumbnail((_LONGEST_SIDE_PX, _LONGEST_SIDE_PX), Image.Resampling.BOX)
    return np.asarray(copy, dtype=np.float32)


def _cells(small: Small) -> Small:
    """Means of cells; the rim that fills no cell is repeated to fill one."""
    height, width = small.shape[:2]
    padded = np.pad(small, ((0, -height % _CELL_PX), (0, -width % _CELL_PX), (0, 0)), mode="edge")
    rows, columns = padded.shape[0] // _CELL_PX, padded.shape[1] // _CELL_PX
    cells: Small = padded.reshape(rows, _CELL_PX, columns, _CELL_PX, 3).mean(axis=(1, 3))
    return cells


def _change(small: Small, kept: Small) -> float:
    cells = _cells(small)
    if cells.shape != kept.shape:
        return 255.0
    return float(np.abs(cells - kept).max())


def _is_blank(small: Small) -> bool:
    return float(small.std(axis=(0, 1)).max()) < _BLANK_SPREAD
