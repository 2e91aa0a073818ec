"""The workbench: a submission's version with its marks, and what is done on it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from adscan.records.rule import Severity
from adscan.rule_pages import CATEGORIES
from adscan.web.deciding import findings, rulings
from adscan.web.deciding.concluding import concluding
from adscan.web.deciding.findings import Judgement, Note, Remark
from adscan.web.deciding.pointing import Pointed
from adscan.web.deciding.rule_choices import OTHER, OTHER_TITLE, RuleChoice, rule_choices
from adscan.web.gate import is_from_htmx
from adscan.web.kept.states import JobKind, Role, State, Step, Verdict
from adscan.web.kept.tables import Submission, Version
from adscan.web.pages import database_of, go, render, toasted
from adscan.web.people.access import Action, allowed, find_submission, may, take_submission
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, NotFound
from adscan.web.showing.workbench import workbench_of
from adscan.web.store.queue import ahead_of, job_of

router = APIRouter()

Reader = Annotated[Identity, Depends(allowed(Action.READ))]
Reviewer = Annotated[Identity, Depends(allowed(Action.REVIEW))]
Line = Annotated[str, Form()]

# Reasons for a dismissal that come up every day; any other may be typed.
READY_REASONS = (
    "属于风险提示或反诈教育，不是宣传",
    "引述法规或监管原文",
    "引述他人观点，文中已作否定",
    "有法定依据或证明文件，已核对",
    "文字识别有误，原图并无此内容",
    "与所宣传的产品无关",
    "同一问题已在其他项认定",
)
STEPS = (Step.APPROVE, Step.RETURN, Step.REFUSE)


@router.get("/submissions/{submission_id}")
def latest_version(request: Request, identity: Reader, submission_id: int) -> Response:
    """The version under review."""
    return _page(request, identity, submission_id, None)


@router.get("/submissions/{submission_id}/versions/{number}")
def earlier_version(
    request: Request, identity: Reader, submission_id: int, number: int
) -> Response:
    """Any version, to be read."""
    return _page(request, identity, submission_id, number)


@router.get("/submissions/{submission_id}/progress")
def progress(request: Request, identity: Reader, submission_id: int) -> Response:
    """How far the machine is; once it is done, the page is asked to load itself again."""
    with database_of(request).reading() as session:
        submission = find_submission(session, identity, submission_id)
        if submission.state is not State.AWAITING_MACHINE:
            return Response(status_code=204, headers={"HX-Refresh": "true"})
        return render(request, "workbench_progress.html", **_waiting(session, submission))


@router.post("/submissions/{submission_id}/findings/{finding_id}/verdict")
def give_verdict(
    request: Request,
    identity: Reviewer,
    submission_id: int,
    finding_id: int,
    verdict: Line = "",
    seen: Line = "",
    reason: Line = "",
) -> Response:
    """Confirm or dismiss one finding; the answer is that finding and the decision bar."""
    judgement = Judgement(finding_id, _verdict(verdict), reason, _verdict(seen))
    with _writing(request) as session:
        submission = find_submission(session, identity, submission_id, held=True)
        findings.decide_finding(session, identity, submission, judgement)
    if not is_from_htmx(request.headers):
        return go(request, f"/submissions/{submission_id}#finding-{finding_id}")
    with database_of(request).reading() as session:
        submission = find_submission(session, identity, submission_id)
        context = _context(request, session, identity, submission, submission.latest)
        listed = context["bench"].findings
        judged = next((view for view in listed if view.row.id == finding_id), None)
        if judged is None:  # a new version has come in between
            return go(request, f"/submissions/{submission_id}")
        return render(request, "workbench_verdict.html", view=judged, **context)


@router.post("/submissions/{submission_id}/findings")
def add_finding(
    request: Request,
    identity: Reviewer,
    submission_id: int,
    rule: Line = "",
    explanation: Line = "",
    remedy: Line = "",
    severity: Line = "",
    part: Line = "",
    start: Line = "",
    end: Line = "",
    box: Line = "",
) -> Response:
    """A finding of one's own; the answer is the ad and the list anew."""
    grave = Severity(severity) if severity in set(Severity) else Severity.MEDIUM
    remark = Remark(rule, explanation, remedy, grave)
    with _writing(request) as session:
        submission = find_submission(session, identity, submission_id, held=True)
        findings.add_finding(
            session, identity, submission, remark, Pointed.read(part, start, end, box)
        )
    return _panes(request, identity, submission_id, "问题已记入并认定")


@router.post("/submissions/{submission_id}/comments")
def add_comment(
    request: Request,
    identity: Reviewer,
    submission_id: int,
    text: Line = "",
    internal: Line = "",
    part: Line = "",
    start: Line = "",
    end: Line = "",
    box: Line = "",
) -> Response:
    """A comment; the answer is the ad and the list anew."""
    note = Note(text, is_internal=bool(internal))
    with _writing(request) as session:
        submission = find_submission(session, identity, submission_id, held=True)
        findings.add_comment(
            session, identity, submission, note, Pointed.read(part, start, end, box)
        )
    return _panes(request, identity, submission_id, "批注已记入")


