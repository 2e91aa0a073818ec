"""A version: what was submitted, and the machine's review of it word for word."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from adscan.report.document import as_json
from adscan.web.answers import answer
from adscan.web.kept.tables import Submission, Version
from adscan.web.pages import database_of
from adscan.web.people.access import find_submission
from adscan.web.people.identity import Identity
from adscan.web.problems import Conflict, NotFound
from adscan.web.routes.api.refusals import problems
from adscan.web.routes.api.router import Reader, api_router
from adscan.web.routes.api.views import VersionView

router = api_router("机审")

LOOK_AGAIN_S = 2
WAIT = {"Retry-After": {"schema": {"type": "string"}, "description": "几秒后再来"}}
NOT_YET: dict[int | str, dict[str, Any]] = {
    409: {**problems(409)[409], "description": "机审还没有完成", "headers": WAIT}
}
REVIEW = {"application/json": {"schema": {"$ref": "#/components/schemas/Review"}}}


@router.get(
    "/submissions/{submission_id}/versions/{number}", summary="一版的内容", responses=problems(404)
)
def show(request: Request, identity: Reader, submission_id: int, number: int) -> VersionView:
    """文字、文件清单和机审结论。"""
    with database_of(request).reading() as session:
        return VersionView.of(find_version(session, identity, submission_id, number))


@router.get(
    "/submissions/{submission_id}/versions/{number}/review",
    summary="机审结果",
    response_class=Response,
    responses={
        200: {"description": "与机审时一字不差", "content": REVIEW},
        **problems(404),
        **NOT_YET,
    },
)
def review(request: Request, identity: Reader, submission_id: int, number: int) -> Response:
    """即 `adscan check --format json` 的格式。还没有审完时答 409，请按 Retry-After 再来。"""
    with database_of(request).reading() as session:
        kept = find_version(session, identity, submission_id, number).review
    if kept is None:
        response = answer(request, Conflict("机审还没有完成", hint=f"请过 {LOOK_AGAIN_S} 秒再来"))
        response.headers["Retry-After"] = str(LOOK_AGAIN_S)
        return response
    return Response(as_json(kept), media_type="application/json")


def find_version(
    session: Session, identity: Identity, submission_id: int, number: int
) -> Version:  # fmt: skip
    """The version, if they may see the submission. Raises NotFound."""
    return version_of(find_submission(session, identity, submission_id), number)


def latest(submission: Submission, number: int) -> Version:
    """The version with this number, if it is the one under review. Raises NotFound, Conflict."""
    version = version_of(submission, number)
    if version is not submission.latest:
        raise Conflict(
            "已有更新的版本，这一版不能再改动", hint=f"请看第 {submission.latest.number} 版"
        )
    return version


def version_of(submission: Submission, number: int) -> Version:
    """Raises NotFound."""
    found = next((one for one in submission.versions if one.number == number), None)
    if found is None:
        raise NotFound("没有这一版")
    return found
