"""A review as the contract's JSON object: keys in its order, our additions after them.

Added to the contract: review.notices; `decision` and `authority` of a finding; `read_as` of
evidence; `ref`, `checked` and the days in force of a provision; `title` of a mention and of a rule
not checked; `name` of an activity; `page`, `hidden` and `unread` of a part; `kind` and `unsure` of
a line.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from adscan.records.part import Line, Notice, Part, Polygon
from adscan.records.permit import ActivityCheck, PermitCheck, PermitLine
from adscan.records.review import (
    AdSummary,
    Evidence,
    Finding,
    Mention,
    NotChecked,
    Provenance,
    Review,
    ReviewError,
)
from adscan.records.rule import Provision
from adscan.report.places import all_notices

SCHEMA_VERSION = "1"

Document = dict[str, Any]

# Lone surrogates cannot be encoded, and some readers of JSON lines split at the other three.
_ESCAPED = re.compile("[\ud800-\udfff\u0085\u2028\u2029]")


def as_document(review: Review) -> Document:
    """The review as plain dicts, lists, strings, numbers and None."""
    return {
        "schema_version": SCHEMA_VERSION,
        "ad": _ad(review.ad),
        "decision": review.decision.value,
        "risk": share(review.risk),
        "genre": {
            "label": review.genre.label.value,
            "confidence": share(review.genre.confidence),
        },
        "findings": [finding_document(f) for f in review.findings],
        "mentions": [mention_document(m) for m in review.mentions],
        "not_checked": [_not_checked(n) for n in review.not_checked],
        "permit_check": permit_check(review.permit_check),
        "parts": [_part(p) for p in review.parts],
        "provenance": _provenance(review.provenance),
        "errors": [error_document(e) for e in review.errors],
        "notices": [notice_document(n) for n in all_notices(review)],
    }


def as_json(document: object, *, indent: int | None = None) -> str:
    """JSON that can always be encoded as UTF-8 and has no line end inside a string."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _ad(ad: AdSummary) -> Document:
    return {
        "id": ad.id,
        "source": ad.source,
        "sha256": ad.sha256,
        "title": ad.title,
        "advertiser": ad.advertiser,
        "published": ad.published,
        "medium": ad.medium,
        "kind": ad.kind,
    }


def finding_document(finding: Finding) -> Document:
    """The contract's finding object."""
    return {
        "rule": finding.rule,
        "title": finding.title,
        "category": finding.category,
        "severity": finding.severity.value,
        "confidence": share(finding.confidence),
        "origin": [origin.value for origin in finding.origin],
        "evidence": [_evidence(e) for e in finding.evidence],
        "legal_basis": [_provision(p) for p in finding.legal_basis],
        "explanation": finding.explanation,
        "remedy": finding.remedy,
        "decision": finding.decision.value,
        "authority": finding.authority,
    }


def _evidence(evidence: Evidence) -> Document:
    return {
        "part": evidence.part,
        "text": evidence.text,
        "start": evidence.start,
        "end": evidence.end,
        "page": evidence.page,
        "polygon": _polygon(evidence.polygon),
        "read_as": evidence.read_as,
    }


def _provision(provision: Provision) -> Document:
    until = provision.in_force_until
    return {
        "instrument": provision.instrument,
        "title": provision.title,
        "article": provision.article,
        "gist": provision.gist,
        "ref": provision.ref,
        "checked": provision.checked.value,
        "in_force_from": provision.in_force_from.isoformat(),
        "in_force_until": None if until is None else until.isoformat(),
    }


def mention_document(mention: Mention) -> Document:
    """The contract's mention object."""
    return {
        "rule": mention.rule,
        "evidence": [_evidence(e) for e in mention.evidence],
        "reason": mention.reason.value,
        "title": mention.title,
    }


def _not_checked(skipped: NotChecked) -> Document:
    return {"rule": skipped.rule, "reason": skipped.reason, "title": skipped.title}


def permit_check(check: PermitCheck) -> Document:
    """The contract's permit_check object."""
    by_activity = {one.activity: one for one in check.checks}
    return {
        "status": check.status.value,
        "advertiser": check.advertiser,
        "activities": [
            {
                "id": activity.id,
                "confidence": share(activity.confidence),
                "name": activity.name,
                **_activity_check(by_activity.get(activity.id)),
            }
            for activity in check.activities
        ],
        "permits": [
            permit_line(line) for line in dict.fromkeys(p for c in check.checks for p in c.permits)
        ],
        "reason": check.reason,
        "on": check.day.isoformat() if check.day else None,
        "candidates": [
            {
                "name": candidate.name,
                "source": candidate.source.value,
                "role": candidate.role.value,
                "confidence": share(candidate.confidence),
                "institutions": [institution.name for institution in candidate.institutions],
            }
            for candidate in check.candidates
        ],
        "snapshots": {source: day.isoformat() for source, day in check.snapshots.items()},
    }


def _activity_check(one: ActivityCheck | None) -> Document:
    """Nothing for an activity that is not sure enough to be checked."""
    if one is None:
        return {"status": None, "reason": ""}
    return {"status": one.status.value, "reason": one.reason, "proven": one.proven}


def permit_line(line: PermitLine) -> Document:
    """A permit as the register had it."""
    return {
        "holder": line.holder,
        "type": line.type,
        "number": line.number,
        "authority": line.authority,
        "scope": list(line.scope),
        "region": line.region,
        "valid_from": _day(line.valid_from),
        "valid_to": _day(line.valid_to),
        "state": line.state.value,
        "state_since": _day(line.state_since),
        "source": line.source,
        "snapshot": line.snapshot.isoformat(),
        "listed_until": _day(line.listed_until),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _part(part: Part) -> Document:
    return {
        "id": part.id,
        "kind": part.kind.value,
        "text": part.text,
        "lines": [_line(line) for line in part.lines],
        "page": part.page_number,
        "hidden": part.hidden,
        "unread": part.unread or None,
    }


def _line(line: Line) -> Document:
    return {
        "text": line.text,
        "confidence": share(line.confidence),
        "polygon": _polygon(line.polygon),
        "kind": line.kind.value,
        "unsure": line.unsure,
    }


def _provenance(provenance: Provenance) -> Document:
    return {
        "adscan": provenance.adscan,
        "rulebook": provenance.rulebook,
        "classifier": provenance.classifier,
        "ocr": provenance.ocr,
        "register": provenance.register,
        "checked_at": provenance.checked_at,
    }


def error_document(error: ReviewError) -> Document:
    """The contract's error object."""
    return {"code": error.code, "message": error.message, "part": error.part}


def notice_document(notice: Notice) -> Document:
    """Our notice object."""
    return {
        "code": notice.code.value,
        "message": notice.message,
        "part": notice.part_id,
        "unread": notice.unread,
    }


def share(value: float) -> float:
    """A confidence as it is written everywhere."""
    return round(float(value), 4)  # beyond that the last bits differ from machine to machine


def _polygon(polygon: Polygon) -> list[list[float]]:
    return [[_coordinate(x), _coordinate(y)] for x, y in polygon]


def _coordinate(value: float) -> float:
    rounded = round(float(value), 2)
    return int(rounded) if rounded == int(rounded) else rounded
