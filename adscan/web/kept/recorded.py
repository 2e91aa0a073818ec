"""A kept review as records again, so that pages can show it as reports do.

Findings that people added may lack what only the machine knows; such fields are empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from adscan.records.hit import Origin
from adscan.records.part import Line, LineKind, Notice, NoticeCode, Part, PartKind, Polygon
from adscan.records.permit import PermitCheck, PermitStatus
from adscan.records.review import (
    AdSummary,
    Evidence,
    Finding,
    Genre,
    GenreLabel,
    Mention,
    NotChecked,
    Provenance,
    Review,
    ReviewError,
)
from adscan.records.rule import Checked, Decision, Level, MentionReason, Provision, Severity
from adscan.records.text import Span

Document = dict[str, Any]

BOXED = "图中框出的位置"  # stands for the words of a box that a person drew around none


def review_of(document: Document, findings: Iterable[Document] | None = None) -> Review:
    """The review; with `findings` in place of the machine's, if given.

    Of the permit check only the status and its reason come back.
    """
    ad, genre, made_by = document["ad"], document["genre"], document["provenance"]
    if findings is None:
        findings = document["findings"]
    return Review(
        ad=AdSummary(**{name: ad[name] for name in AdSummary.__dataclass_fields__}),
        decision=Decision(document["decision"]),
        risk=document["risk"],
        genre=Genre(GenreLabel(genre["label"]), genre["confidence"]),
        findings=tuple(map(finding_of, findings)),
        mentions=tuple(map(_mention, document["mentions"])),
        not_checked=tuple(
            NotChecked(one["rule"], one["reason"], one.get("title", ""))
            for one in document["not_checked"]
        ),
        permit_check=_permit_check(document["permit_check"]),
        parts=parts_of(document),
        provenance=Provenance(**{name: made_by[name] for name in Provenance.__dataclass_fields__}),
        errors=tuple(
            ReviewError(one["code"], one["message"], one.get("part")) for one in document["errors"]
        ),
        notices=tuple(map(_notice, document.get("notices", ()))),
    )


def finding_of(document: Document) -> Finding:
    """One finding."""
    return Finding(
        rule=document["rule"],
        title=document.get("title") or document["rule"],
        category=document.get("category", ""),
        severity=Severity(document.get("severity", "medium")),
        decision=Decision(document.get("decision", "revise")),
        confidence=document.get("confidence", 1.0),
        origin=tuple(Origin(one) for one in document.get("origin", ()) if one in _ORIGINS),
        evidence=tuple(map(_evidence, document.get("evidence", ()))),
        legal_basis=tuple(map(_provision, document.get("legal_basis", ()))),
        explanation=document.get("explanation", ""),
        remedy=document.get("remedy", ""),
        authority=document.get("authority", ""),
    )


def parts_of(document: Document) -> tuple[Part, ...]:
    """The parts with their lines."""
    return tuple(
        Part(
            id=part["id"],
            kind=PartKind(part["kind"]),
            text=part["text"],
            lines=tuple(_lines(part["text"], part["lines"])),
            page_number=part.get("page"),
            hidden=part.get("hidden", False),
            unread=part.get("unread") or "",
        )
        for part in document["parts"]
    )


_ORIGINS = {origin.value for origin in Origin}


def _lines(text: str, lines: Iterable[Document]) -> Iterator[Line]:
    """Lines follow each other in the text; the document does not say where each begins."""
    at = 0
    for line in lines:
        start = text.find(line["text"], at)
        if start < 0:
            continue
        at = start + len(line["text"])
        yield Line(
            line["text"],
            Span(start, at),
            line["confidence"],
            _polygon(line["polygon"]),
            LineKind(line.get("kind", "own")),
            line.get("unsure", False),
        )


def _evidence(one: Document) -> Evidence:
    return Evidence(
        part=one["part"],
        text=one.get("text") or BOXED,
        start=one.get("start") or 0,
        end=one.get("end") or 0,
        page=one.get("page"),
        polygon=_polygon(one.get("polygon") or ()),
        read_as=one.get("read_as"),
    )


def _mention(one: Document) -> Mention:
    return Mention(
        one["rule"],
        tuple(map(_evidence, one["evidence"])),
        MentionReason(one["reason"]),
        one.get("title", ""),
    )


def _provision(one: Document) -> Provision:
    until = one.get("in_force_until")
    since = one.get("in_force_from")
    return Provision(
        ref=one.get("ref", ""),
        instrument=one["instrument"],
        title=one["title"],
        article=one["article"],
        gist=one["gist"],
        level=Level.LAW,  # the document does not tell; nothing that reads it may show it
        in_force_from=date.fromisoformat(since) if since else date.min,
        in_force_until=date.fromisoformat(until) if until else None,
        checked=Checked(one.get("checked", "recalled")),
    )


def _permit_check(one: Document) -> PermitCheck:
    return PermitCheck(
        status=PermitStatus(one["status"]),
        advertiser=one.get("advertiser"),
        reason=one.get("reason", ""),
    )


def _notice(one: Document) -> Notice:
    return Notice(
        NoticeCode(one["code"]), one["message"], one.get("part"), one.get("unread", False)
    )


def _polygon(points: Iterable[Iterable[float]]) -> Polygon:
    return tuple((x, y) for x, y in points)


def is_wholly_read(document: Document) -> bool:
    """Whether a review left nothing unread."""
    unread = any(notice.get("unread") for notice in document.get("notices", ()))
    return not document.get("errors") and not unread
