"""A review as rows of `ads` and `findings`."""

from __future__ import annotations

from collections.abc import Iterator

from adscan.judge.merge import GRAVITY
from adscan.records.review import Review
from adscan.report.document import error_document, finding_document, mention_document, share
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
        "risk": share(review.risk),
        "genre": review.genre.label.value,
        "genre_confidence": share(review.genre.confidence),
        "severity": gravest.value if gravest else None,
        "finding_count": len(findings),
        "rules": list(dict.fromkeys(finding.rule for finding in findings)),
        "authorities": list(dict.fromkeys(f.authority for f in findings if f.authority)),
        "permit_status": review.permit_check.status.value,
        "permit_advertiser": review.permit_check.advertiser,
        "permit_reason": review.permit_check.reason or None,
        "activities": [activity.id for activity in review.permit_check.activities],
        "unread": bool(review.errors),
        "errors": [error_document(error) for error in review.errors],
        "mentions": [mention_document(mention) for mention in review.mentions],
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
        yield {"review_id": review_id, "number": number, **finding_document(finding)}
