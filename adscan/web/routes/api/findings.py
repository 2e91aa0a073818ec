"""What reviewers do with single findings, and comments."""

from __future__ import annotations

from fastapi import Request

from adscan.web.deciding.findings import (
    Judgement,
    Note,
    Remark,
    add_comment,
    add_finding,
    decide_finding,
)
from adscan.web.deciding.pointing import Pointed
from adscan.web.pages import database_of
from adscan.web.people.access import find_submission
from adscan.web.routes.api.finding_views import (
    CommentList,
    CommentView,
    FindingList,
    FindingView,
    comments_of,
    findings_of,
)
from adscan.web.routes.api.refusals import problems
from adscan.web.routes.api.router import Reader, Reviewer, api_router
from adscan.web.routes.api.schemas import Judged, NewComment, NewFinding, Place
from adscan.web.routes.api.versions import find_version, latest

router = api_router("审核")

VERSION = "/submissions/{submission_id}/versions/{number}"


@router.get(f"{VERSION}/findings", summary="一版的问题", responses=problems(404))
def findings(request: Request, identity: Reader, submission_id: int, number: int) -> FindingList:
    """机审发现的和审核员补充的。送审员在有决定之后才见到人的认定。"""
    with database_of(request).reading() as session:
        return findings_of(find_version(session, identity, submission_id, number), identity)


@router.post(
    f"{VERSION}/findings",
    status_code=201,
    summary="补充一项问题",
    responses=problems(400, 404, 409, 413),
)
def add(
    request: Request, identity: Reviewer, submission_id: int, number: int, sent: NewFinding
) -> FindingView:
    """机器漏掉的。可指明一段文字或图上的一个框。"""
    remark = Remark(sent.rule, sent.explanation, sent.remedy, sent.severity)
    with database_of(request).writing() as session:
        submission = find_submission(session, identity, submission_id, held=True)
        latest(submission, number)
        row = add_finding(session, identity, submission, remark, _pointed(sent.place))
        session.flush()
        return FindingView.of(row)


@router.patch(
    f"{VERSION}/findings/{{finding_id}}",
    summary="认定或不认定",
    responses=problems(400, 404, 409, 413),
)
def judge(
    request: Request,
    identity: Reviewer,
    submission_id: int,
    number: int,
    finding_id: int,
    sent: Judged,
) -> FindingView:
    """不认定须写理由。seen 是您看到的认定，已被别人改动则不执行。"""
    judgement = Judgement(finding_id, sent.verdict, sent.reason, sent.seen)
    with database_of(request).writing() as session:
        submission = find_submission(session, identity, submission_id, held=True)
        latest(submission, number)
        return FindingView.of(decide_finding(session, identity, submission, judgement))


@router.get(f"{VERSION}/comments", summary="一版的批注", responses=problems(404))
def comments(request: Request, identity: Reader, submission_id: int, number: int) -> CommentList:
    """送审员看不到内部批注。"""
    with database_of(request).reading() as session:
        return comments_of(find_version(session, identity, submission_id, number), identity)


@router.post(
    f"{VERSION}/comments", status_code=201, summary="批注", responses=problems(400, 404, 409, 413)
)
def comment(
    request: Request, identity: Reviewer, submission_id: int, number: int, sent: NewComment
) -> CommentView:
    """针对整件、一段文字或图上的一个框。"""
    note = Note(sent.text, sent.is_internal)
    with database_of(request).writing() as session:
        submission = find_submission(session, identity, submission_id, held=True)
        latest(submission, number)
        made = add_comment(session, identity, submission, note, _pointed(sent.place))
        session.flush()
        return CommentView.of(made)


def _pointed(place: Place | None) -> Pointed:
    return place.pointed() if place else Pointed()
