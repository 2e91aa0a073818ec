"""Where a person pointed: marked words or a drawn box, as the contract's evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adscan.judge.locate import polygon_of
from adscan.records.part import Line, Part, Polygon
from adscan.records.review import Evidence
from adscan.records.text import Span
from adscan.report.badges import Rect
from adscan.web.kept.recorded import parts_of
from adscan.web.kept.tables import Version
from adscan.web.problems import BadInput

Document = dict[str, Any]

SMALLEST_BOX = 2.0  # units of the part on each side: less is a slip of the hand


@dataclass(frozen=True)
class Pointed:
    """What came with the form: a part with words or a box in it; no part: the whole ad."""

    part: str = ""
    start: int | None = None  # code points of the part's text
    end: int | None = None
    box: tuple[float, ...] = ()  # left, top, right, bottom in the part's units

    @classmethod
    def read(cls, part: str, start: str, end: str, box: str) -> Pointed:
        """From the form's fields. Raises BadInput."""
        try:
            sides = tuple(float(side) for side in box.split(",")) if box.strip() else ()
            return cls(
                part.strip(), int(start) if start else None, int(end) if end else None, sides
            )
        except ValueError as error:
            raise _unusable() from error


def evidence_at(version: Version, pointed: Pointed) -> tuple[Evidence, ...]:
    """The places pointed at; none if it is about the whole. Raises BadInput.

    Words give one place for each line they run over; a box gives one, with the lines inside it.
    """
    if not pointed.part:
        return ()
    review: Document = version.review or {"parts": []}
    part = next((one for one in parts_of(review) if one.id == pointed.part), None)
    if part is None:
        raise BadInput("没有这一部分", hint="请刷新页面后重新选择位置", place="没有这一部分")
    if pointed.box:
        return (_boxed(part, pointed.box, (version.pictures or {}).get(part.id)),)
    if pointed.start is None or pointed.end is None:
        raise _unusable()
    if not 0 <= pointed.start < pointed.end <= len(part.text):
        raise _unusable()
    return tuple(_worded(part, Span(pointed.start, pointed.end)))


def _worded(part: Part, span: Span) -> Iterator[Evidence]:
    lines = [line for line in part.lines if line.span.overlaps(span)]
    if not lines:
        yield Evidence(part.id, span.of(part.text), span.start, span.end, part.page_number)
    for line in lines:
        piece = Span(max(span.start, line.span.start), min(span.end, line.span.end))
        place = polygon_of(line, piece)
        text = piece.of(part.text)
        yield Evidence(part.id, text, piece.start, piece.end, part.page_number, place)


def _boxed(part: Part, sides: Sequence[float], picture: Document | None) -> Evidence:
    if picture is None or len(sides) != 4 or not all(map(_is_plain, sides)):
        raise _unusable()
    left, right = sorted(_within(x, picture["width"]) for x in sides[0::2])
    top, bottom = sorted(_within(y, picture["height"]) for y in sides[1::2])
    if right - left < SMALLEST_BOX or bottom - top < SMALLEST_BOX:
        raise BadInput("框太小了", hint="请拖动画出一个框", place="框太小了，请重画")
    polygon: Polygon = ((left, top), (right, top), (right, bottom), (left, bottom))
    inside = _lines_inside(part.lines, Rect(left, top, right, bottom))
    span = Span(inside[0].span.start, inside[-1].span.end) if inside else Span(0, 0)
    return Evidence(part.id, span.of(part.text), span.start, span.end, part.page_number, polygon)


def _lines_inside(lines: Sequence[Line], box: Rect) -> list[Line]:
    """The first lines in a row whose middles lie in the box."""
    found: list[Line] = []
    for line in lines:
        if line.polygon and _holds_middle(box, Rect.around(line.polygon)):
            found.append(line)
        elif found:
            break
    return found


def _holds_middle(box: Rect, line: Rect) -> bool:
    x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _within(value: float, most: float) -> float:
    return round(min(max(value, 0.0), float(most)), 1)


def _is_plain(value: float) -> bool:
    return abs(value) < 1e7  # not so for NaN


def _unusable() -> BadInput:
    return BadInput("标出的位置不可用", hint="请重新框选或选择文字", place="位置不可用，请重新选择")
