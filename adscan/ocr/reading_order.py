"""The order in which a person reads the lines of a picture; geometry alone decides.

The picture is cut along empty bands and gutters, largest first (the XY cut of Nagy and Seth,
1984), with three additions: rows that share a gutter are columns of running text or a table by
the length of their lines; upright columns run from right to left; a picture that lies on its
side is turned in mind first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from adscan.records.part import Polygon

Gap = tuple[float, float]

_TRIM = 0.12  # of a box's height at top and bottom: boxes of close lines overlap a little
_SENTENCE = 6.0  # width to height from which a cell holds running text rather than a table entry
_GUTTER = 0.6  # of the letter height: narrower gaps do not part columns


@dataclass(frozen=True)
class Place:
    """Where a line stands."""

    polygon: Polygon  # clockwise from the line's own top left; empty if unknown
    vertical: bool = False  # characters run from top to bottom


@dataclass(frozen=True)
class _Box:
    index: int
    left: float
    top: float
    right: float
    bottom: float
    vertical: bool

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def letter(self) -> float:
        """Height of the letters."""
        return min(self.bottom - self.top, self.right - self.left)


def reading_order(places: Sequence[Place]) -> list[int]:
    """Indices of the lines in reading order; lines without a place come last as given."""
    placed = [(i, place) for i, place in enumerate(places) if place.polygon]
    turns = _quarter_turns([place for _, place in placed])
    boxes = [_box(i, place, turns) for i, place in placed]
    unplaced = [i for i, place in enumerate(places) if not place.polygon]
    return [box.index for box in _order(boxes)] + unplaced


def _quarter_turns(places: Sequence[Place]) -> int:
    """By how many quarters, clockwise, the picture is turned: what most lines say."""
    votes = Counter(_direction(place.polygon) for place in places)
    return votes.most_common(1)[0][0] if votes else 0


def _direction(polygon: Polygon) -> int:
    """Where the line's upper edge points: 0 right, 1 down, 2 left, 3 up."""
    (x0, y0), (x1, y1) = polygon[0], polygon[1 % len(polygon)]
    if abs(x1 - x0) >= abs(y1 - y0):
        return 0 if x1 >= x0 else 2
    return 1 if y1 > y0 else 3


def _box(index: int, place: Place, turns: int) -> _Box:
    """The line's bounds once the picture is turned back upright."""
    points = place.polygon
    for _ in range(turns):
        points = tuple((y, -x) for x, y in points)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return _Box(index, min(xs), min(ys), max(xs), max(ys), place.vertical)


def _order(boxes: list[_Box]) -> list[_Box]:
    """Boxes in reading order."""
    if len(boxes) <= 1:
        return boxes
    bands = _split(boxes, _trimmed_rows)
    if len(bands) > 1:
        return [box for run in _runs(bands) for box in _order_run(run)]
    columns = _split(boxes, lambda box: (box.left, box.right))
    if len(columns) > 1:
        return _order_columns(columns)
    return _order_tangle(boxes)


def _order_columns(columns: list[list[_Box]]) -> list[_Box]:
    """Columns from left to right, but neighbouring upright ones from right to left."""
    ordered: list[_Box] = []
    for upright, group in groupby(columns, key=lambda column: all(b.vertical for b in column)):
        for column in reversed(list(group)) if upright else group:
            ordered += _order(column)
    return ordered


def _order_tangle(boxes: list[_Box]) -> list[_Box]:
    """Boxes that no straight cut parts: slanted or overlapping lines, row by row."""
    if sum(box.vertical for box in boxes) * 2 > len(boxes):
        return sorted(boxes, key=lambda box: (-(box.left + box.right), box.top, box.index))
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda box: (box.top + box.bottom, box.left, box.index)):
        middle = (box.top + box.bottom) / 2
        last = rows[-1][-1] if rows else None
        if last and last.top + last.height * _TRIM < middle < last.bottom - last.height * _TRIM:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [box for row in rows for box in sorted(row, key=lambda box: (box.left, box.index))]


