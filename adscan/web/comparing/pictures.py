"""Where two pictures of what should be the same ad differ.

They are laid on each other, brought to the coarser one's sharpness, and compared pixel by pixel
with a tolerance of one pixel's shift and of what JPEG does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from adscan.records.ad import Pixels
from adscan.web.comparing.alignment import Alignment, Matrix, candidates

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels

MOST_PX = 3_000_000  # pictures are compared at no more than this
# Levels of 255 beyond what rescaling and JPEG at 60 do to posters (tests/web/comparing).
THRESHOLD = 28.0
COLOUR_THRESHOLD = 14.0
LEAST_PX = 6  # pixels over the threshold in one place; single ones are noise
LEAST_SIDE = 0.004  # of the longer side, or 3 px: smaller places are noise
TRIM = 0.008  # of a side; so much may be cut off an edge without being a change
TOO_DIFFERENT = 0.45  # share of the ad's ink that differs: it is not the same picture


class Sameness(str, Enum):
    """Of two pictures."""

    SAME = "same"
    CHANGED = "changed"  # in the boxes
    DIFFERENT = "different"  # another picture altogether


@dataclass(frozen=True)
class Difference:
    """A place that is not as it was; in pixels of either picture. None: that side lacks it."""

    before: Box | None
    after: Box | None


@dataclass(frozen=True)
class PictureDifference:
    """All differences; none if `sameness` is `same` or `different`."""

    sameness: Sameness
    differences: tuple[Difference, ...] = ()
    alignment: Alignment | None = None


@dataclass(frozen=True)
class _Laid:
    """Both pictures in one frame: before's, shrunk by `scale`."""

    before: Pixels
    after: Pixels
    covered: Mask  # where after has pixels
    alignment: Alignment
    scale: float


def compare_pictures(before: Pixels, after: Pixels) -> PictureDifference:
    """`before` and `after` are RGB uint8, shape (height, width, 3), each of its own size."""
    if before.shape == after.shape and np.array_equal(before, after):
        return PictureDifference(Sameness.SAME)
    best: tuple[float, _Laid, Mask] | None = None
    for alignment in candidates(before, after):
        laid = _lay(before, after, alignment)
        mask = _differing(laid)
        share = _share_of_ink(laid, mask)
        if best is None or share < best[0]:
            best = (share, laid, mask)
        if not mask.any():
            break
    if best is None or best[0] > TOO_DIFFERENT:
        return PictureDifference(Sameness.DIFFERENT)
    _, laid, mask = best
    differences = [*_changed(laid, mask), *_cut_off(laid), *_put_around(after, laid)]
    sameness = Sameness.CHANGED if differences else Sameness.SAME
    return PictureDifference(sameness, tuple(differences), laid.alignment)


def _lay(before: Pixels, after: Pixels, alignment: Alignment) -> _Laid:
    """In the coarser one's sharpness: details that only one can have are no difference."""
    height, width = before.shape[:2]
    scale = min(1.0, 1 / alignment.scale, float(np.sqrt(MOST_PX / (height * width))))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    one = cv2.resize(before, size, interpolation=cv2.INTER_AREA) if scale < 1 else before
    to_frame = _scaled(alignment.matrix, size[0] / width, size[1] / height)
    shrink = float(np.sqrt(abs(np.linalg.det(to_frame[:, :2]))))
    if shrink < 0.9:  # warping takes single pixels: they must stand for their surroundings first
        after = np.asarray(cv2.GaussianBlur(after, (0, 0), 0.45 / shrink), np.uint8)
    two = cv2.warpAffine(
        after, to_frame, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    whole = np.full(after.shape[:2], 255, np.uint8)
    covered = cv2.warpAffine(whole, to_frame, size, flags=cv2.INTER_NEAREST) > 0
    return _Laid(
        np.asarray(one, np.uint8), np.asarray(two, np.uint8), covered, alignment, size[0] / width
    )


def _scaled(matrix: Matrix, across: float, down: float) -> Matrix:
    """Into a frame shrunk so; pixel centres stay on each other."""
    scaled = matrix.copy()
    scaled[0] *= across
    scaled[1] *= down
    scaled[:, 2] += [across / 2 - 0.5, down / 2 - 0.5]
    return scaled


def _differing(laid: _Laid) -> Mask:
    """Pixels that no shift by one pixel explains; colours more broadly, as JPEG keeps them."""
    one, two = (_channels(pixels) for pixels in (laid.before, laid.after))
    two = _same_light(one, two, laid.covered)
    kernel = np.ones((3, 3), np.uint8)
    found = np.zeros(one.shape[:2], bool)
    for channel, threshold in enumerate((THRESHOLD, COLOUR_THRESHOLD, COLOUR_THRESHOLD)):
        a, b = one[..., channel], two[..., channel]
        for x, y in ((a, b), (b, a)):
            found |= x - cv2.dilate(y, kernel) > threshold
            found |= cv2.erode(y, kernel) - x > threshold
    inner = cv2.erode(laid.covered.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=(1,))
    return np.asarray(found & (inner > 0))


def _channels(pixels: Pixels) -> Grey:
    """Brightness, and two of colour, blurred: JPEG stores them at half the size and worse."""
    channels = cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb).astype(np.float32)
    channels[..., 0] = cv2.GaussianBlur(channels[..., 0], (0, 0), 0.8)
    channels[..., 1:] = cv2.GaussianBlur(channels[..., 1:], (0, 0), 2.5)
    return np.asarray(channels, np.float32)


