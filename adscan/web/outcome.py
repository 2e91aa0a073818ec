"""What a machine review changes: the version has its findings, a person's turn has come."""

from __future__ import annotations

from sqlalchemy.orm import Session

from adscan.web.audit import SYSTEM, record
from adscan.web.reviewing import Reading
from adscan.web.sign_in import now
from adscan.web.states import State, Verdict
from adscan.web.tables import Submission, Version, VersionFinding


def finish_review(session: Session, version_id: int, reading: Reading) -> None:
    """Keep the review, carry earlier decisions over, hand the submission to a person."""
    version = session.get_one(Version, version_id)
    submission = session.get_one(Submission, version.submission_id, with_for_update=True)
    review = reading.review
    version.review, version.pictures = review, reading.pictures
    version.decision, version.risk = review["decision"], review["risk"]
    version.reviewed_at = now()
    for document in review["findings"]:
        version.findings.append(
            VersionFinding(rule=document["rule"], document=document, verdict=Verdict.OPEN)
        )
    session.flush()
    if version.number > 1:
        carry(version, submission.versions[version.number - 2])
    if submission.state is State.AWAITING_MACHINE:
        submission.state, submission.waiting_since = State.AWAITING_PERSON, now()
    record(
        session, SYSTEM, "version.reviewed", f"submission:{submission.id}",
        version=version.number, decision=version.decision, findings=len(review["findings"]),
        provenance=review["provenance"],
    )  # fmt: skip


def carry(version: Version, before: Version) -> None:
    """See carry_over: decisions on what has not changed."""
