"""Pale text made plain: risk warnings are often light grey on white."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from adscan.records.ad import Pixels

Mask = NDArray[np.uint8]  # 255 where something is, 0 elsewhere; shape (height, width)

_CLIP = 4.0  # how far local contrast may be raised: 3 and 12 find the same lines of the test set
_FIELD = 128  # px: letters are raised against their own neighbourhood, not the whole picture
_PLAIN = 100  # of 255: a line whose pixels span less is stretched before it is read
_FAINTEST = 5  # of 255: paler strokes are the grain of compression
_DENSE = 0.2  # share of stroke pixels around a letter; a ruled line alone stays below


def raised_contrast(picture: Pixels) -> Pixels:
    """The BGR picture with its local contrast raised (CLAHE on lightness)."""
    lab = cv2.cvtColor(picture, cv2.COLOR_BGR2LAB)
    height, width = picture.shape[:2]
    fields = max(1, width // _FIELD), max(1, height // _FIELD)
    lab[:, :, 0] = cv2.createCLAHE(_CLIP, fields).apply(lab[:, :, 0])
    return cv2.cvtColor(lab, cv2.COLOR_LAB2BGR).astype(np.uint8, copy=False)


def stretched(line: Pixels) -> Pixels:
    """A pale line's picture over the full range from black to white; others as they are."""
    darkest, lightest = np.percentile(line, (1, 99))
    if lightest - darkest > _PLAIN:
        return line
    span = max(float(lightest - darkest), 4.0)  # below that there is only grain to stretch
    raised = (line.astype(np.float32) - darkest) * (255 / span)
    return np.asarray(raised.clip(0, 255), np.uint8)


def letter_like(picture: Pixels) -> Mask:
    """Where strokes stand as close as in letters, however pale."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.int16)
    strokes = np.zeros(grey.shape, np.uint8)
    strokes[:, 1:] |= (np.abs(np.diff(grey, axis=1)) > _FAINTEST).astype(np.uint8)
    strokes[1:] |= (np.abs(np.diff(grey, axis=0)) > _FAINTEST).astype(np.uint8)
    share = cv2.blur(strokes * 255, (31, 11))
    marks: Mask = np.zeros(grey.shape, np.uint8)
    marks[share > _DENSE * 255] = 255
    return marks
