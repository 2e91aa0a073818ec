"""What reviewers decide on a submission as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from adscan.records.rule import Decision
from adscan.web.audit.log import record
from adscan.web.kept.clock import now
from adscan.web.kept.recorded import is_wholly_read
from adscan.web.kept.states import Role, State, Step, Verdict
from adscan.web.kept.tables import Ruling, Submission, VersionFinding
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, Conflict, Forbidden
from adscan.web.submitting.submissions import clean, signature

LONGEST_REASON = 4_000  # characters

NOT_ALONE = (Decision.REJECT.value, Decision.ERROR.value)
AFTER = {Step.RETURN: State.RETURNED, Step.APPROVE: State.APPROVED, Step.REFUSE: State.REFUSED}


def hindrances(findings: Sequence[VersionFinding], step: Step) -> list[str]:
    """In Chinese: why the findings, as they were judged so far, do not allow the step."""
    still_open = sum(one.verdict is Verdict.OPEN for one in findings)
    confirmed = sum(one.verdict is Verdict.CONFIRMED for one in findings)
    told = []
    if still_open:
        told.append(f"还有 {still_open} 项问题没有处理")
    if step is Step.APPROVE and confirmed:
        told.append(f"有 {confirmed} 项问题已认定，不能通过")
    return told


def needs_second(submission: Submission, two_person: bool) -> bool:
    """Whether one person is not enough: the machine would reject it, or could not read it."""
    return two_person and submission.latest.decision in NOT_ALONE


def needs_reason(submission: Submission, two_person: bool) -> bool:
    """Whether approval has to be explained: a second person decides, or something was not read."""
    review = submission.latest.review
    return needs_second(submission, two_person) or review is None or not is_wholly_read(review)


def decide(  # noqa: PLR0913
    session: Session,
    identity: Identity,
    submission: Submission,
    step: Step,
    reason: str,
    *,
    two_person: bool,
) -> Ruling:
    """Return, approve or refuse. Approval that needs a second person becomes a proposal.

    Raises Conflict if findings stand in the way, BadInput without a reason.
    """
    reason = _checked(reason, needed=step is not Step.APPROVE)
    _must_await_person(submission)
    if submission.proposed_by_id is not None and step is Step.APPROVE:
        raise Conflict("这件已提请复核，请由审核主管复核")
    hindered = hindrances(submission.latest.findings, step)
    if hindered:
        raise Conflict("；".join(hindered), hint="请先逐项认定或不认定")
    if step is Step.APPROVE and not reason and needs_reason(submission, two_person):
        raise BadInput(
            "机审结论是不予发布，或有内容没有读出来：通过须写明理由",
            hint="没读出来的内容请人工看过，并写明看了什么",
            reason="请写明理由",
        )
    if step is Step.APPROVE and needs_second(submission, two_person):
        submission.proposed_by_id = identity.person_id
        submission.reviewer_id = identity.person_id
        return _rule(session, identity, submission, Step.PROPOSE, reason)
    submission.reviewer_id = identity.person_id
    return _close(session, identity, submission, step, reason)


def second(
    session: Session,
    identity: Identity,
    submission: Submission,
    agrees: bool,
    reason: str,
) -> Ruling:
    """A chief reviewer agrees with a proposed approval, or does not: then it is open again.

    Raises Forbidden for the proposer and for who is no chief, Conflict, BadInput.
    """
    if identity.role is not Role.CHIEF:
        raise Forbidden("复核须由审核主管作出")
    _must_await_person(submission)
    if submission.proposed_by_id is None:
        raise Conflict("这件没有提请复核")
    if submission.proposed_by_id == identity.person_id:
        raise Forbidden("提请复核的人不能自己复核", hint="请由另一位审核主管复核")
    reason = _checked(reason, needed=not agrees)
    if not agrees:
        submission.proposed_by_id = None
        submission.waiting_since = now()
        return _rule(session, identity, submission, Step.DECLINE, reason)
    return _close(session, identity, submission, Step.APPROVE, reason)


def _close(
    session: Session, identity: Identity, submission: Submission, step: Step, reason: str
) -> Ruling:
    submission.state, submission.waiting_since = AFTER[step], now()
    submission.proposed_by_id = None
    return _rule(session, identity, submission, step, reason)


def _rule(
    session: Session, identity: Identity, submission: Submission, step: Step, reason: str
) -> Ruling:
    version = submission.latest
    ruling = Ruling(
        submission_id=submission.id, version_id=version.id, step=step, reason=reason,
        by_id=identity.person_id, at=now(), signed=signature(identity, submission),
    )  # fmt: skip
    session.add(ruling)
    session.flush()
    record(
        session, identity.login, f"submission.{step.value}", f"submission:{submission.id}",
        version=version.number, fingerprint=version.fingerprint, reason=reason,
        findings={str(one.id): one.verdict.value for one in version.findings},
    )  # fmt: skip
    return ruling


def _must_await_person(submission: Submission) -> None:
    if submission.state is not State.AWAITING_PERSON:
        raise Conflict("这件送审现在不在人审阶段", hint="请刷新页面查看最新状态")


def _checked(reason: str, *, needed: bool) -> str:
    reason = clean(reason).strip()
    if needed and not reason:
        raise BadInput("请写明理由", reason="请写明理由")
    if len(reason) > LONGEST_REASON:
        raise BadInput("理由太长", reason=f"不超过 {LONGEST_REASON} 字")
    return reason
