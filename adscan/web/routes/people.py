"""Pages of the admin: people, their links and their tokens."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload
from starlette.responses import Response

from adscan.settings import WebSettings
from adscan.web.kept.clock import now
from adscan.web.kept.numbers import row_id
from adscan.web.kept.states import Role
from adscan.web.kept.tables import ApiToken, Company, Invitation, Person, SignIn
from adscan.web.pages import database_of, go, render
from adscan.web.people import accounts as people
from adscan.web.people.access import Action, allowed
from adscan.web.people.identity import Identity
from adscan.web.people.sign_in import revoke_token
from adscan.web.problems import BadInput, Problem

router = APIRouter()

Admin = Annotated[Identity, Depends(allowed(Action.PEOPLE))]
Line = Annotated[str, Form()]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]

PAGE = 50  # rows


@router.get("/people")
def people_page(
    request: Request,
    identity: Admin,
    words: str = "",
    role: str = "",
    company: str = "",
    status: str = "",
    page: PageNumber = 1,
) -> Response:
    """Everybody, by filter, and the form for a new person."""
    given = {"words": words.strip(), "role": role, "company": company, "status": status}
    return _people(request, given=given, page=page)


@router.post("/people")
def add_person(
    request: Request,
    identity: Admin,
    login: Line = "",
    name: Line = "",
    role: Line = "",
    company: Line = "",
) -> Response:
    """A new person; their link is shown on this one page."""
    typed = {"login": login, "name": name, "role": role, "company": company}
    try:
        with database_of(request).writing() as session:
            post = _post(name, role, company)
            person, secret = people.add(session, identity, login, post, _web(request))
    except BadInput as problem:
        return _people(request, status=422, typed=typed, problem=problem)
    return _person(request, identity, person.id, secret=secret, is_new=True)


@router.get("/people/{person_id}")
def person_page(request: Request, identity: Admin, person_id: int) -> Response:
    """One person."""
    return _person(request, identity, person_id)


@router.post("/people/{person_id}")
def change_person(
    request: Request,
    identity: Admin,
    person_id: int,
    name: Line = "",
    role: Line = "",
    company: Line = "",
) -> Response:
    """Another name, role or company."""
    typed = {"name": name, "role": role, "company": company}
    try:
        with database_of(request).writing() as session:
            people.change(session, identity, person_id, _post(name, role, company))
    except BadInput as problem:
        return _person(request, identity, person_id, typed=typed, problem=problem)
    return go(request, f"/people/{person_id}", toast="已保存")


@router.post("/people/{person_id}/deactivate")
def deactivate(request: Request, identity: Admin, person_id: int) -> Response:
    """Lock them out."""
    with database_of(request).writing() as session:
        person = people.deactivate(session, identity, person_id)
    return go(request, f"/people/{person_id}", toast=f"已停用 {person.name}，其登录和令牌都已失效")


@router.post("/people/{person_id}/reactivate")
def reactivate(request: Request, identity: Admin, person_id: int) -> Response:
    """Let them in again."""
    with database_of(request).writing() as session:
        person = people.reactivate(session, identity, person_id)
    return go(request, f"/people/{person_id}", toast=f"已恢复 {person.name} 的账号")


@router.post("/people/{person_id}/link")
def new_link(request: Request, identity: Admin, person_id: int) -> Response:
    """A new one-time link, shown on this one page."""
    with database_of(request).writing() as session:
        _, secret = people.renew_link(session, identity, person_id, _web(request))
    return _person(request, identity, person_id, secret=secret)


@router.post("/people/{person_id}/tokens/{token_id}/revoke")
def end_token(request: Request, identity: Admin, person_id: int, token_id: int) -> Response:
    """End a token of theirs."""
    with database_of(request).writing() as session:
        people.find_token(session, person_id, token_id)
        revoke_token(session, identity, token_id)
    return go(request, f"/people/{person_id}", toast="令牌已吊销")


def _post(name: str, role: str, company: str) -> people.Post:
    if role not in {one.value for one in Role}:
        raise BadInput("请选择角色", role="请选择角色")
    return people.Post(name, Role(role), row_id(company))


def _people(
    request: Request,
    *,
    status: int = 200,
    given: dict[str, str] | None = None,
    page: int = 1,
    typed: dict[str, str] | None = None,
    problem: BadInput | None = None,
) -> Response:
    given = given or {"words": "", "role": "", "company": "", "status": ""}
    wanted = _wanted(given)
    with database_of(request).reading() as session:
        total = session.scalar(select(func.count()).select_from(Person).where(*wanted)) or 0
        query = select(Person).where(*wanted).options(joinedload(Person.company))
        shown = query.order_by(Person.login).limit(PAGE).offset((page - 1) * PAGE)
        return render(
            request, "people.html", status=status, people=list(session.scalars(shown)),
            total=total, page=page, pages=-(-total // PAGE), given=given,
            query=urlencode({key: value for key, value in given.items() if value}),
            typed=typed or {"login": "", "name": "", "role": "", "company": ""},
            problem=problem, fields=problem.fields if problem else {},
            roles=list(Role), companies=_all_companies(session),
        )  # fmt: skip


def _wanted(given: dict[str, str]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if given["words"]:
        words = given["words"]
        wanted.append(
            or_(
                Person.login.contains(words.lower(), autoescape=True),
                Person.name.contains(words, autoescape=True),
            )
        )
    if given["role"] in {one.value for one in Role}:
        wanted.append(Person.role == Role(given["role"]))
    company = row_id(given["company"])
    if company is not None:
        wanted.append(Person.company_id == company)
    match given["status"]:
        case "active":
            wanted.append(Person.is_active.is_(True))
        case "inactive":
            wanted.append(Person.is_active.is_(False))
        case "waiting":
            wanted.append(Person.password_hash.is_(None))
    return wanted


def _person(
    request: Request,
    identity: Identity,
    person_id: int,
    *,
    secret: str = "",
    is_new: bool = False,
    typed: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    at = now()
    with database_of(request).reading() as session:
        person = people.find_person(session, person_id)
        tokens = (
            select(ApiToken).where(ApiToken.person_id == person_id).order_by(ApiToken.id.desc())
        )
        link = select(Invitation).where(
            Invitation.person_id == person_id, Invitation.used_at.is_(None),
            Invitation.expires_at > at,
        )  # fmt: skip
        sign_ins = select(SignIn).where(SignIn.person_id == person_id, SignIn.expires_at > at)
        return render(
            request, "person.html", status=problem.status if problem else 200, person=person,
            is_self=person.id == identity.person_id, is_new=is_new, problem=problem,
            fields=getattr(problem, "fields", {}), typed=typed or _as_typed(person),
            link=f"{request.base_url}invitations/{secret}" if secret else "",
            link_hours=_web(request).invitation_hours, waiting=session.scalars(link).first(),
            sign_ins=list(session.scalars(sign_ins.order_by(SignIn.seen_at.desc()))),
            tokens=list(session.scalars(tokens)), now=at, roles=list(Role),
            companies=_all_companies(session),
        )  # fmt: skip


def _as_typed(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "role": person.role.value,
        "company": str(person.company_id or ""),
    }


def _all_companies(session: Session) -> list[tuple[str, str]]:
    found = session.execute(select(Company.id, Company.name).order_by(Company.name))
    return [(str(number), name) for number, name in found]


def _web(request: Request) -> WebSettings:
    settings: WebSettings = request.app.state.settings.web
    return settings
