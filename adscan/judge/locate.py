"""From a span of a normalised text back to the characters of the part and their pixels."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from adscan.records.hit import Hit
from adscan.records.part import Line, Part, Polygon
from adscan.records.review import Evidence
from adscan.records.text import NormalText, Span


@dataclass(frozen=True)
class Surfaces:
    """An ad's parts and their normalised texts, by part id, in order of the ad."""

    texts: Mapping[str, NormalText]
    parts: Mapping[str, Part]

    def places(self, hits: Iterable[Hit]) -> tuple[Evidence, ...]:
        """The hits' places in order of the ad, those that overlap made one."""
        joined: list[tuple[str, Span]] = []
        order = list(self.parts)
        for hit in sorted(hits, key=lambda hit: (order.index(hit.part_id), hit.span)):
            if joined and joined[-1][0] == hit.part_id and joined[-1][1].overlaps(hit.span):
                last = joined.pop()[1]
                joined.append((hit.part_id, Span(last.start, max(last.end, hit.span.end))))
            else:
                joined.append((hit.part_id, hit.span))
        return tuple(
            evidence
            for part_id, span in joined
            for evidence in locate(span, self.texts[part_id], self.parts[part_id])
        )


def locate(span: Span, text: NormalText, part: Part) -> Iterator[Evidence]:
    """The places of a span, one for each line it runs over."""
    source = text.offsets.to_source(span)
    read_as = next((r.read_as for r in text.readings if r.span.overlaps(span)), None)
    lines = [line for line in part.lines if line.span.overlaps(source)]
    for line in lines or (None,):
        piece = _common(source, line.span) if line else source
        yield Evidence(
            part=part.id,
            text=piece.of(part.text),
            start=piece.start,
            end=piece.end,
            page=part.page_number,
            polygon=polygon_of(line, piece) if line else (),
            read_as=read_as,
        )


def polygon_of(line: Line, piece: Span) -> Polygon:
    """The part of a line's polygon in which `piece` stands.

    Characters share the line by their width: full-width ones count twice a half-width one.
    `piece` lies inside the line. A line without polygon gives none.
    """
    if len(line.polygon) != CORNERS:
        return line.polygon
    before = _width(line.text[: piece.start - line.span.start])
    inside = _width(piece.of(" " * line.span.start + line.text))
    whole = _width(line.text) or 1
    top_left, top_right, bottom_right, bottom_left = line.polygon
    if line.vertical:
        edges = ((top_left, bottom_left), (top_right, bottom_right))
    else:
        edges = ((top_left, top_right), (bottom_left, bottom_right))
    start, end = before / whole, (before + inside) / whole
    (a, b), (d, c) = ((_along(*edge, start), _along(*edge, end)) for edge in edges)
    return (a, d, c, b) if line.vertical else (a, b, c, d)


CORNERS = 4


def _common(one: Span, other: Span) -> Span:
    return Span(max(one.start, other.start), min(one.end, other.end))


def _along(
    start: tuple[float, float], end: tuple[float, float], share: float
) -> tuple[float, float]:
    x = start[0] + (end[0] - start[0]) * share
    y = start[1] + (end[1] - start[1]) * share
    return (round(x, 1), round(y, 1))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
