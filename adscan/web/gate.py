"""The first thing every request meets: who it is, how much it may send, which headers go back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import anyio
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request

from adscan.settings import WebSettings
from adscan.web.people.identity import Identity
from adscan.web.people.sign_in import by_cookie, by_token, is_touch_due, touch
from adscan.web.problems import (
    BadInput,
    Forbidden,
    Problem,
    SignInNeeded,
    TooLargeUpload,
    unavailable,
)
from adscan.web.store.database import Database, is_lost

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

COOKIE = "adscan_session"
STRANGERS_BYTES = 100_000  # enough for a form to sign in
JSON_BYTES = 5_000_000  # parsed at once, many times its size in memory
PATIENCE = 5  # times the limit is read and thrown away, so that the answer is heard

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
STATIC_CACHE = "public, max-age=600"


class Gate:
    """ASGI middleware. `request.state.identity` is None for strangers."""

    def __init__(
        self,
        app: App,
        database: Database,
        settings: WebSettings,
        answer: Callable[[Request, Problem], Any],
    ) -> None:
        self.app = app
        self._database = database
        self._settings = settings
        self._answer = answer  # problem → response

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        scope.setdefault("state", {})["identity"] = None
        send = _with_headers(scope, send)
        try:
            _check_origin(request)
            _check_address(scope)
            if not scope["path"].startswith("/static/"):
                scope["state"]["identity"] = await self._identify(request)
        except Problem as problem:
            await self._answer(request, problem)(scope, receive, send)
            return
        except DBAPIError as error:
            if not is_lost(error):
                raise
            await self._answer(request, unavailable())(scope, receive, send)
            return
        known = scope["state"]["identity"] is not None
        most = self._settings.max_upload_bytes if known else STRANGERS_BYTES
        if request.headers.get("content-type", "").startswith("application/json"):
            most = min(most, JSON_BYTES)
        meter = _Meter(receive, send, most)
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > most:
            meter.is_over = True
        else:
            await self.app(scope, meter.receive, meter.send)
        if meter.is_over and not meter.has_answered:
            await meter.drain(self._settings.max_upload_bytes * PATIENCE)
            refusal = (
                too_large(most)
                if known
                else SignInNeeded("没有登录或登录已过期，不能上传", hint="请登录后再提交")
            )
            await self._answer(request, refusal)(scope, receive, send)

    async def _identify(self, request: Request) -> Identity | None:
        authorization = request.headers.get("authorization", "")
        if request.url.path.startswith("/api/"):
            kind, _, secret = authorization.partition(" ")
            secret = secret.strip() if kind.lower() == "bearer" else ""
        else:
            secret = request.cookies.get(COOKIE, "")
        if not secret:
            return None
        return await anyio.to_thread.run_sync(self._look_up, request.url.path, secret)

    def _look_up(self, path: str, secret: str) -> Identity | None:
        with self._database.reading() as session:
            if path.startswith("/api/"):
                return by_token(session, secret)
            identity = by_cookie(session, secret, self._settings)
            due = identity is not None and is_touch_due(session, identity)
        if identity is not None and due and not path.endswith("/progress"):
            with self._database.writing() as session:  # a page that only waits counts as idle
                touch(session, identity)
        return identity


def too_large(most: int) -> TooLargeUpload:
    """What is said of a body of more than `most` bytes."""
    return TooLargeUpload(
        f"一次最多上传 {most // 1_000_000} MB", hint="请压缩图片、分几次送审，或请管理员调整上限"
    )


class _Meter:
    """Counts the body's bytes as they come; what answers once there are too many is held back."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send = receive, send
        self._most, self._seen = most, 0
        self.is_over = self.has_answered = self._ended = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        if self._seen > self._most:
            self.is_over = True
            raise TooLargeUpload("上传内容太大")
        return message

    async def send(self, message: Message) -> None:
        if self.is_over and not self.has_answered:
            return  # an error about a broken body; the gate says what really is wrong
        self.has_answered = True
        await self._send(message)

    async def drain(self, most: int) -> None:
        """Read the rest without keeping it."""
        while not self._ended and self._seen <= most:
            message = await self._receive()
            self._seen += len(message.get("body", b""))
            self._ended = message["type"] != "http.request" or not message.get("more_body", False)


def _check_origin(request: Request) -> None:
    """Nothing is changed on behalf of another site's page."""
    if request.method in ("GET", "HEAD", "OPTIONS") or request.url.path.startswith("/api/"):
        return
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    foreign = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if foreign or site not in ("same-origin", "none"):
        raise Forbidden("请求来自别的网站，没有执行", hint="请从本系统的页面操作")


def _check_address(scope: MutableMapping[str, Any]) -> None:
    """No database's text holds NUL, and nobody means it."""
    if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
        raise BadInput("地址里有不能用的字符", hint="请从本系统的页面进入")


def _with_headers(scope: MutableMapping[str, Any], send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            if scope["path"].startswith("/static/"):
                headers.setdefault("cache-control", STATIC_CACHE)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            message["headers"] = headers.raw
        await send(message)

    return sending


def client_address(request: Request) -> str:
    """Where it comes from, for throttling; uvicorn has put a trusted proxy's word in place."""
    return request.client.host if request.client else "unknown"


def is_from_htmx(headers: Headers) -> bool:
    """Whether a script of ours asks for a fragment."""
    return headers.get("hx-request") == "true" or "x-in-place" in headers
