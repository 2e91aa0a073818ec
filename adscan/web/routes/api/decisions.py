"""What reviewers decide on a submission as a whole, and the document on it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from adscan.web.deciding.rulings import decide, second
from adscan.web.kept.states import Step
from adscan.web.pages import database_of
from adscan.web.people.access import find_submission, take_submission
from adscan.web.routes.api.outcome_views import OpinionView
from adscan.web.routes.api.refusals import problems
from adscan.web.routes.api.router import Reader, Reviewer, Second, api_router, files_of
from adscan.web.routes.api.schemas import NewDecision, SecondOpinion
from adscan.web.routes.api.views import SubmissionView
from adscan.web.routes.opinion import opinions_folder
from adscan.web.routes.submissions import attachment
from adscan.web.showing.opinion import Opinion, find_opinion
from adscan.web.showing.press import PRESS

router = api_router("审核")
opinions = api_router("意见书")

PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "PDF",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}
OnVersion = Annotated[int | None, Query(description="针对第几版；空：最新一版")]


@router.post(
    "/submissions/{submission_id}/decision",
    summary="作出决定",
    responses=problems(400, 404, 409, 413),
)
def conclude(
    request: Request, identity: Reviewer, submission_id: int, sent: NewDecision
) -> SubmissionView:
    """全部问题处理之后才能决定。机审结论为拒绝时，通过先成为提请，须另一位审核主管复核。"""
    two_person = request.app.state.settings.web.two_person
    with database_of(request).writing() as session:
        submission = take_submission(session, identity, submission_id, sent.lock)
        step = Step(sent.step.value)
        decide(session, identity, submission, step, sent.reason, two_person=two_person)
        session.flush()
        session.refresh(submission)
        return SubmissionView.of(submission, identity)


@router.post(
    "/submissions/{submission_id}/second",
    summary="复核",
    responses=problems(400, 404, 409, 413),
)
def review_proposal(
    request: Request, identity: Second, submission_id: int, sent: SecondOpinion
) -> SubmissionView:
    """审核主管对提请通过的复核；提请的人不能自己复核。"""
    with database_of(request).writing() as session:
        submission = take_submission(session, identity, submission_id, sent.lock)
        second(session, identity, submission, sent.agrees, sent.reason)
        session.flush()
        session.refresh(submission)
        return SubmissionView.of(submission, identity)


@opinions.get(
    "/submissions/{submission_id}/opinion", summary="意见书", responses=problems(404, 409)
)
def opinion(
    request: Request, identity: Reader, submission_id: int, version: OnVersion = None
) -> OpinionView:
    """预审意见书（或退回时的修改意见）的内容。还没有决定时答 409。"""
    return OpinionView.of(_find(request, identity, submission_id, version))


@opinions.get(
    "/submissions/{submission_id}/opinion.pdf",
    summary="意见书 PDF",
    response_class=Response,
    responses={**PDF, **problems(404, 409)},
)
def opinion_as_pdf(
    request: Request, identity: Reader, submission_id: int, version: OnVersion = None
) -> Response:
    """与网页版同文。"""
    made, data = PRESS.opinion(
        request.app.state.templates,
        lambda: _find(request, identity, submission_id, version),
        opinions_folder(request),
    )
    return attachment(data, f"{made.file_name}.pdf", "application/pdf")


def _find(request: Request, identity: Reader, submission_id: int, version: int | None) -> Opinion:
    with database_of(request).reading() as session:
        submission = find_submission(session, identity, submission_id)
        return find_opinion(session, submission, files_of(request).read, version)
