"""What programs are told when a request cannot be done, and how that is described beforehand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from adscan.web.answers import FAULTS, answer
from adscan.web.problems import BadInput, NotFound, Problem, SignInNeeded

MEDIA_TYPE = "application/problem+json"
Handler = Callable[[Request, Exception], Awaitable[Response]]

MORE_FAULTS = {
    "string_unicode": "不是合法的 UTF-8 文字",
    "string_pattern_mismatch": "写法不对",
    "int_type": "应是整数",
    "int_parsing_size": "数字太大",
    "int_from_float": "应是整数",
    "float_type": "应是数字",
    "finite_number": "应是普通的数字",
    "bool_type": "应是 true 或 false",
    "model_attributes_type": "应是 JSON 对象",
    "model_type": "应是 JSON 对象",
    "dict_type": "应是 JSON 对象",
    "file": "应是文件",
    "text": "应是文字，不是文件",
}


class ProblemView(BaseModel):
    """出了什么问题（RFC 9457）。"""

    type: str = Field(description="问题的种类，如 urn:adscan:problem:not_found")
    title: str = Field(description="种类的中文名称")
    status: int
    detail: str = Field(description="中文说明和可以怎么办")
    instance: str = Field(description="请求的路径")
    fields: dict[str, str] = Field({}, description="哪一项有误，为什么")
    lock: int | None = Field(None, description="409：送审件现在的 lock")


class Invalid(BadInput):
    """The request is not of the form that the description asks for."""

    title = "请求的格式不对"
    code = "invalid"


class Unreadable(Problem):
    """The body is not what its content type says."""

    status = 400
    title = "请求读不出来"
    code = "unreadable"


class WrongMediaType(Problem):
    """A body of a kind that is not taken here."""

    status = 415
    title = "不支持这种内容"
    code = "wrong_media_type"


class WrongMethod(Problem):
    """The path knows other methods only."""

    status = 405
    title = "这个地址不能这样访问"
    code = "wrong_method"


TOLD = {
    400: "请求读不出来",
    401: "没有令牌，或令牌无效、过期、已吊销",
    403: "角色或令牌不允许",
    404: "没有，或您看不到",
    405: "这个地址不能这样访问",
    409: "情况已有变化，或现在的状态不允许",
    413: "上传内容太大",
    415: "不支持这种内容",
    422: "填写的内容有误",
    500: "服务内部出错",
    503: "服务暂时不可用，请按 Retry-After 再试",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": TOLD[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


ALWAYS = problems(401, 403, 405, 422, 500, 503)


def invalid(errors: Iterable[Any]) -> Invalid:
    """Each field with what is wrong, none of it echoed."""
    fields: dict[str, str] = {}
    for fault in errors:
        place = [str(key) for key in fault["loc"]]
        if place and place[0] in ("body", "query", "path", "header"):
            place = place[1:]
        name = ".".join(place)[:200] or "body"
        kind = fault["type"]
        fields[name] = MORE_FAULTS.get(kind) or FAULTS.get(kind) or "不可用"
    told = "；".join(f"{name}：{fault}" for name, fault in list(fields.items())[:5])
    problem = Invalid(told, hint="各项的写法见 /api/v1/openapi.json")
    problem.more = {"fields": fields}
    problem.fields = fields
    return problem


def invalid_model(error: ValidationError) -> Invalid:
    """Of a body that was read by hand."""
    return invalid(error.errors(include_url=False, include_context=False, include_input=False))


def install(app: FastAPI, routes: Iterable[APIRoute]) -> None:
    """What the framework refuses by itself, told to programs; pages keep their own handlers."""
    known = tuple(routes)

    async def unusable(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        if any(fault["type"] == "json_invalid" for fault in error.errors()):
            return answer(request, Unreadable("请求体不是 JSON", hint="请检查引号、逗号和编码"))
        return answer(request, invalid(error.errors()))

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        response = answer(request, _of_framework(request, error))
        if error.status_code == 405:
            response.headers["Allow"] = ", ".join(_methods(known, request.url.path))
        return response

    async def stranger(request: Request, _: Exception) -> Response:
        told = "没有带令牌，或令牌无效、过期、已吊销"
        hint = "请带上 Authorization: Bearer 令牌，令牌在“我的账户”里创建"
        return answer(request, SignInNeeded(told, hint=hint))

    _for_programs(app, SignInNeeded, stranger)
    _for_programs(app, RequestValidationError, unusable)
    _for_programs(app, HTTPException, refused)


def _for_programs(app: FastAPI, kind: type[Exception], handler: Handler) -> None:
    known = app.exception_handlers
    before: Any = known.get(kind) or known[Problem]

    async def handle(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/api/"):
            return await handler(request, error)
        response: Response = await before(request, error)
        return response

    app.add_exception_handler(kind, handle)


def _of_framework(request: Request, error: HTTPException) -> Problem:
    match error.status_code:
        case 404:
            return NotFound("没有这个接口", hint="接口的清单见 /api/v1/openapi.json")
        case 405:
            return WrongMethod(f"{request.method} 不能用于这个地址", hint="可用的方法见 Allow")
        case 415:
            return WrongMediaType("不支持这种 Content-Type", hint="请用 application/json")
        case status:
            problem = Unreadable("请求的内容读不出来", hint="请检查 Content-Type 和格式")
            problem.status = status
            return problem


def _methods(routes: Iterable[APIRoute], path: str) -> list[str]:
    found = {m for route in routes if route.path_regex.match(path) for m in route.methods or ()}
    return sorted(found) or ["GET"]
