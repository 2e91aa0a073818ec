"""What all routes of the API have in common: the bearer token, and how errors are described."""

from __future__ import annotations

import logging
import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Security, params
from fastapi.security import HTTPBearer
from sqlalchemy import or_, update
from sqlalchemy.exc import DBAPIError

from adscan.web.kept.clock import now
from adscan.web.kept.tables import ApiToken
from adscan.web.pages import database_of
from adscan.web.people.access import Action, allowed
from adscan.web.people.identity import Identity
from adscan.web.people.sign_in import SEEN_EVERY, secret_hash
from adscan.web.routes.api.refusals import ALWAYS
from adscan.web.store.files import FileStore

log = logging.getLogger(__name__)

PREFIX = "/api/v1"

Reader = Annotated[Identity, Depends(allowed(Action.READ))]
Submitter = Annotated[Identity, Depends(allowed(Action.SUBMIT))]
Reviewer = Annotated[Identity, Depends(allowed(Action.REVIEW))]
Second = Annotated[Identity, Depends(allowed(Action.SECOND))]
Comparer = Annotated[Identity, Depends(allowed(Action.COMPARE))]
Insider = Annotated[Identity, Depends(allowed(Action.READ_INTERNAL))]

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="在“我的账户”里创建的令牌，以 adscan_ 开头；有用途和有效期",
)


class _Uses:
    """When this process noted the use of each token: not at every request."""

    def __init__(self) -> None:
        self._noted: dict[str, float] = {}

    def is_due(self, token_hash: str) -> bool:
        at, every = time.monotonic(), SEEN_EVERY.total_seconds()
        if at - self._noted.get(token_hash, -every) < every:
            return False
        self._noted = {key: when for key, when in self._noted.items() if at - when < every}
        self._noted[token_hash] = at
        return True


def note_use(request: Request) -> None:
    """Keep when the token was last used, at most once a minute."""
    if request.state.identity is None:
        return
    uses: Any = request.app.state
    if not hasattr(uses, "token_uses"):
        uses.token_uses = _Uses()
    secret = request.headers.get("authorization", "").partition(" ")[2].strip()
    token_hash = secret_hash(secret)
    if not uses.token_uses.is_due(token_hash):
        return
    at = now()
    stale = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < at - SEEN_EVERY)
    try:
        with database_of(request).writing() as session:
            session.execute(
                update(ApiToken)
                .where(ApiToken.token_hash == token_hash, stale)
                .values(last_used_at=at)
            )
    except DBAPIError as error:  # the request itself may well succeed
        log.warning("use of a token not noted: %s", error.orig)


def api_router(tag: str) -> APIRouter:
    """A router of the API."""
    return APIRouter(
        prefix=PREFIX,
        tags=[tag],
        dependencies=shared(),
        responses=ALWAYS,
    )


def shared() -> list[params.Depends]:
    """What every route depends on, besides its permission."""
    return [Security(bearer), Depends(note_use)]


def files_of(request: Request) -> FileStore:
    """Where files are kept."""
    files: FileStore = request.app.state.files
    return files
