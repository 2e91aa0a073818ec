"""Telling a picture that can hold no text from one whose text was not read."""

from __future__ import annotations

import numpy as np

from adscan.records.ad import Pixels

_FAINTEST_EDGE = 6  # of 255: letters paler than this against their ground are not to be seen
_TINIEST = 24  # px: a picture no larger either way (tracking pixel, bullet) holds no sentence
_ROWS = 512  # looked at at once


def is_blank(image: Pixels) -> bool:
    """Whether no letter can stand in the picture: it is tiny, or has no edge anywhere."""
    if max(image.shape[:2]) <= _TINIEST:
        return True
    return not any(
        _has_edge(image[top : top + _ROWS + 1]) for top in range(0, image.shape[0], _ROWS)
    )


def _has_edge(strip: Pixels) -> bool:
    """Whether two neighbouring pixels differ enough to be seen."""
    levels = strip.astype(np.int16)
    return any(bool(np.any(np.abs(np.diff(levels, axis=axis)) > _FAINTEST_EDGE)) for axis in (0, 1))
