"""Pages that hold two states of an ad against each other."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool as in_thread
from starlette.responses import Response

from adscan.web.comparing.showing import PartSides, shown_parts
from adscan.web.kept.states import JobKind
from adscan.web.kept.tables import Comparison, Submission, Version
from adscan.web.machine.changes import Changes
from adscan.web.machine.comparisons import (
    find_by_number,
    find_comparison,
    recent_comparisons,
    request_comparison,
)
from adscan.web.pages import database_of, go, render
from adscan.web.people.access import Action, allowed, find_submission
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, NotFound
from adscan.web.store.queue import ahead_of, job_of
from adscan.web.submitting.submissions import Content, Intake
from adscan.web.submitting.uploads import Upload, bare_name

router = APIRouter()

Comparer = Annotated[Identity, Depends(allowed(Action.COMPARE))]
Insider = Annotated[Identity, Depends(allowed(Action.READ_INTERNAL))]
Reader = Annotated[Identity, Depends(allowed(Action.READ))]
Line = Annotated[str, Form()]
Number = Annotated[int | None, Query(ge=0, lt=2**31)]


@router.get("/compare")
def compare_page(request: Request, identity: Comparer, submission: Number = None) -> Response:
    """The form; `submission` if one comes from its page."""
    with database_of(request).reading() as session:
        number = find_submission(session, identity, submission).number if submission else ""
        return _form(request, session, {"number": number})


@router.post("/compare")
async def begin(
    request: Request,
    identity: Comparer,
    number: Line = "",
    text: Line = "",
    creatives: list[UploadFile] = [],  # noqa: B006  (FastAPI copies it)
) -> Response:
    """Have what was published read and compared."""
    uploads = tuple(
        [Upload(bare_name(f.filename), await f.read()) for f in creatives if f.filename]
    )
    return await in_thread(_begin, request, identity, number, Content(text, uploads))


def _begin(request: Request, identity: Identity, number: str, content: Content) -> Response:
    state = request.app.state
    try:
        with state.database.writing() as session:
            submission = find_by_number(session, number)
            intake = Intake(state.settings, state.files)
            made = request_comparison(session, identity, submission, content, intake)
    except BadInput as problem:
        with state.database.reading() as session:
            return _form(request, session, {"number": number, "text": content.text}, problem)
    return go(request, f"/comparisons/{made.id}")


def _form(
    request: Request, session: Session, typed: dict[str, str], problem: BadInput | None = None
) -> Response:
    return render(
        request, "compare.html", status=422 if problem else 200, typed=typed, problem=problem,
        fields=problem.fields if problem else {}, recent=recent_comparisons(session),
    )  # fmt: skip


@router.get("/comparisons/{comparison_id}")
def comparison_page(request: Request, identity: Insider, comparison_id: int) -> Response:
    """The result, or how far it is."""
    with database_of(request).reading() as session:
        comparison = find_comparison(session, comparison_id)
        return render(request, "comparison.html", **_shown(session, comparison))


@router.get("/comparisons/{comparison_id}/progress")
def comparison_progress(request: Request, identity: Insider, comparison_id: int) -> Response:
    """How far the machine is; once it is done, the page is asked to load itself again."""
    with database_of(request).reading() as session:
        comparison = find_comparison(session, comparison_id)
        if comparison.outcome is not None:
            return Response(status_code=204, headers={"HX-Refresh": "true"})
        return render(request, "comparison_progress.html", **_shown(session, comparison))


@router.get("/comparisons/{comparison_id}/pictures/{part}")
def comparison_picture(
    request: Request, identity: Insider, comparison_id: int, part: str
) -> Response:
    """A picture of what was published, as the worker made it."""
    with database_of(request).reading() as session:
        known = (find_comparison(session, comparison_id).pictures or {}).get(part)
    if known is None:
        raise NotFound("没有这张图")
    return Response(
        request.app.state.files.read(known["sha256"]),
        media_type="image/webp",
        headers={"cache-control": "private, max-age=86400, immutable"},
    )


@router.get("/submissions/{submission_id}/changes")
def changes_page(
    request: Request,
    identity: Reader,
    submission_id: int,
    before: Annotated[int | None, Query(alias="from", ge=1, lt=2**31)] = None,
    after: Annotated[int | None, Query(alias="to", ge=1, lt=2**31)] = None,
) -> Response:
    """One version against another; the last two if it is not said which."""
    state = request.app.state
    changes = Changes(state.settings.web.data_dir / "changes", state.files)
    with database_of(request).reading() as session:
        submission = find_submission(session, identity, submission_id)
        old, new = _two_versions(submission, before, after)
        question = changes.question(old, new) if old is not new else None
        numbers = old.number, new.number
    result = changes.answer(question) if question else None  # may take long: no session is open
    with database_of(request).reading() as session:
        submission = find_submission(session, identity, submission_id)
        old, new = _two_versions(submission, *numbers)
        base = f"/submissions/{submission_id}/versions"
        sides = PartSides(
            old.pictures or {}, new.pictures or {},
            f"{base}/{old.number}/pictures", f"{base}/{new.number}/pictures",
        )  # fmt: skip
        return render(
            request, "changes.html", submission=submission, old=old, new=new, result=result,
            parts=shown_parts(result, sides) if result else [],
        )  # fmt: skip


def _two_versions(
    submission: Submission, before: int | None, after: int | None
) -> tuple[Version, Version]:
    new = _version(submission, after or submission.latest.number)
    return _version(submission, before or max(1, new.number - 1)), new


def _version(submission: Submission, number: int) -> Version:
    found = next((one for one in submission.versions if one.number == number), None)
    if found is None:
        raise NotFound(f"没有第 {number} 版")
    return found


def _shown(session: Session, comparison: Comparison) -> dict[str, Any]:
    version = comparison.version
    job = job_of(session, JobKind.COMPARE, comparison.id) if comparison.outcome is None else None
    base = f"/submissions/{version.submission_id}/versions/{version.number}/pictures"
    sides = PartSides(
        version.pictures or {}, comparison.pictures or {},
        base, f"/comparisons/{comparison.id}/pictures",
    )  # fmt: skip
    return {
        "comparison": comparison,
        "approved": version,
        "submission": version.submission,
        "result": comparison.result,
        "parts": shown_parts(comparison.result, sides) if comparison.result else [],
        "job": job,
        "ahead": ahead_of(session, job) if job else 0,
    }