def _same_light(one: Grey, two: Grey, covered: Mask) -> Grey:
    """`two` as bright and as contrasty as `one`: platforms do that to pictures."""
    a, b = one[..., 0][covered][::7], two[..., 0][covered][::7]
    near = np.abs(a - b) < 48
    if near.sum() < 100 or b[near].std() < 8:
        return two
    a, b = a[near], b[near]
    gain = float(((a - a.mean()) * (b - b.mean())).mean() / b.var())
    offset = float(a.mean() - gain * b.mean())
    if not 0.8 < gain < 1.25 or abs(offset) > 40:
        return two
    result = two.copy()
    result[..., 0] = two[..., 0] * gain + offset
    return result


def _ink(pixels: Pixels) -> Mask:
    """Edges: letters, drawings, not plain ground."""
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (0, 0), 0.8)
    gradient = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return np.asarray(gradient > 40)


def _share_of_ink(laid: _Laid, mask: Mask) -> float:
    ink = _ink(laid.before) | _ink(laid.after)
    if not ink.any():
        return float(mask.mean())
    return float((mask & ink).sum() / ink.sum())


def _changed(laid: _Laid, mask: Mask) -> list[Difference]:
    return [_both(laid, box) for box in _boxes(mask)]


def _boxes(mask: Mask) -> list[Box]:
    """Around each place; letters of a line come as one."""
    height, width = mask.shape
    reach = max(5, round(min(width, height) * 0.018)) | 1
    joined = cv2.dilate(mask.astype(np.uint8), np.ones((max(3, reach // 2) | 1, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    least = max(3.0, LEAST_SIDE * max(width, height) / 2)
    found: list[Box] = []
    for label in range(1, count):
        left, top, across, down, _ = stats[label]
        inside = mask[top : top + down, left : left + across] & (
            labels[top : top + down, left : left + across] == label
        )
        rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
        box = (left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1)
        is_large = max(box[2] - box[0], box[3] - box[1]) >= least
        if inside.sum() >= LEAST_PX and is_large:
            found.append(tuple(float(edge) for edge in box))  # type: ignore[arg-type]
    return found


def _both(laid: _Laid, box: Box) -> Difference:
    before = _times(box, 1 / laid.scale)
    return Difference(before, _through(laid.alignment.inverse(), before))


def _times(box: Box, factor: float) -> Box:
    left, top, right, bottom = box
    return left * factor, top * factor, right * factor, bottom * factor


def _through(matrix: Matrix, box: Box) -> Box:
    corners = matrix @ np.array([[box[0], box[2]], [box[1], box[3]], [1, 1]])
    (left, right), (top, bottom) = np.sort(corners, axis=1)
    return float(left), float(top), float(right), float(bottom)


def _cut_off(laid: _Laid) -> list[Difference]:
    """Ink of before that after has no room for; a trimmed edge is none."""
    height, width = laid.covered.shape
    down, across = int(np.ceil(height * TRIM)), int(np.ceil(width * TRIM))
    if laid.covered[down : height - down, across : width - across].all():
        return []
    lost = np.asarray(_ink(laid.before) & ~laid.covered)
    return [Difference(_times(box, 1 / laid.scale), None) for box in _boxes(lost)]


def _put_around(after: Pixels, laid: _Laid) -> list[Difference]:
    """Ink of after that stands outside before."""
    height, width = after.shape[:2]
    frame = (0.0, 0.0, laid.before.shape[1] / laid.scale, laid.before.shape[0] / laid.scale)
    left, top, right, bottom = _through(laid.alignment.inverse(), frame)
    extra = _ink(after)
    down, across = np.ceil(height * TRIM), np.ceil(width * TRIM)
    rows = slice(max(0, int(top - down)), max(0, int(bottom + down)))
    columns = slice(max(0, int(left - across)), max(0, int(right + across)))
    extra[rows, columns] = False
    return [Difference(None, box) for box in _boxes(extra)]
