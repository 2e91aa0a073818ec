"""Submissions: send one, look for them, send a new version, take one back."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Header, Query, Request, Response
from sqlalchemy.orm import Session

from adscan.web.deciding import search
from adscan.web.kept.states import Purpose, State
from adscan.web.kept.tables import Version
from adscan.web.pages import database_of
from adscan.web.people.access import find_submission, take_submission
from adscan.web.routes.api.idempotency import Done, Name, once
from adscan.web.routes.api.incoming import Incoming, Reading, described
from adscan.web.routes.api.refusals import problems
from adscan.web.routes.api.router import PREFIX, Reader, Submitter, api_router, files_of
from adscan.web.routes.api.schemas import (
    MOST_ID,
    Day,
    Line,
    NewSubmission,
    NewVersion,
    Withdrawal,
)
from adscan.web.routes.api.views import SubmissionPage, SubmissionView
from adscan.web.submitting.submissions import (
    Content,
    Intake,
    Particulars,
    content_hash,
    revise,
    submit,
    withdraw,
)
from adscan.web.submitting.uploads import Upload

router = api_router("送审")

REPEATED = "Idempotency-Replayed"

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,200}$",
        description="自己起的名字（如 UUID）。同名同内容重发只算一次，答第一次的结果；"
        "同名不同内容答 409",
    ),
]
TEXT = {"type": "string"}
AGAIN: dict[int | str, dict[str, Any]] = {
    200: {
        "model": SubmissionView,
        "description": "重发：没有再次送审",
        "headers": {REPEATED: {"schema": {"type": "string", "enum": ["true"]}}},
    },
    201: {
        "description": "已送审，等候机审",
        "headers": {"Location": {"schema": {"type": "string"}}},
    },
}


@router.post(
    "/submissions",
    status_code=201,
    summary="送审",
    responses={**AGAIN, **problems(400, 409, 413, 415)},
    openapi_extra=described("NewSubmission"),
)
def create(
    request: Request,
    response: Response,
    identity: Submitter,
    sent: Annotated[Incoming[NewSubmission], Depends(Reading(NewSubmission))],
    key: Key = None,
) -> SubmissionView:
    """文字可用 JSON；带文件用 multipart/form-data，各项同名，文件放在 creatives、permits。"""
    particulars = _particulars(sent.fields)
    content = Content(sent.fields.text, sent.creatives, sent.permits, sent.fields.note)
    intake = intake_of(request)

    def do(session: Session) -> Version:
        return submit(session, identity, particulars, content, intake).latest

    hashed = content_hash(particulars, content)
    name = Name.of(key, "submissions", hashed) if key else None
    return _answer(request, response, identity, once(database_of(request), identity, name, do))


@router.post(
    "/submissions/{submission_id}/versions",
    status_code=201,
    summary="提交新版本",
    responses={**AGAIN, **problems(400, 404, 409, 413, 415)},
    openapi_extra=described("NewVersion"),
)
def create_version(
    request: Request,
    response: Response,
    identity: Submitter,
    submission_id: int,
    sent: Annotated[Incoming[NewVersion], Depends(Reading(NewVersion))],
    key: Key = None,
) -> SubmissionView:
    """只有退回修改的送审件可以。上一版的文件只有列在 keep 里的才留下。"""
    new = sent.fields
    content = Content(new.text, sent.creatives, sent.permits, new.note)
    intake = intake_of(request)

    def do(session: Session) -> Version:
        submission = take_submission(session, identity, submission_id, new.lock)
        whole = _with_kept(request, submission.latest, content, new.keep)
        return revise(session, identity, submission, whole, intake)

    hashed = f"{content_hash(_NOTHING, content)}{sorted(new.keep)}"
    name = Name.of(key, f"submissions/{submission_id}/versions", hashed) if key else None
    with database_of(request).reading() as session:
        find_submission(session, identity, submission_id)  # else an old name would tell of it
    return _answer(request, response, identity, once(database_of(request), identity, name, do))


@router.get("/submissions", summary="查找送审件")
def find(
    request: Request,
    identity: Reader,
    state: Annotated[list[State], Query(description="可重复；空：全部", max_length=6)] = [],  # noqa: B006
    advertiser: Annotated[Line, Query(description="广告主名称的一部分")] = "",
    rule: Annotated[Line, Query(description="有这条规则的问题，且没有被“不认定”")] = "",
    words: Annotated[Line, Query(description="标题、产品、版面中的字，或编号")] = "",
    reviewer: Annotated[int | None, Query(ge=1, le=MOST_ID, description="审核员的 id")] = None,
    company: Annotated[int | None, Query(ge=1, le=MOST_ID, description="送审单位的 id")] = None,
    since: Annotated[Day | None, Query(description="从这一天起送审")] = None,
    until: Annotated[Day | None, Query(description="到这一天为止")] = None,
    oldest_first: Annotated[bool, Query(description="从旧到新")] = False,
    after: Annotated[int | None, Query(ge=0, le=MOST_ID, description="由 next 给出")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几件")] = 50,
) -> SubmissionPage:
    """新的在前。下一页的地址在 next 里，没有就是最后一页。送审员只见本单位的。"""
    filters = search.Filters(
        states=tuple(state),
        advertiser=advertiser.strip(),
        rule=rule,
        words=words.strip(),
        reviewer_id=reviewer,
        company_id=company,
        submitted_from=since,
        submitted_until=until,
        oldest_first=oldest_first,
    )
    with database_of(request).reading() as session:
        found = search.find(session, identity, filters, after, limit)
        return SubmissionPage(
            items=[SubmissionView.of(one, identity) for one in found.submissions],
            next=_next(request, found.next_after),
        )


@router.get("/submissions/{submission_id}", summary="一件送审", responses=problems(404))
def show(request: Request, identity: Reader, submission_id: int) -> SubmissionView:
    """状态、各版本和人审的经过。"""
    with database_of(request).reading() as session:
        return SubmissionView.of(find_submission(session, identity, submission_id), identity)


@router.post(
    "/submissions/{submission_id}/withdraw", summary="撤回", responses=problems(400, 404, 409, 413)
)
def take_back(
    request: Request, identity: Submitter, submission_id: int, sent: Withdrawal
) -> SubmissionView:
    """已作出决定的不能撤回。记录仍然保留。"""
    with database_of(request).writing() as session:
        submission = take_submission(session, identity, submission_id, sent.lock)
        withdraw(session, identity, submission)
        session.flush()
        session.refresh(submission)
        return SubmissionView.of(submission, identity)


def intake_of(request: Request) -> Intake:
    """What takes submissions in."""
    return Intake(request.app.state.settings, files_of(request))


_NOTHING = Particulars("", "", "", None, "", search.EARLIEST, None)


def _particulars(new: NewSubmission) -> Particulars:
    return Particulars(
        new.title, new.advertiser, new.product, new.medium, new.slot, new.planned_from,
        new.planned_until,
    )  # fmt: skip


def _with_kept(request: Request, last: Version, content: Content, keep: list[int]) -> Content:
    """The content, the files kept from the last version first."""
    kept: dict[Purpose, list[Upload]] = {purpose: [] for purpose in Purpose}
    for file in last.files:
        if file.id in keep:
            data = files_of(request).read(file.sha256)
            kept[file.purpose].append(Upload(file.name, data))
    return replace(
        content,
        creatives=(*kept[Purpose.CREATIVE], *content.creatives),
        permits=(*kept[Purpose.PERMIT], *content.permits),
    )


def _answer(
    request: Request, response: Response, identity: Submitter, done: Done
) -> SubmissionView:
    response.headers["Location"] = f"{PREFIX}/submissions/{done.submission_id}"
    if done.is_repeated:
        response.status_code = 200
        response.headers[REPEATED] = "true"
    with database_of(request).reading() as session:
        return SubmissionView.of(find_submission(session, identity, done.submission_id), identity)


def _next(request: Request, after: int | None) -> str | None:
    if after is None:
        return None
    query = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
    return f"{PREFIX}/submissions?{urlencode([*query, ('after', str(after))])}"
