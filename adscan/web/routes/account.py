"""One's own account: password and API tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy import select
from starlette.responses import Response

from adscan.web.gate import client_address
from adscan.web.kept.clock import now
from adscan.web.kept.states import Scope
from adscan.web.kept.tables import ApiToken, Person
from adscan.web.pages import database_of, go, render
from adscan.web.people import sign_in
from adscan.web.people.access import ROLES, SCOPES, Action, allowed
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, Forbidden

router = APIRouter(prefix="/account")

Self = Annotated[Identity, Depends(allowed(Action.ACCOUNT))]
Line = Annotated[str, Form()]


@router.get("")
def account(request: Request, identity: Self) -> Response:
    """Password and tokens."""
    return _page(request, identity)


@router.post("/password")
def change_password(
    request: Request, identity: Self, old: Line = "", password: Line = "", again: Line = ""
) -> Response:
    """Needs the old one; all other browsers are signed out."""
    database, address = database_of(request), client_address(request)
    try:
        if password != again:
            raise BadInput("两次输入的密码不同", again="两次输入的密码不同")
        person_id = sign_in.authenticate(database, identity.login, old, address)
        with database.writing() as session:
            person = session.get_one(Person, person_id)
            sign_in.set_password(person, password)
            sign_in.end_all(session, person, but=identity.sign_in)
            sign_in.note_password(session, person)
    except Forbidden:
        return _page(request, identity, status=422, fields={"old": "现在的密码不对"})
    except BadInput as problem:
        return _page(request, identity, status=422, fields=problem.fields)
    return go(request, "/account", toast="密码已更改，其他设备上的登录已失效")


@router.post("/tokens")
def create_token(
    request: Request,
    identity: Self,
    name: Line = "",
    days: Annotated[int, Form()] = 90,
    scopes: Annotated[list[Scope], Form()] = [],  # noqa: B006  (FastAPI copies it)
) -> Response:
    """A token; its secret is shown on this one page."""
    try:
        with database_of(request).writing() as session:
            secret = sign_in.create_token(session, identity, name, scopes, days)
    except BadInput as problem:
        return _page(request, identity, status=422, fields={"token": str(problem)})
    return _page(request, identity, secret=secret)


@router.post("/tokens/{token_id}/revoke")
def revoke_token(request: Request, identity: Self, token_id: int) -> Response:
    """End a token."""
    with database_of(request).writing() as session:
        sign_in.revoke_token(session, identity, token_id)
    return go(request, "/account", toast="令牌已吊销")


def _page(
    request: Request,
    identity: Identity,
    *,
    status: int = 200,
    fields: dict[str, str] | None = None,
    secret: str = "",
) -> Response:
    useful = {scope for action, scope in SCOPES.items() if identity.role in ROLES[action]}
    with database_of(request).reading() as session:
        query = select(ApiToken).where(ApiToken.person_id == identity.person_id)
        tokens = list(session.scalars(query.order_by(ApiToken.id.desc())))
        return render(
            request, "account.html", status=status, tokens=tokens, fields=fields or {},
            secret=secret, now=now(), person=session.get_one(Person, identity.person_id),
            scopes=[scope for scope in Scope if scope in useful],
        )  # fmt: skip
