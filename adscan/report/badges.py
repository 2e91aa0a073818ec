"""Numbers beside the boxes of a picture, set where they hide the least.

For each box some places around it are weighed: what covers letters, another box or another number
costs, most of all another number. Where nothing is free, a smaller number is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adscan.records.part import Polygon

SMALL = 0.76  # of the usual radius, where letters stand close
APART = 2.15  # radii between the middles of two numbers
SHIFTS = 4  # places side by side for the numbers of one box
SAME_ROW = 4  # heights of a box: so near on a line, two boxes of one finding need one number
# What it costs to cover a whole number with …
OVER_NUMBER = 8.0
OVER_OTHER_BOX = 2.0
OVER_LETTERS = 1.0
OVER_OWN_BOX = 0.5
LATER_PLACE = 0.02  # each place is a little less welcome than the one before
SMALLER = 0.08


@dataclass(frozen=True)
class Box:
    """A place to draw on the picture."""

    label: str  # the finding's number or the mention's letter
    key: str  # the same for everything that belongs together
    anchor: str
    style: str  # high, medium, low, mention
    polygon: Polygon  # in the picture's units
    told: str  # for those who cannot see it
    fine: bool = False  # small print: a thick frame would hide it


@dataclass(frozen=True)
class Badge:
    """The number of a box."""

    box: Box
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Rect:
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, polygon: Polygon) -> Rect:
        """The smallest that holds the polygon."""
        across, down = [x for x, _ in polygon], [y for _, y in polygon]
        return cls(min(across), min(down), max(across), max(down))

    @classmethod
    def square(cls, x: float, y: float, half: float) -> Rect:
        """The square around a point."""
        return cls(x - half, y - half, x + half, y + half)

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def shared(self, other: Rect) -> float:
        """The area that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def holds(self, other: Rect) -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


def place_badges(
    boxes: Sequence[Box], lines: Iterable[Polygon], area: Rect, radius: float
) -> list[Badge]:
    """One for each box inside `area`; none for a box beside another of the same finding."""
    letters = [Rect.around(line) for line in lines]
    placed: list[Badge] = []
    for box in _numbered(boxes):
        others = [Rect.around(other.polygon) for other in boxes if other.key != box.key]
        cover = _Cover(Rect.around(box.polygon), others, letters, placed)
        placed.append(_best(box, cover, area, radius))
    return placed


def _numbered(boxes: Sequence[Box]) -> Iterator[Box]:
    shown: list[tuple[str, Rect]] = []
    for box in boxes:
        here = Rect.around(box.polygon)
        if not any(key == box.key and _side_by_side(there, here) for key, there in shown):
            yield box
        shown.append((box.key, here))


def _side_by_side(one: Rect, other: Rect) -> bool:
    height = min(one.height, other.height)
    level = min(one.bottom, other.bottom) - max(one.top, other.top)
    gap = max(one.left, other.left) - min(one.right, other.right)
    same = (one.left, one.top) == (other.left, other.top)
    return not same and level > height / 2 and gap < SAME_ROW * height


@dataclass(frozen=True)
class _Cover:
    """What a number of one box may hide."""

    own: Rect
    others: Sequence[Rect]
    letters: Sequence[Rect]
    placed: Sequence[Badge]

    def cost(self, x: float, y: float, radius: float) -> float:
        """How much a number there hides; 0 if nothing."""
        disc = Rect.square(x, y, radius * 0.88)  # as large as the disc itself
        whole = (2 * radius * 0.88) ** 2
        own = disc.shared(self.own)
        hidden = OVER_LETTERS * max(0.0, sum(map(disc.shared, self.letters)) - own)
        hidden += OVER_OTHER_BOX * sum(map(disc.shared, self.others)) + OVER_OWN_BOX * own
        for badge in self.placed:
            near = (radius + badge.radius) * APART / 2
            if abs(x - badge.x) < near and abs(y - badge.y) < near:
                hidden += OVER_NUMBER * whole
        return hidden / whole


def _best(box: Box, cover: _Cover, area: Rect, radius: float) -> Badge:
    weighed: list[tuple[float, float, float, float]] = []
    for size, extra in ((radius, 0.0), (radius * SMALL, SMALLER)):
        for rank, (x, y) in enumerate(_places(cover.own, size)):
            if area.holds(Rect.square(x, y, size)):
                weighed.append((cover.cost(x, y, size) + rank * LATER_PLACE + extra, x, y, size))
    if not weighed:  # a box as large as the picture
        x = min(max(cover.own.left, area.left + radius), area.right - radius)
        y = min(max(cover.own.top, area.top + radius), area.bottom - radius)
        weighed = [(0.0, x, y, radius)]
    _, x, y, size = min(weighed)
    return Badge(box, round(x, 1), round(y, 1), round(size, 2))


def _places(own: Rect, radius: float) -> Iterator[tuple[float, float]]:
    """Middles of a number around a box, the most welcome first."""
    out = radius * 1.12  # clear of the frame
    middle = (own.top + own.bottom) / 2
    yield own.left - out, middle
    for step in range(SHIFTS):
        yield own.left + radius + step * radius * APART, own.top - out
    yield own.left - radius * 0.8, own.top - radius * 0.8
    for step in range(1, SHIFTS):
        yield own.left - out - step * radius * APART, middle
    yield own.right + out, middle
    for step in range(SHIFTS):
        yield own.left + radius + step * radius * APART, own.bottom + out
    yield own.right - radius, own.top - out
    yield own.right - radius, own.bottom + out
    for step in range(SHIFTS):  # on the frame itself
        yield own.left + step * radius * APART, own.top
