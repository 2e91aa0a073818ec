"""A review as rows of `ads` and `findings`."""

from __future__ import annotations

from collections.abc import Iterator

from adscan.judge.merge import GRAVITY
from adscan.records.review import Evidence, Review
from adscan.records.rule import Provision
from adscan.scan.task import Row

# The columns of `ads` that a review settles.
SETTLED = (
    *("sha256", "kind", "title", "advertiser", "decision", "risk", "genre", "genre_confidence"),
    *("severity", "finding_count", "rules", "authorities", "permit_status", "permit_advertiser"),
    *("permit_reason", "activities", "unread", "errors", "mentions", "not_checked"),
    *("ocr", "checked_at"),
)
MADE_BY = ("adscan", "rulebook", "classifier", "register")  # they too, but alike in an edition


def review_row(review: Review) -> Row:
    """See SETTLED."""
    findings, by = review.findings, review.provenance
    gravest = max((finding.severity for finding in findings), key=GRAVITY.index, default=None)
    return {
        "sha256": review.ad.sha256,
        "kind": review.ad.kind,
        "title": review.ad.title,
        "advertiser": review.ad.advertiser,
        "decision": review.decision.value,
        "risk": _share(review.risk),
        "genre": review.genre.label.value,
        "genre_confidence": _share(review.genre.confidence),
        "severity": gravest.value if gravest else None,
        "finding_count": len(findings),
        "rules": list(dict.fromkeys(finding.rule for finding in findings)),
        "authorities": list(dict.fromkeys(f.authority for f in findings if f.authority)),
        "permit_status": review.permit_check.status.value,
        "permit_advertiser": review.permit_check.advertiser,
        "permit_reason": review.permit_check.reason or None,
        "activities": [activity.id for activity in review.permit_check.activities],
        "unread": bool(review.errors),
        "errors": [
            {"code": error.code, "message": error.message, "part": error.part}
            for error in review.errors
        ],
        "mentions": [
            {
                "rule": mention.rule,
                "title": mention.title,
                "reason": mention.reason.value,
                "evidence": [_evidence(evidence) for evidence in mention.evidence],
            }
            for mention in review.mentions
        ],
        "not_checked": [f"{skipped.rule}: {skipped.reason}" for skipped in review.not_checked],
        "adscan": by.adscan,
        "rulebook": by.rulebook,
        "classifier": by.classifier,
        "ocr": by.ocr,
        "register": by.register,
        "checked_at": by.checked_at,
    }


def finding_rows(review: Review, review_id: str) -> Iterator[Row]:
    """Rows of `findings`."""
    for number, finding in enumerate(review.findings, 1):
        yield {
            "review_id": review_id,
            "number": number,
            "rule": finding.rule,
            "title": finding.title,
            "category": finding.category,
            "severity": finding.severity.value,
            "decision": finding.decision.value,
            "confidence": _share(finding.confidence),
            "origin": [origin.value for origin in finding.origin],
            "authority": finding.authority,
            "evidence": [_evidence(evidence) for evidence in finding.evidence],
            "legal_basis": [_provision(provision) for provision in finding.legal_basis],
            "explanation": finding.explanation,
            "remedy": finding.remedy,
        }


def _evidence(evidence: Evidence) -> Row:
    return {
        "part": evidence.part,
        "text": evidence.text,
        "start": evidence.start,
        "end": evidence.end,
        "page": evidence.page,
        "polygon": [list(point) for point in evidence.polygon],
        "read_as": evidence.read_as,
    }


def _provision(provision: Provision) -> Row:
    until = provision.in_force_until
    return {
        "instrument": provision.instrument,
        "title": provision.title,
        "article": provision.article,
        "gist": provision.gist,
        "ref": provision.ref,
        "checked": provision.checked.value,
        "in_force_from": provision.in_force_from.isoformat(),
        "in_force_until": until.isoformat() if until else None,
    }


def _share(value: float) -> float:
    return round(float(value), 4)  # as in the contract's JSON
