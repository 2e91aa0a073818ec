"""What can be wrong with a request: a status, a sentence in Chinese, and what to do."""

from __future__ import annotations

from typing import Any

from adscan.errors import AdscanError


class Problem(AdscanError):
    """Answered as a page, a fragment or problem+json, by who asked."""

    status = 400
    title = "请求有误"

    def __init__(self, message: str, *, hint: str = "", **more: Any) -> None:
        super().__init__(message, hint=hint)
        self.more = more  # further members of problem+json


class BadInput(Problem):
    """A value cannot be used. `fields` says which, and why, to show beside it."""

    status = 422
    title = "填写的内容有误"
    code = "bad_input"

    def __init__(self, message: str, *, hint: str = "", **fields: str) -> None:
        super().__init__(message, hint=hint, **({"fields": fields} if fields else {}))
        self.fields = fields


class SignInNeeded(Problem):
    """Nobody is signed in, or no longer."""

    status = 401
    title = "需要登录"
    code = "sign_in_needed"


class Forbidden(Problem):
    """Their role or token does not allow it."""

    status = 403
    title = "没有权限"
    code = "forbidden"


class NotFound(Problem):
    """It is not there, or not theirs to see."""

    status = 404
    title = "没有找到"
    code = "not_found"


class Conflict(Problem):
    """Someone else was faster, or its state does not allow it any more."""

    status = 409
    title = "情况已有变化"
    code = "conflict"


class TooLargeUpload(Problem):
    """More bytes than the service takes."""

    status = 413
    title = "上传内容太大"
    code = "too_large"


class TooManyTries(Problem):
    """Signing in has failed too often."""

    status = 429
    title = "尝试次数过多"
    code = "too_many_tries"

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(Problem):
    """The database is gone for the moment."""

    status = 503
    title = "服务暂时不可用"
    code = "unavailable"


def unavailable() -> Unavailable:
    """What is said while the database cannot be reached."""
    return Unavailable("数据库暂时连不上，您的操作没有执行", hint="填写的内容请保留，稍后再试")
