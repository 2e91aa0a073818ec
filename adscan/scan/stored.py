"""What was read of an ad, as rows of `readings` and `parts`, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from adscan.classify.answers import Answers
from adscan.pipeline import Transcript
from adscan.records.ad import Ad, AdKind, Placement
from adscan.records.circumstances import LineLook, LineLooks
from adscan.records.part import Line, LineKind, Notice, NoticeCode, Part, PartKind, Polygon
from adscan.records.text import Span
from adscan.report.document import notice_document
from adscan.scan.task import Row, Rows


@dataclass(frozen=True)
class StoredLooks:
    """Looks that were measured when the picture was read."""

    measured: Mapping[str, Sequence[tuple[Span, float, float]]]  # by part: place, height, contrast

    @classmethod
    def of(cls, parts: Sequence[Part], looks: LineLooks) -> StoredLooks:
        """Measures every line. Raises InputError if a picture cannot be looked at again."""
        return cls(
            {
                part.id: [
                    (place, float(look.height), look.measure_contrast())
                    for place, look in looks.over(part.id, Span(0, len(part.text)))
                ]
                for part in parts
            }
        )

    def over(self, part_id: str, span: Span) -> list[tuple[Span, LineLook]]:
        """See LineLooks."""
        return [
            (place, LineLook(height, partial(float, contrast)))
            for place, height, contrast in self.measured[part_id]
            if place.overlaps(span)
        ]


def part_rows(transcript: Transcript, looks: StoredLooks, reading_id: str) -> list[Row]:
    """Rows of `parts`, without what only pixels tell."""
    return [
        {
            "reading_id": reading_id,
            "number": number,
            "part": part.id,
            "kind": part.kind.value,
            "text": part.text,
            "page": part.page_number,
            "hidden": part.hidden,
            "unread": part.unread or None,
            "lines": [_line_row(line, part.text) for line in part.lines],
            "looks": [
                {"start": place.start, "end": place.end, "height": height, "contrast": contrast}
                for place, height, contrast in looks.measured[part.id]
            ],
            "notices": [notice_document(notice) for notice in part.notices],
            "phash": None,
            "preview": None,
        }
        for number, part in enumerate(transcript.parts)
    ]


def reading_row(transcript: Transcript, reading_id: str, ocr: str | None) -> Row:
    """The row of `readings`, without the model's answers and the signature."""
    ad = transcript.ad
    return {
        "reading_id": reading_id,
        "kind": ad.kind.value,
        "sha256": ad.sha256,
        "title": ad.title,
        "account": ad.account,
        "page_date": ad.page_date,
        "notices": [notice_document(notice) for notice in ad.notices],
        "ocr": ocr,
        "characters": sum(len(part.text) for part in transcript.parts),
        "pictures": sum(part.kind is PartKind.IMAGE for part in transcript.parts),
        "signature": None,
        "classifier": None,
        "answers": None,
    }


def restore(rows: Rows, name: str, placement: Placement) -> Transcript:
    """The transcript that was stored, for an ad of this name and placement; without answers."""
    (reading,) = rows["readings"]
    parts = tuple(_part(row) for row in sorted(rows["parts"], key=lambda row: row["number"]))
    ad = Ad(
        id=reading["sha256"][:16],
        source=name,
        sha256=reading["sha256"],
        kind=AdKind(reading["kind"]),
        placement=placement,
        sheets=(),
        title=reading["title"],
        account=reading["account"],
        page_date=_day(reading["page_date"]),
        notices=tuple(map(_notice, reading["notices"])),
    )
    looks = StoredLooks(
        {
            row["part"]: [
                (Span(look["start"], look["end"]), look["height"], look["contrast"])
                for look in row["looks"]
            ]
            for row in rows["parts"]
        }
    )
    return Transcript(ad, parts, looks)


def pack_answers(answers: Answers, texts_sha256: str) -> bytes:
    """The model's answers on texts of this digest: a line of JSON, then float32 numbers."""
    arrays = (answers.rules, answers.linear, answers.genre, answers.activities)
    head = {
        "texts": texts_sha256,
        "sizes": [len(array) for array in arrays],
        "words": [[rule, part, span.start, span.end] for rule, part, span in answers.words],
    }
    numbers = np.concatenate([np.array([answers.violates], np.float32), *arrays])
    packed: bytes = numbers.astype("<f4").tobytes()
    return json.dumps(head).encode() + b"\n" + packed


def unpack_answers(packed: bytes, texts_sha256: str) -> Answers | None:
    """The answers; None if they are on other texts, as another rulebook's normalising gives."""
    line, _, numbers = packed.partition(b"\n")
    head = json.loads(line)
    if head["texts"] != texts_sha256:
        return None
    flat = np.frombuffer(numbers, "<f4").astype(np.float32)
    rules, linear, genre, activities = np.split(flat[1:], np.cumsum(head["sizes"])[:-1])
    words = tuple((rule, part, Span(start, end)) for rule, part, start, end in head["words"])
    return Answers(float(flat[0]), rules, linear, genre, activities, words)


def _notice(row: Row) -> Notice:
    return Notice(NoticeCode(row["code"]), row["message"], row["part"], row["unread"])


def _line_row(line: Line, text: str) -> Row:
    return {
        "text": None if line.span.of(text) == line.text else line.text,
        "start": line.span.start,
        "end": line.span.end,
        "confidence": line.confidence,
        "polygon": [list(point) for point in line.polygon],
        "kind": line.kind.value,
        "unsure": line.unsure,
        "vertical": line.vertical,
    }


def _part(row: Row) -> Part:
    return Part(
        id=row["part"],
        kind=PartKind(row["kind"]),
        text=row["text"],
        lines=tuple(_line(line, row["text"]) for line in row["lines"]),
        page_number=row["page"],
        hidden=row["hidden"],
        unread=row["unread"] or "",
        notices=tuple(map(_notice, row["notices"])),
    )


def _line(row: Row, text: str) -> Line:
    span = Span(row["start"], row["end"])
    return Line(
        text=span.of(text) if row["text"] is None else row["text"],
        span=span,
        confidence=row["confidence"],
        polygon=_polygon(row["polygon"]),
        kind=LineKind(row["kind"]),
        unsure=row["unsure"],
        vertical=row["vertical"],
    )


def _polygon(points: Sequence[Sequence[float]]) -> Polygon:
    return tuple((x, y) for x, y in points)


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None
