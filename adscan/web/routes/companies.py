"""Pages of the admin: the companies that submit."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import func, select
from starlette.responses import Response

from adscan.web.kept.tables import Company, Person
from adscan.web.pages import database_of, go, render
from adscan.web.people import accounts as people
from adscan.web.people.access import Action, allowed
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput

router = APIRouter()

Admin = Annotated[Identity, Depends(allowed(Action.PEOPLE))]
Line = Annotated[str, Form()]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]

PAGE = 50  # rows


@router.get("/companies")
def companies_page(
    request: Request,
    identity: Admin,
    words: str = "",
    page: PageNumber = 1,
) -> Response:
    """All companies, by filter, and the form for a new one."""
    return _companies(request, words=words.strip(), page=page)


@router.post("/companies")
def add_company(request: Request, identity: Admin, name: Line = "") -> Response:
    """A new company."""
    try:
        with database_of(request).writing() as session:
            made = people.add_company(session, identity, name)
    except BadInput as problem:
        return _companies(request, status=422, typed=name, problem=problem)
    return go(request, "/companies", toast=f"已添加 {made.name}")


@router.post("/companies/{company_id}")
def rename_company(request: Request, identity: Admin, company_id: int, name: Line = "") -> Response:
    """Another name."""
    try:
        with database_of(request).writing() as session:
            people.rename_company(session, identity, company_id, name)
    except BadInput as problem:
        return _companies(request, status=422, typed=name, problem=problem, wrong_id=company_id)
    return go(request, "/companies", toast="已改名")


def _companies(
    request: Request,
    *,
    status: int = 200,
    words: str = "",
    page: int = 1,
    typed: str = "",
    problem: BadInput | None = None,
    wrong_id: int | None = None,
) -> Response:
    members = (
        select(func.count())
        .where(Person.company_id == Company.id, Person.is_active)
        .scalar_subquery()
    )
    query = select(Company, members)
    counted = select(func.count()).select_from(Company)
    if words:
        query = query.where(Company.name.contains(words, autoescape=True))
        counted = counted.where(Company.name.contains(words, autoescape=True))
    if wrong_id is not None:
        query = query.where(Company.id == wrong_id)
        counted = counted.where(Company.id == wrong_id)
    with database_of(request).reading() as session:
        total = session.scalar(counted) or 0
        shown = query.order_by(Company.name).limit(PAGE).offset((page - 1) * PAGE)
        return render(
            request, "companies.html", status=status,
            rows=[tuple(row) for row in session.execute(shown)], total=total, page=page,
            pages=-(-total // PAGE), words=words,
            query=urlencode({"words": words} if words else {}),
            typed=typed, problem=problem, wrong_id=wrong_id,
        )  # fmt: skip
