"""What was really published, held against what was approved."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from adscan.web.machine.comparisons import find_by_number, find_comparison, request_comparison
from adscan.web.pages import database_of
from adscan.web.people.access import find_submission
from adscan.web.routes.api.incoming import Incoming, Reading, described
from adscan.web.routes.api.outcome_views import ComparisonView
from adscan.web.routes.api.refusals import problems
from adscan.web.routes.api.router import PREFIX, Comparer, Insider, api_router, shared
from adscan.web.routes.api.schemas import NewComparison
from adscan.web.routes.api.submissions import intake_of
from adscan.web.routes.api.versions import LOOK_AGAIN_S, WAIT
from adscan.web.submitting.submissions import Content

router = api_router("发布比对")
short = APIRouter(prefix="/api", dependencies=shared(), include_in_schema=False)


@short.post("/compare", status_code=202)
@router.post(
    "/compare",
    status_code=202,
    summary="发布比对",
    responses={
        202: {"description": "已收下，结果在 Location", "headers": {
            "Location": {"schema": {"type": "string"}}, **WAIT,
        }},
        **problems(400, 404, 409, 413, 415),
    },
    openapi_extra=described("NewComparison"),
)  # fmt: skip
def begin(
    request: Request,
    response: Response,
    identity: Comparer,
    sent: Annotated[Incoming[NewComparison], Depends(Reading(NewComparison, ("creatives",)))],
) -> ComparisonView:
    """把实际发布的内容（文字，或 creatives 里的文件）与已通过的送审件比对。"""
    content = Content(sent.fields.text, sent.creatives)
    with database_of(request).writing() as session:
        found = find_by_number(session, sent.fields.number)
        submission = find_submission(session, identity, found.id)
        made = request_comparison(session, identity, submission, content, intake_of(request))
        session.flush()
        response.headers["Location"] = f"{PREFIX}/comparisons/{made.id}"
        response.headers["Retry-After"] = str(LOOK_AGAIN_S)
        return ComparisonView.of(made)


@router.get("/comparisons/{comparison_id}", summary="比对结果", responses=problems(404))
def show(
    request: Request, response: Response, identity: Insider, comparison_id: int
) -> ComparisonView:
    """outcome 为空时还没有比完，请按 Retry-After 再来。"""
    with database_of(request).reading() as session:
        found = find_comparison(session, comparison_id)
        find_submission(session, identity, found.version.submission_id)
        if found.outcome is None:
            response.headers["Retry-After"] = str(LOOK_AGAIN_S)
        return ComparisonView.of(found)
