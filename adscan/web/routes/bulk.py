"""Bulk submission: a table and a ZIP in, a line for each row out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.concurrency import run_in_threadpool as in_thread
from starlette.responses import Response

from adscan.web.pages import render
from adscan.web.people.access import Action, allowed
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput
from adscan.web.routes.submissions import attachment
from adscan.web.submitting.bulk import MOST_ROWS, open_parcel, submit_all
from adscan.web.submitting.bulk_table import COLUMNS, template_csv, template_xlsx
from adscan.web.submitting.submissions import Intake
from adscan.web.submitting.uploads import Upload, bare_name

router = APIRouter(prefix="/bulk")

Submitter = Annotated[Identity, Depends(allowed(Action.SUBMIT))]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("")
def bulk_page(request: Request, identity: Submitter) -> Response:
    """What to send, and the form."""
    return _form(request)


@router.post("")
async def submit_bulk(
    request: Request,
    identity: Submitter,
    files: list[UploadFile] = [],  # noqa: B006  (FastAPI copies it)
) -> Response:
    """Every row that is sound is submitted; the others are told with their reason."""
    uploads = [Upload(bare_name(one.filename), await one.read()) for one in files if one.filename]
    return await in_thread(_submit, request, identity, uploads)


@router.get("/template.csv")
def csv_template(identity: Submitter) -> Response:
    """An empty table."""
    return attachment(template_csv(), "批量送审模板.csv", "text/csv; charset=utf-8")


@router.get("/template.xlsx")
def xlsx_template(identity: Submitter) -> Response:
    """An empty workbook, with a sheet that explains its columns."""
    return attachment(template_xlsx(), "批量送审模板.xlsx", XLSX)


def _submit(request: Request, identity: Identity, uploads: list[Upload]) -> Response:
    state = request.app.state
    try:
        if not uploads:
            raise BadInput("没有选择文件", hint="请选择表格，以及装有广告文件的 ZIP")
        parcel = open_parcel(uploads, state.settings.limits)
    except BadInput as problem:
        return _form(request, problem)
    intake = Intake(state.settings, state.files)
    outcomes = list(submit_all(state.database, identity, parcel, intake))
    return render(
        request, "bulk_result.html", outcomes=outcomes,
        made=[one for one in outcomes if not one.fault and not one.is_repeat],
        repeats=[one for one in outcomes if one.is_repeat],
        faulty=[one for one in outcomes if one.fault],
    )  # fmt: skip


def _form(request: Request, problem: BadInput | None = None) -> Response:
    return render(
        request, "bulk.html", status=problem.status if problem else 200, problem=problem,
        columns=[(heading, how) for _, heading, _, how in COLUMNS], most_rows=MOST_ROWS,
    )  # fmt: skip
