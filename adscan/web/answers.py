"""How problems are answered: problem+json to programs, a fragment to scripts, a page to people."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from adscan.errors import InputError
from adscan.web.gate import is_from_htmx
from adscan.web.pages import SEE_OTHER, render
from adscan.web.problems import (
    BadInput,
    Conflict,
    NotFound,
    Problem,
    SignInNeeded,
    TooManyTries,
    unavailable,
)
from adscan.web.store.database import is_lost
from adscan.web.store.files import FileIsMissing

log = logging.getLogger(__name__)

RETRY_AFTER_S = 10

# pydantic's kinds of fault, in Chinese; others are told by their name alone.
FAULTS = {
    "missing": "没有填写",
    "int_parsing": "应是整数",
    "float_parsing": "应是数字",
    "bool_parsing": "应是 true 或 false",
    "date_from_datetime_parsing": "应是日期，如 2026-11-25",
    "date_parsing": "应是日期，如 2026-11-25",
    "date_type": "应是日期，如 2026-11-25",
    "enum": "不在允许的值之内",
    "literal_error": "不在允许的值之内",
    "string_too_long": "太长",
    "string_too_short": "太短",
    "string_type": "应是文字",
    "json_invalid": "不是 JSON",
    "extra_forbidden": "没有这一项",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "greater_than": "太小",
    "less_than": "太大",
    "list_type": "应是列表",
    "too_long": "太多",
    "too_short": "太少",
}


class Failure(Problem):
    """A fault of ours."""

    status = 500
    title = "服务内部出错"
    code = "internal"


class Missing(NotFound):
    """It is on record, but its bytes are gone."""

    title = "文件缺失"
    code = "file_missing"


class Other(Problem):
    """What the framework refuses by itself."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def answer(request: Request, problem: Problem) -> Response:
    """The response to a problem."""
    headers = {}
    if problem.status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if isinstance(problem, TooManyTries):
        headers["Retry-After"] = str(problem.retry_after_s)
    if request.url.path.startswith("/api/"):
        response = _as_json(request, problem)
        if problem.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
    elif is_from_htmx(request.headers):
        response = JSONResponse(_document(request, problem), problem.status)
        headers["X-Toast"] = quote(str(problem))
    elif isinstance(problem, SignInNeeded) and request.method == "GET":
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        response = RedirectResponse(f"/login?next={quote(path)}", SEE_OTHER)
    else:
        response = render(request, "problem.html", status=problem.status, problem=problem)
    response.headers.update(headers)
    return response


def _as_json(request: Request, problem: Problem) -> Response:
    """RFC 9457."""
    return JSONResponse(
        _document(request, problem), problem.status, media_type="application/problem+json"
    )


def _document(request: Request, problem: Problem) -> dict[str, Any]:
    return {
        "type": f"urn:adscan:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": str(problem),
        "instance": request.url.path,
        **problem.more,
    }


def install(app: FastAPI) -> None:
    """Every exception that leaves a route is answered here."""

    def add(kind: type[Exception], turn: Any) -> None:
        async def handle(request: Request, error: Exception) -> Response:
            return answer(request, turn(error))

        app.add_exception_handler(kind, handle)

    add(Problem, lambda error: error)
    add(InputError, lambda error: BadInput(error.message, hint=error.hint))
    add(RequestValidationError, _unusable)
    add(StaleDataError, lambda _: stale())
    add(DBAPIError, _of_database)
    add(FileIsMissing, _of_store)
    add(HTTPException, _of_framework)
    add(Exception, lambda _: Failure("处理时出了意外", hint="请稍后再试；仍不行请联系管理员"))


def stale() -> Conflict:
    """Someone changed it between looking and acting."""
    return Conflict("就在您操作之前，别人改动了这件送审", hint="请刷新，看过新情况再决定")


def _of_database(error: DBAPIError) -> Problem:
    if is_lost(error):
        log.warning("the database is gone: %s", error.orig)
        return unavailable()
    if isinstance(error, DataError):
        return BadInput("有的内容太长，或含有不能保存的字符", hint="请检查后再提交")
    log.error("database", exc_info=error)
    return Failure("处理时出了意外", hint="请稍后再试；仍不行请联系管理员")


def _of_store(error: FileIsMissing) -> Problem:
    log.error("a file is missing from the data folder: %s", error.filename)
    return Missing("文件有记录，但数据目录里缺少它", hint="请联系管理员从备份恢复数据目录后再试")


def _of_framework(error: HTTPException) -> Problem:
    match error.status_code:
        case 404:
            return NotFound("没有这个页面", hint="请检查地址")
        case 405:
            return Other(405, "这个地址不能这样访问")
        case 400:
            return Other(400, "请求的内容读不出来，请检查格式")
        case status:
            return Other(status, f"请求没有执行（{status}）")


def _unusable(error: RequestValidationError) -> Problem:
    """Each field with what is wrong, none of it echoed."""
    where = {str(fault["loc"][0]) for fault in error.errors()}
    if "path" in where:
        return NotFound("没有这个页面", hint="请检查地址")
    if where == {"query"}:
        return BadInput("地址里的条件读不懂", hint="请从页面上的筛选和翻页进入")
    fields: dict[str, str] = {}
    for fault in error.errors():
        place = [str(key) for key in fault["loc"] if key not in ("body", "query", "path", "header")]
        fields[".".join(place) or "body"] = FAULTS.get(fault["type"], "不可用")
    told = "；".join(f"{name}{fault}" for name, fault in fields.items())
    problem = BadInput(f"填写的内容有误：{told}")
    problem.more = {"fields": fields}
    problem.fields = fields
    return problem
