"""Line ends that are no ends: sentences wrapped by a column, figures set on a line of their own.

Only parts whose lines have places (pictures, pages) are looked at; a line end that someone typed
stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from adscan.records.part import Line, LineKind, Part
from adscan.records.text import OffsetMap

# A figure that a poster sets large and alone, under or over the words that name it.
NUMBER = r"[0-9０-９]{1,6}([.,，][0-9０-９]{1,4})?"
FIGURE = re.compile(
    rf"[+＋]?{NUMBER}[%％‰]?([~～\-–—至]{NUMBER})?(%|％|‰|倍|万|亿|元|万元|天|年|个月)?[起+＋]?"
)
ENDS = "。！？；!?;：:…"
# Shares of the character height: measured on our own posters and long posts.
SAME_EDGE = 2.5  # left edges of one paragraph lie within this: the first line may be indented
SAME_HEIGHT = 0.25  # heights of one paragraph differ by less
NEXT_LINE = 1.4  # gap between two lines of one paragraph at most
FULL_LINE = 2.0  # a wrapped line ends within this of the column's right edge
SHORTEST_WRAPPED = 8  # characters; shorter lines are slogans and list items
WINDOW = 6  # lines above and below that show how wide the column is


def unwrap(part: Part) -> tuple[str, OffsetMap]:
    """The part's text with wrapped lines joined and lone figures put beside their words."""
    changes = dict(_changes(part.lines))
    if not changes:
        return part.text, OffsetMap.identity(len(part.text))
    kept = [
        (changes.get(at, char), (at, at + 1))
        for at, char in enumerate(part.text)
        if changes.get(at, char)
    ]
    text = "".join(char for char, _ in kept)
    return text, OffsetMap.of_runs((run for _, run in kept), len(part.text))


def _changes(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Positions of line ends, each with what stands there instead."""
    for index, (above, below) in enumerate(pairwise(lines)):
        if below.span.start != above.span.end + 1 or not _are_print(above, below):
            continue
        if _lone_figure(above) != _lone_figure(below):
            yield above.span.end, " "
        elif _runs_on(above, below) and _is_full(
            above, lines[max(index - WINDOW, 0) :][: 2 * WINDOW]
        ):
            yield above.span.end, ""


def _are_print(*lines: Line) -> bool:
    return all(line.polygon and line.kind is not LineKind.BARCODE for line in lines)


def _lone_figure(line: Line) -> bool:
    return FIGURE.fullmatch(line.text.strip()) is not None


def _runs_on(above: Line, below: Line) -> bool:
    """Whether two lines look like neighbours in one paragraph."""
    if above.vertical or below.vertical or len(above.text) < SHORTEST_WRAPPED:
        return False
    left, top, _, bottom = _box(above)
    next_left, next_top, _, next_bottom = _box(below)
    size = max(bottom - top, 1.0)
    return (
        above.text[-1] not in ENDS
        and abs(left - next_left) < SAME_EDGE * size
        and abs(next_bottom - next_top - size) < SAME_HEIGHT * size
        and next_top - bottom < NEXT_LINE * size
    )


def _is_full(line: Line, neighbours: Sequence[Line]) -> bool:
    """Whether a line reaches the right edge of its column."""
    left, top, right, bottom = _box(line)
    size = max(bottom - top, 1.0)
    boxes = [_box(other) for other in neighbours if other.polygon and not other.vertical]
    edge = max((box[2] for box in boxes if abs(box[0] - left) < SAME_EDGE * size), default=right)
    return edge - right < FULL_LINE * size


def _box(line: Line) -> tuple[float, float, float, float]:
    across = [x for x, _ in line.polygon]
    down = [y for _, y in line.polygon]
    return min(across), min(down), max(across), max(down)
