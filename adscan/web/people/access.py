"""Who may do what: one table for all routes, and the company's wall around submissions."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any

from fastapi import Request
from sqlalchemy import Select
from sqlalchemy.orm import Session

from adscan.web.kept.states import Role, Scope
from adscan.web.kept.tables import Submission
from adscan.web.people.identity import Identity
from adscan.web.problems import Conflict, Forbidden, NotFound, SignInNeeded

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf"


class Action(Enum):
    """What routes ask leave for."""

    ACCOUNT = "account"  # one's own password and tokens
    READ = "read"  # submissions and what belongs to them
    SUBMIT = "submit"  # new ones, new versions, withdrawal
    REVIEW = "review"  # verdicts, comments, decisions
    SECOND = "second"  # agree with an approval against the machine, or not
    READ_INTERNAL = "read_internal"  # what submitters do not see
    COMPARE = "compare"
    EXPORT = "export"
    STATISTICS = "statistics"
    AUDIT = "audit"  # read the log
    PEOPLE = "people"  # who may sign in


_STAFF = frozenset({Role.REVIEWER, Role.CHIEF})
_READERS = _STAFF | {Role.AUDITOR}

ROLES: dict[Action, frozenset[Role]] = {
    Action.ACCOUNT: frozenset(Role),
    Action.READ: _READERS | {Role.SUBMITTER},
    Action.SUBMIT: frozenset({Role.SUBMITTER}),
    Action.REVIEW: _STAFF,
    Action.SECOND: frozenset({Role.CHIEF}),
    Action.READ_INTERNAL: _READERS,
    Action.COMPARE: _STAFF,
    Action.EXPORT: _READERS,
    Action.STATISTICS: _READERS | {Role.ADMIN},
    Action.AUDIT: frozenset({Role.AUDITOR, Role.ADMIN}),
    Action.PEOPLE: frozenset({Role.ADMIN}),
}

# What a token must carry; actions not named here are for browsers only.
SCOPES: dict[Action, Scope] = {
    Action.READ: Scope.READ,
    Action.READ_INTERNAL: Scope.READ,
    Action.STATISTICS: Scope.READ,
    Action.SUBMIT: Scope.SUBMIT,
    Action.REVIEW: Scope.REVIEW,
    Action.SECOND: Scope.REVIEW,
    Action.COMPARE: Scope.COMPARE,
    Action.EXPORT: Scope.EXPORT,
}


def may(identity: Identity, action: Action) -> bool:
    """Whether their role, and their token if they came with one, allows it."""
    if identity.role not in ROLES[action]:
        return False
    return identity.scopes is None or SCOPES.get(action) in identity.scopes


class Allowed:
    """A route's dependency: the identity, if it may do this. Raises SignInNeeded or Forbidden."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, request: Request) -> Identity:
        """See the class."""
        identity: Identity | None = request.state.identity
        if identity is None:
            raise SignInNeeded("您还没有登录，或登录已过期", hint="请登录后继续")
        if identity.scopes is None and request.method not in SAFE_METHODS:
            await _check_csrf(request, identity)
        if not may(identity, self.action):
            raise Forbidden("您的角色或令牌不允许这样做", hint="需要时请联系管理员")
        return identity


def allowed(action: Action) -> Callable[[Request], Awaitable[Identity]]:
    """The dependency for a route that does `action`."""
    return Allowed(action)


def visible(query: Select[Any], identity: Identity) -> Select[Any]:
    """Only the submissions they may see: a submitter's are those of their company."""
    if identity.role is Role.SUBMITTER:
        return query.where(Submission.company_id == identity.company_id)
    return query


def find_submission(
    session: Session, identity: Identity, submission_id: int, *, held: bool = False
) -> Submission:
    """The submission; `held` against all others until the transaction ends, if it is to change.

    Raises NotFound if there is none, and just so if it is not theirs to see.
    """
    known = 0 < submission_id < 2**31
    found = session.get(Submission, submission_id, with_for_update=held) if known else None
    if found is None or (
        identity.role is Role.SUBMITTER and found.company_id != identity.company_id
    ):
        raise NotFound("没有这件送审", hint="请检查编号")
    return found


def take_submission(
    session: Session, identity: Identity, submission_id: int, seen_lock: int
) -> Submission:
    """The submission, held to be changed. Raises NotFound; Conflict if it is not as it was seen."""
    submission = find_submission(session, identity, submission_id, held=True)
    if submission.lock != seen_lock:
        raise Conflict(
            "就在您操作之前，别人改动了这件送审",
            hint="请刷新，看过新情况再决定",
            lock=submission.lock,
        )
    return submission


async def _check_csrf(request: Request, identity: Identity) -> None:
    """The session's own token must come back, in the header or the form."""
    given = request.headers.get(CSRF_HEADER, "")
    if not given and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else ""
    if not hmac.compare_digest(given.encode(), identity.csrf.encode()):
        raise Forbidden("页面已过期或请求来源不明", hint="请刷新页面后再试")
