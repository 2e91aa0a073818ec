"""Signing in and out, and one-time links."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import JSONResponse, Response

from adscan.web.gate import COOKIE, client_address
from adscan.web.kept.tables import Person
from adscan.web.pages import database_of, go, render
from adscan.web.people import sign_in
from adscan.web.people.access import Action, allowed
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, Forbidden, TooManyTries

router = APIRouter()

Line = Annotated[str, Form()]


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:
    """The form; who is signed in already goes on."""
    if request.state.identity is not None:
        return go(request, _local(next))
    return render(request, "login.html", next=_local(next), login="", problem=None)


@router.post("/login")
def login(request: Request, login: Line = "", password: Line = "", next: Line = "/") -> Response:
    """Sign in; from a dialog in place, the answer is the new CSRF token."""
    database, settings = database_of(request), request.app.state.settings.web
    address = client_address(request)
    in_place = "x-in-place" in request.headers
    try:
        person_id = sign_in.authenticate(database, login, password, address)
        with database.writing() as session:
            person = session.get_one(Person, person_id)
            secret = sign_in.begin(session, person, settings)
            session.flush()
            identity = sign_in.by_cookie(session, secret, settings)
    except (Forbidden, TooManyTries) as problem:
        if in_place:
            raise
        return render(
            request, "login.html", status=problem.status, next=_local(next), login=login,
            problem=problem,
        )  # fmt: skip
    assert identity is not None
    response: Response = (
        JSONResponse({"csrf": identity.csrf, "login": identity.login})
        if in_place
        else go(request, _local(next))
    )
    set_cookie(request, response, secret)
    return response


@router.post("/logout")
def logout(
    request: Request, identity: Annotated[Identity, Depends(allowed(Action.ACCOUNT))]
) -> Response:
    """Sign out of this browser."""
    with database_of(request).writing() as session:
        sign_in.end(session, identity)
    response = go(request, "/login")
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/invitations/{secret}")
def invitation_page(request: Request, secret: str) -> Response:
    """The form behind a one-time link. Opening it does not use it up."""
    with database_of(request).reading() as session:
        link = sign_in.invitation(session, secret)
        person = session.get(Person, link.person_id) if link.person_id else None
        return render(request, "invitation.html", secret=secret, person=person, fields={}, typed={})


@router.post("/invitations/{secret}")
def accept_invitation(
    request: Request,
    secret: str,
    password: Line = "",
    again: Line = "",
    login: Line = "",
    name: Line = "",
) -> Response:
    """Set the password and sign in."""
    database, settings = database_of(request), request.app.state.settings.web
    try:
        if password != again:
            raise BadInput("两次输入的密码不同", again="两次输入的密码不同")
        with database.writing() as session:
            person = sign_in.accept(session, secret, password, login, name)
            cookie = sign_in.begin(session, person, settings)
    except BadInput as problem:
        with database.reading() as session:
            link = sign_in.invitation(session, secret)
            invited = session.get(Person, link.person_id) if link.person_id else None
            return render(
                request, "invitation.html", status=422, secret=secret, person=invited,
                fields=problem.fields, typed={"login": login, "name": name},
            )  # fmt: skip
    response = go(request, "/", toast="密码已设好，您已登录")
    set_cookie(request, response, cookie)
    return response


def set_cookie(request: Request, response: Response, secret: str) -> None:
    """The session's cookie: no script reads it, no other site sends it with a form."""
    response.set_cookie(
        COOKIE, secret, httponly=True, samesite="lax", path="/",
        secure=request.url.scheme == "https",
    )  # fmt: skip


def _local(target: str) -> str:
    """Only a path of this service: a link must not lead elsewhere after signing in."""
    harmless = target.startswith("/") and not target.startswith(("//", "/\\"))
    if not harmless or not target.isprintable() or target == "/login":
        return "/"
    return quote(target, safe="/?=&%#+,;:@!$'()*~")
