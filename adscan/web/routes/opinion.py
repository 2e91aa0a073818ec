"""The decision document, as a page and as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from adscan.web.pages import database_of
from adscan.web.people.access import Action, allowed, find_submission
from adscan.web.people.identity import Identity
from adscan.web.showing.opinion import Opinion, find_opinion, render_opinion
from adscan.web.showing.press import PRESS

router = APIRouter()

Reader = Annotated[Identity, Depends(allowed(Action.READ))]
VersionNumber = Annotated[int | None, Query(ge=1, lt=2**31)]


@router.get("/submissions/{submission_id}/opinion")
def opinion(
    request: Request, identity: Reader, submission_id: int, version: VersionNumber = None
) -> Response:
    """The document on the latest version, or on the one asked for."""
    found = _find(request, identity, submission_id, version)
    back = f"/submissions/{submission_id}"
    return HTMLResponse(render_opinion(request.app.state.templates, found, back=back))


@router.get("/submissions/{submission_id}/opinion.pdf")
def opinion_on_paper(
    request: Request, identity: Reader, submission_id: int, version: VersionNumber = None
) -> Response:
    """The same to file."""
    found, data = PRESS.opinion(
        request.app.state.templates,
        lambda: _find(request, identity, submission_id, version),
        opinions_folder(request),
    )
    name = quote(f"{found.file_name}.pdf")
    return Response(
        data,
        media_type="application/pdf",
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{name}",
            "cache-control": "private, no-store",
        },
    )


def opinions_folder(request: Request) -> Path:
    """Where printed documents are kept."""
    data_dir: Path = request.app.state.settings.web.data_dir
    return data_dir / "opinions"


def _find(request: Request, identity: Identity, submission_id: int, version: int | None) -> Opinion:
    with database_of(request).reading() as session:
        submission = find_submission(session, identity, submission_id)
        return find_opinion(session, submission, request.app.state.files.read, version)
