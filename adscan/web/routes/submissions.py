"""The list, the form to submit, new versions, withdrawal, and the files of a submission."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool as in_thread
from starlette.responses import Response

from adscan.web.deciding import search
from adscan.web.deciding.rule_choices import rule_choices
from adscan.web.kept.numbers import row_id
from adscan.web.kept.states import OPEN_STATES, Purpose, State
from adscan.web.kept.tables import Company, Submission, Version
from adscan.web.pages import database_of, go, render
from adscan.web.people.access import Action, allowed, find_submission, may, take_submission
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, NotFound
from adscan.web.submitting.submissions import (
    Content,
    Intake,
    Particulars,
    revise,
    same_content,
    submit,
    withdraw,
)
from adscan.web.submitting.uploads import Upload, bare_name

router = APIRouter()

Reader = Annotated[Identity, Depends(allowed(Action.READ))]
Submitter = Annotated[Identity, Depends(allowed(Action.SUBMIT))]
Line = Annotated[str, Form()]
Files = list[UploadFile]


@router.get("/")
def index(
    request: Request,
    identity: Annotated[Identity, Depends(allowed(Action.ACCOUNT))],
    state: str = "",
    advertiser: str = "",
    rule: str = "",
    words: str = "",
    reviewer: str = "",
    since: str = "",
    until: str = "",
    after: Annotated[int | None, Query(ge=0, lt=2**31)] = None,
) -> Response:
    """What is to be done, and everything else by filter."""
    if not may(identity, Action.READ):
        return go(request, "/people")
    given = {
        "state": state, "advertiser": advertiser, "rule": rule, "words": words,
        "reviewer": reviewer, "since": since, "until": until,
    }  # fmt: skip
    filters = filters_of(**given)
    if not any(given.values()) and identity.role.value in ("reviewer", "chief"):
        filters = replace(filters, states=(State.AWAITING_PERSON,), oldest_first=True)
    with database_of(request).reading() as session:
        found = search.find(session, identity, filters, after)
        query = urlencode({key: value for key, value in given.items() if value})
        return render(
            request, "submissions.html", found=found, counts=search.counts(session, identity),
            given=given, query=query, filters=filters, reviewers=search.reviewers(session),
            rules=rule_choices(), open_states=OPEN_STATES, is_first=after is None,
        )  # fmt: skip


def filters_of(
    state: str = "",
    advertiser: str = "",
    rule: str = "",
    words: str = "",
    reviewer: str = "",
    since: str = "",
    until: str = "",
) -> search.Filters:
    """The filters in a page's address; what cannot be understood is left out."""
    states: tuple[State, ...] = ()
    if state == "open":
        states = OPEN_STATES
    elif state in {one.value for one in State}:
        states = (State(state),)
    return search.Filters(
        states=states,
        advertiser=advertiser.strip(),
        rule=rule,
        words=words.strip(),
        reviewer_id=row_id(reviewer),
        submitted_from=_day(since),
        submitted_until=_day(until),
    )


@router.get("/submissions/new")
def new_submission(request: Request, identity: Submitter) -> Response:
    """The empty form."""
    return _form(request, identity, None, {})


@router.post("/submissions/new")
async def create_submission(
    request: Request,
    identity: Submitter,
    title: Line = "",
    advertiser: Line = "",
    product: Line = "",
    medium: Line = "",
    slot: Line = "",
    planned_from: Line = "",
    planned_until: Line = "",
    text: Line = "",
    note: Line = "",
    creatives: Files = [],  # noqa: B006  (FastAPI copies it)
    permits: Files = [],  # noqa: B006
) -> Response:
    """Submit. What was typed comes back with whatever is wrong beside it."""
    typed = {
        "title": title, "advertiser": advertiser, "product": product, "medium": medium,
        "slot": slot, "planned_from": planned_from, "planned_until": planned_until,
        "text": text, "note": note,
    }  # fmt: skip
    content = Content(text, await _uploads(creatives), await _uploads(permits), note)
    return await in_thread(_create, request, identity, typed, content)


def _create(
    request: Request, identity: Identity, typed: dict[str, str], content: Content
) -> Response:
    state = request.app.state
    try:
        particulars = particulars_of(typed)
        with state.database.writing() as session:
            made = submit(session, identity, particulars, content, intake_of(request))
            toast = f"已送审，编号 {made.number}{_told_of_twins(session, identity, made)}"
    except BadInput as problem:
        return _form(request, identity, None, typed, problem)
    return go(request, f"/submissions/{made.id}", toast=toast)


def _told_of_twins(session: Session, identity: Identity, made: Submission) -> str:
    """Of the company's own earlier submissions, one with the same content."""
    own = (
        version.submission.number
        for version in same_content(session, made.latest)
        if version.submission.company_id == identity.company_id
    )
    number = next(own, "")
    return f"；内容与 {number} 相同" if number else ""


@router.get("/submissions/{submission_id}/revise")
def new_version(request: Request, identity: Submitter, submission_id: int) -> Response:
    """The form for a new version, the last version's words in it."""
    with database_of(request).reading() as session:
        submission = find_submission(session, identity, submission_id)
        return _form(request, identity, submission, {"text": submission.latest.text})


