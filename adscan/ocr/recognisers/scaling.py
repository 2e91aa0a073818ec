"""At which size a picture is looked at."""

from __future__ import annotations

import math

import cv2

from adscan.records.ad import Pixels

_FIRST_LOOK_PIXELS = 600_000  # enough for all but small print, which gets a second look
_MAX_ENLARGEMENT = 2.0
_NARROWEST = 640  # px: a long picture's width at the first look


def first_scale(height: int, width: int) -> float:
    """The scale of the first look: about the same work for every ordinary picture."""
    scale = min(_MAX_ENLARGEMENT, math.sqrt(_FIRST_LOOK_PIXELS / (height * width)))
    return max(scale, min(1.0, _NARROWEST / min(height, width)))


def scaled(picture: Pixels, scale: float) -> Pixels:
    """The picture at a scale, smoothly."""
    if scale == 1.0:
        return picture
    height, width = picture.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, size, interpolation=way)  # type: ignore[return-value]
