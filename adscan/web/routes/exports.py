"""Lists to take away, with the filters of the list page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from adscan.web.audit.log import record
from adscan.web.deciding.search import Filters
from adscan.web.pages import database_of
from adscan.web.people.access import Action, allowed
from adscan.web.people.identity import Identity
from adscan.web.routes.submissions import filters_of
from adscan.web.showing.corrections import corrections
from adscan.web.showing.exports import EXPORTS, as_csv, as_workbook

router = APIRouter(prefix="/exports")

Exporter = Annotated[Identity, Depends(allowed(Action.EXPORT))]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _filters(
    state: str = "",
    advertiser: str = "",
    rule: str = "",
    words: str = "",
    reviewer: str = "",
    since: str = "",
    until: str = "",
) -> Filters:
    return filters_of(state, advertiser, rule, words, reviewer, since, until)


Chosen = Annotated[Filters, Depends(_filters)]


@router.get("/corrections.jsonl")
def export_corrections(request: Request, identity: Exporter, filters: Chosen) -> Response:
    """Confirmed and dismissed findings, in the form that training takes."""
    _note(request, identity, "corrections.jsonl")
    lines = corrections(database_of(request), identity, filters)
    return _download(lines, "审核意见-训练用", "jsonl", "application/x-ndjson")


@router.get("/{name}.{ending}")
def export_list(
    request: Request,
    identity: Exporter,
    filters: Chosen,
    name: Literal["submissions", "findings"],
    ending: Literal["csv", "xlsx"],
) -> Response:
    """Submissions or findings, for a spreadsheet."""
    _note(request, identity, f"{name}.{ending}")
    export = EXPORTS[name]
    rows = export.rows(database_of(request), identity, filters)
    if ending == "csv":
        return _download(as_csv(export, rows), export.title, ending, "text/csv; charset=utf-8")
    pieces = as_workbook(export, rows, datetime.now().astimezone())
    return _download(pieces, export.title, ending, WORKBOOK)


def _note(request: Request, identity: Identity, what: str) -> None:
    """Who took what away stands in the log."""
    with database_of(request).writing() as session:
        record(session, identity.login, "exported", f"export:{what}", query=request.url.query)


def _download(
    pieces: Iterator[str] | Iterator[bytes], title: str, ending: str, media_type: str
) -> Response:
    name = f"{title}-{datetime.now().astimezone():%Y%m%d-%H%M}.{ending}"
    return StreamingResponse(
        pieces,
        media_type=media_type,
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "cache-control": "no-store",
        },
    )