@router.post("/submissions/{submission_id}/revise")
async def create_version(
    request: Request,
    identity: Submitter,
    submission_id: int,
    lock: Annotated[int, Form()],
    text: Line = "",
    note: Line = "",
    creatives: Files = [],  # noqa: B006
    permits: Files = [],  # noqa: B006
    keep: Annotated[list[int], Form()] = [],  # noqa: B006
) -> Response:
    """Submit a new version; `keep` are files of the last one that stay."""
    content = Content(text, await _uploads(creatives), await _uploads(permits), note)
    return await in_thread(_revise, request, identity, submission_id, content, lock, keep)


def _revise(
    request: Request,
    identity: Identity,
    submission_id: int,
    content: Content,
    lock: int,
    keep: list[int],
) -> Response:
    state = request.app.state
    with state.database.writing() as session:
        submission = take_submission(session, identity, submission_id, lock)
        kept: dict[Purpose, list[Upload]] = {purpose: [] for purpose in Purpose}
        for file in submission.latest.files:
            if file.id in keep:
                kept[file.purpose].append(Upload(file.name, state.files.read(file.sha256)))
        content = replace(
            content,
            creatives=(*kept[Purpose.CREATIVE], *content.creatives),
            permits=(*kept[Purpose.PERMIT], *content.permits),
        )
        try:
            version = revise(session, identity, submission, content, intake_of(request))
        except BadInput as problem:
            session.rollback()
            typed = {"text": content.text, "note": content.note}
            return _form(request, identity, submission, typed, problem)
    return go(request, f"/submissions/{submission_id}", toast=f"第 {version.number} 版已送审")


@router.post("/submissions/{submission_id}/withdraw")
def take_back(
    request: Request, identity: Submitter, submission_id: int, lock: Annotated[int, Form()]
) -> Response:
    """Withdraw."""
    with database_of(request).writing() as session:
        submission = take_submission(session, identity, submission_id, lock)
        withdraw(session, identity, submission)
    return go(request, f"/submissions/{submission_id}", toast="已撤回")


@router.get("/submissions/{submission_id}/versions/{number}/files/{file_id}")
def download(
    request: Request, identity: Reader, submission_id: int, number: int, file_id: int
) -> Response:
    """A file as it was uploaded: to be saved, never shown by the browser."""
    with database_of(request).reading() as session:
        version = find_version(find_submission(session, identity, submission_id), number)
        file = next((one for one in version.files if one.id == file_id), None)
        if file is None:
            raise NotFound("没有这个文件")
        data = request.app.state.files.read(file.sha256)
        return attachment(data, file.name, "application/octet-stream")


@router.get("/submissions/{submission_id}/versions/{number}/pictures/{part}")
def picture(
    request: Request, identity: Reader, submission_id: int, number: int, part: str
) -> Response:
    """A part's picture, as the worker made it."""
    with database_of(request).reading() as session:
        version = find_version(find_submission(session, identity, submission_id), number)
        known = (version.pictures or {}).get(part)
    if known is None:
        raise NotFound("没有这张图")
    return Response(
        request.app.state.files.read(known["sha256"]),
        media_type="image/webp",
        headers={"cache-control": "private, max-age=86400, immutable"},
    )


def find_version(submission: Submission, number: int) -> Version:
    """The version with this number. Raises NotFound."""
    found = next((one for one in submission.versions if one.number == number), None)
    if found is None:
        raise NotFound(f"没有第 {number} 版")
    return found


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """Bytes that a browser saves and does not open."""
    return Response(
        data,
        media_type=media_type,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


def intake_of(request: Request) -> Intake:
    """What takes submissions in."""
    return Intake(request.app.state.settings, request.app.state.files)


def particulars_of(typed: dict[str, str]) -> Particulars:
    """The form's fields. Raises BadInput naming a date that is none."""
    first, last = _day(typed["planned_from"]), _day(typed["planned_until"])
    faults = {}
    if first is None:
        faults["planned_from"] = "请填写日期，如 2026-11-25"
    if last is None and typed["planned_until"].strip():
        faults["planned_until"] = "日期写法不对，如 2026-11-25"
    if first is None or faults:
        raise BadInput("日期有误", **faults)
    return Particulars(
        title=typed["title"],
        advertiser=typed["advertiser"],
        product=typed["product"],
        medium=typed["medium"] or None,
        slot=typed["slot"],
        planned_from=first,
        planned_until=last,
    )


def _form(
    request: Request,
    identity: Identity,
    submission: Submission | None,
    typed: dict[str, str],
    problem: BadInput | None = None,
) -> Response:
    if submission is None and not typed:
        with database_of(request).reading() as session:
            company = session.get(Company, identity.company_id)
            typed = {
                "advertiser": company.name if company else "",
                "planned_from": datetime.now().astimezone().date().isoformat(),
            }
    return render(
        request, "submission_form.html", status=422 if problem else 200, submission=submission,
        typed=typed, problem=problem, fields=problem.fields if problem else {},
    )  # fmt: skip


async def _uploads(files: Files) -> tuple[Upload, ...]:
    """The chosen files; a browser sends an empty one where none was chosen."""
    return tuple(
        [Upload(bare_name(file.filename), await file.read()) for file in files if file.filename]
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
