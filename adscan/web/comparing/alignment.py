"""How one picture lies on another: rescaled, cropped, moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from adscan.records.ad import Pixels

Matrix = NDArray[np.float64]  # 2 x 3: from pixels of after to pixels of before

MOST_FEATURES = 4_000
FEATURE_SIDE_PX = 1_200  # pictures are shrunk to this before features are sought
NEAREST = 0.75  # Lowe's ratio (IJCV 2004)
FEWEST_INLIERS = 12
FURTHEST_SCALE = 6.0
STRETCH = 1.25  # how much more one direction may be scaled than the other


@dataclass(frozen=True)
class Alignment:
    """`matrix` takes a place in after to its place in before."""

    matrix: Matrix

    @property
    def scale(self) -> float:
        """Pixels of before for one of after."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))

    def inverse(self) -> Matrix:
        """From before to after."""
        return np.asarray(cv2.invertAffineTransform(self.matrix), np.float64)


def candidates(before: Pixels, after: Pixels) -> Iterator[Alignment]:
    """Ways in which they may lie on each other, likeliest first: just rescaled; by features."""
    (height, width), (other_height, other_width) = before.shape[:2], after.shape[:2]
    across, down = width / other_width, height / other_height
    if 1 / STRETCH < across / down < STRETCH:
        # Pixel centres, not corners, lie on each other.
        shift = [across / 2 - 0.5, down / 2 - 0.5]
        yield Alignment(np.array([[across, 0, shift[0]], [0, down, shift[1]]], np.float64))
    found = _by_features(before, after)
    if found is not None:
        yield Alignment(found)


def _by_features(before: Pixels, after: Pixels) -> Matrix | None:
    one, two = _features(before), _features(after)
    if one is None or two is None:
        return None
    (places, words), (other_places, other_words) = one, two
    matches = cv2.BFMatcher(cv2.NORM_L2).knnMatch(other_words, words, k=2)
    good = [m[0] for m in matches if len(m) == 2 and m[0].distance < NEAREST * m[1].distance]
    if len(good) < FEWEST_INLIERS:
        return None
    source = np.array([other_places[m.queryIdx] for m in good], np.float32)
    target = np.array([places[m.trainIdx] for m in good], np.float32)
    estimate, inliers = cv2.estimateAffine2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=3.0, maxIters=3000,
        confidence=0.999,
    )  # fmt: skip
    if estimate is None or int(inliers.sum()) < FEWEST_INLIERS:
        return None
    matrix = np.asarray(estimate, np.float64)
    return matrix if _is_plausible(matrix) else None


def _features(pixels: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Places in pixels of the picture, and what they look like."""
    scale = min(1.0, FEATURE_SIDE_PX / max(pixels.shape[:2]))
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    everywhere = np.full(grey.shape, 255, np.uint8)
    points, words = cv2.SIFT.create(nfeatures=MOST_FEATURES).detectAndCompute(grey, everywhere)
    if words is None or len(points) < FEWEST_INLIERS:
        return None
    places = np.array([point.pt for point in points], np.float32)
    return (places + 0.5) / scale - 0.5, np.asarray(words, np.float32)


def _is_plausible(matrix: Matrix) -> bool:
    """Scaled and moved, hardly turned: a published picture is not photographed askew."""
    (a, b), (c, d) = matrix[:, :2].tolist()
    if a <= 0 or d <= 0 or abs(b) > 0.05 * a or abs(c) > 0.05 * d:
        return False
    return bool(1 / FURTHEST_SCALE < a < FURTHEST_SCALE and 1 / STRETCH < a / d < STRETCH)