def _split(boxes: list[_Box], extent: Callable[[_Box], Gap]) -> list[list[_Box]]:
    """Groups of boxes whose extents along one axis touch, in order along that axis."""
    groups: list[list[_Box]] = []
    reach = float("-inf")
    for box in sorted(boxes, key=lambda box: (extent(box), box.index)):
        start, end = extent(box)
        if start >= reach:
            groups.append([])
        groups[-1].append(box)
        reach = max(reach, end)
    return groups


def _trimmed_rows(box: _Box) -> Gap:
    trim = box.letter * _TRIM
    return box.top + trim, box.bottom - trim


def _runs(bands: list[list[_Box]]) -> list[tuple[list[list[_Box]], list[Gap]]]:
    """Neighbouring bands that share a gutter, with the gutters; others stand alone."""
    runs: list[tuple[list[list[_Box]], list[Gap]]] = []
    for band in bands:
        if runs and runs[-1][1]:
            shared = _shared_gutters(runs[-1][1], band)
            if shared and _close(runs[-1][0][-1], band):
                runs[-1] = ([*runs[-1][0], band], shared)
                continue
        runs.append(([band], _gutters(band)))
    return runs


def _gutters(band: list[_Box]) -> list[Gap]:
    """Gaps between the columns of one band that are wide enough to part them."""
    columns = _split(band, lambda box: (box.left, box.right))
    edges = [
        (max(box.right for box in one), min(box.left for box in other))
        for one, other in pairwise(columns)
    ]
    return [gap for gap in edges if _wide(gap, band)]


def _shared_gutters(gutters: list[Gap], band: list[_Box]) -> list[Gap]:
    """What of the gutters stays free in another band."""
    narrowed = (_narrowed(gutter, band) for gutter in gutters)
    return [gap for gap in narrowed if gap is not None and _wide(gap, band)]


def _narrowed(gutter: Gap, band: list[_Box]) -> Gap | None:
    """The gutter as far as the band leaves it free; None if a box stands in its middle."""
    middle = sum(gutter) / 2
    if any(box.left < middle < box.right for box in band):
        return None
    left = max([gutter[0], *(box.right for box in band if box.right <= middle)])
    right = min([gutter[1], *(box.left for box in band if box.left >= middle)])
    return left, right


def _wide(gap: Gap, band: list[_Box]) -> bool:
    return gap[1] - gap[0] >= _GUTTER * median(box.letter for box in band)


def _close(upper: list[_Box], lower: list[_Box]) -> bool:
    """Whether two bands follow each other like lines of one text or table."""
    gap = min(box.top for box in lower) - max(box.bottom for box in upper)
    return gap <= 3 * median(box.letter for box in upper + lower)


def _order_run(run: tuple[list[list[_Box]], list[Gap]]) -> list[_Box]:
    """Bands that share a gutter: column after column if they hold text, else row after row."""
    bands, gutters = run
    if len(bands) == 1:
        return _order(bands[0])
    boxes = [box for band in bands for box in band]
    columns = _columns_at(boxes, gutters)
    if len(columns) > 1 and all(_holds_text(column) for column in columns):
        return _order_columns(columns)
    return [box for band in bands for box in _order(band)]


def _columns_at(boxes: list[_Box], gutters: list[Gap]) -> list[list[_Box]]:
    middles = [(left + right) / 2 for left, right in gutters]
    columns: list[list[_Box]] = [[] for _ in range(len(middles) + 1)]
    for box in boxes:
        columns[sum(box.left > middle for middle in middles)].append(box)
    return [column for column in columns if column]


def _holds_text(column: list[_Box]) -> bool:
    """Whether a column is running text: several lines of sentence length, or upright ones."""
    lengths = [(box.right - box.left) / max(box.height, 1.0) for box in column]
    return all(box.vertical for box in column) or (len(column) > 1 and median(lengths) >= _SENTENCE)
