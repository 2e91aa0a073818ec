"""What a machine review changes: the version has its findings, a person's turn has come."""

from __future__ import annotations

from sqlalchemy.orm import Session

from adscan.web.audit.log import SYSTEM, record
from adscan.web.kept.clock import now
from adscan.web.kept.states import Purpose, State, Verdict
from adscan.web.kept.tables import Submission, Version, VersionFinding
from adscan.web.machine.carry_over import Found, Judged, carry_over
from adscan.web.machine.places import Content, content_of
from adscan.web.machine.reviewing import Reading


def finish_review(session: Session, version_id: int, reading: Reading) -> None:
    """Keep the review, carry earlier decisions over, hand the submission to a person."""
    version = session.get_one(Version, version_id)
    submission = session.get_one(Submission, version.submission_id, with_for_update=True)
    if version.reviewed_at is not None:
        return  # a second job for it; the first word counts, people may have judged it
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
    """Decisions of the last version that still hold: on what has not changed."""
    judged = {one.id: one for one in before.findings}
    found = {one.id: one for one in version.findings}
    carried = carry_over(
        _content(before),
        [_judged(one) for one in before.findings],
        _content(version),
        [Found(one.id, one.document) for one in version.findings],
    )
    for new_id, old_id in carried.decisions.items():
        _take_over(found[new_id], judged[old_id])
    for added in carried.added:
        old = judged[added.from_id]
        new = VersionFinding(
            rule=old.rule, document=added.document, verdict=Verdict.OPEN,
            added_by_id=old.added_by_id,
        )  # fmt: skip
        if not added.is_open:
            _take_over(new, old)
        version.findings.append(new)


def _content(version: Version) -> Content:
    assert version.review is not None
    permits = frozenset(one.sha256 for one in version.files if one.purpose is Purpose.PERMIT)
    return content_of(version.review, version.pictures, permits)


def _take_over(new: VersionFinding, old: VersionFinding) -> None:
    new.verdict, new.reason = old.verdict, old.reason
    new.decided_by_id, new.decided_at = old.decided_by_id, old.decided_at
    new.carried_from_id = old.id


def _judged(finding: VersionFinding) -> Judged:
    return Judged(
        finding.id, finding.document, finding.verdict, by_person=finding.added_by_id is not None
    )