@router.post("/submissions/{submission_id}/rulings")
def rule(
    request: Request,
    identity: Reviewer,
    submission_id: int,
    lock: Annotated[int, Form()],
    step: Line = "",
    reason: Line = "",
) -> Response:
    """Approve, return or refuse."""
    if step not in {one.value for one in STEPS}:
        raise BadInput("没有这种决定", hint="请刷新页面")
    two_person = request.app.state.settings.web.two_person
    with _writing(request) as session:
        submission = take_submission(session, identity, submission_id, lock)
        ruling = rulings.decide(
            session, identity, submission, Step(step), reason.replace("\r\n", "\n"),
            two_person=two_person,
        )  # fmt: skip
        told = {
            Step.APPROVE: "已通过",
            Step.RETURN: "已退回修改",
            Step.REFUSE: "已决定不予发布",
            Step.PROPOSE: "已提请复核，等另一位审核主管同意",
        }[ruling.step]
    return go(request, f"/submissions/{submission_id}", toast=told)


@router.post("/submissions/{submission_id}/second")
def second(
    request: Request,
    identity: Annotated[Identity, Depends(allowed(Action.SECOND))],
    submission_id: int,
    lock: Annotated[int, Form()],
    agrees: Line = "",
    reason: Line = "",
) -> Response:
    """A second person agrees with an approval, or does not."""
    with _writing(request) as session:
        submission = take_submission(session, identity, submission_id, lock)
        rulings.second(session, identity, submission, agrees == "yes", reason.replace("\r\n", "\n"))
    told = "复核同意，已通过" if agrees == "yes" else "复核不同意，已退回人审"
    return go(request, f"/submissions/{submission_id}", toast=told)


def _writing(request: Request) -> AbstractContextManager[Session]:
    writing: AbstractContextManager[Session] = database_of(request).writing()
    return writing


def _page(request: Request, identity: Identity, submission_id: int, number: int | None) -> Response:
    with database_of(request).reading() as session:
        submission = find_submission(session, identity, submission_id)
        version = _version(submission, number)
        context = _context(request, session, identity, submission, version)
        return render(request, "workbench.html", **context)


def _version(submission: Submission, number: int | None) -> Version:
    if number is None:
        return submission.latest
    found = next((one for one in submission.versions if one.number == number), None)
    if found is None:
        raise NotFound(f"没有第 {number} 版")
    return found


def _panes(request: Request, identity: Identity, submission_id: int, toast: str) -> Response:
    """What adding changes: both sides of the workbench, read anew once it is kept."""
    if not is_from_htmx(request.headers):
        return go(request, f"/submissions/{submission_id}", toast=toast)
    with database_of(request).reading() as session:
        submission = find_submission(session, identity, submission_id)
        context = _context(request, session, identity, submission, submission.latest)
        return toasted(render(request, "workbench_panes.html", **context), toast)


def _context(
    request: Request,
    session: Session,
    identity: Identity,
    submission: Submission,
    version: Version,
) -> dict[str, Any]:
    """All that the templates of the workbench need."""
    is_staff = may(identity, Action.READ_INTERNAL)
    is_latest = version is submission.latest
    # the other side is told once it is decided, not while it is weighed
    shows_verdicts = is_staff or concluding(submission, version) is not None
    bench = None
    if version.review is not None:
        bench = workbench_of(version, internal=is_staff, weighed=shows_verdicts)
    awaits = is_latest and submission.state is State.AWAITING_PERSON
    can_decide = awaits and may(identity, Action.REVIEW)
    proposed = submission.proposed_by_id is not None
    two_person = request.app.state.settings.web.two_person
    waits = is_latest and submission.state is State.AWAITING_MACHINE
    return {
        "submission": submission,
        "shown": version,
        "bench": bench,
        "is_staff": is_staff,
        "is_latest": is_latest,
        "shows_verdicts": shows_verdicts,
        "can_decide": can_decide,
        "can_review": can_decide and not proposed,
        "can_second": can_decide and proposed and _is_second(identity, submission),
        "can_comment": can_decide,
        "steps": STEPS,
        "hindered": {step: rulings.hindrances(version.findings, step) for step in STEPS},
        "needs_second": rulings.needs_second(submission, two_person),
        "needs_reason": rulings.needs_reason(submission, two_person),
        "proposal": _proposal(submission),
        "ready_reasons": READY_REASONS,
        "rule_groups": _rule_groups() if can_decide else [],
        **(_waiting(session, submission) if waits else {"job": None, "ahead": 0}),
    }


def _is_second(identity: Identity, submission: Submission) -> bool:
    return identity.role is Role.CHIEF and identity.person_id != submission.proposed_by_id


def _proposal(submission: Submission) -> Any:
    """The ruling that asks for a second person, if one is pending."""
    if submission.proposed_by_id is None:
        return None
    return next((one for one in reversed(submission.rulings) if one.step is Step.PROPOSE), None)


def _waiting(session: Session, submission: Submission) -> dict[str, Any]:
    job = job_of(session, JobKind.REVIEW, submission.latest.id)
    return {
        "submission": submission,
        "job": job,
        "ahead": ahead_of(session, job) if job else 0,
    }


def _rule_groups() -> list[tuple[str, list[RuleChoice]]]:
    groups = [
        (CATEGORIES.get(category, category), list(rules))
        for category, rules in groupby(rule_choices(), key=lambda choice: choice.category)
    ]
    return [*groups, (OTHER_TITLE, [RuleChoice(OTHER, OTHER_TITLE, OTHER)])]


def _verdict(value: str) -> Verdict:
    try:
        return Verdict(value)
    except ValueError as error:
        raise BadInput("没有这种处理", hint="请刷新页面") from error
