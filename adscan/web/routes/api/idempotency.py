"""A request sent twice under one name is done once: senders may safely try again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from adscan.web.kept.clock import now
from adscan.web.kept.tables import IdempotencyKey, Version
from adscan.web.people.identity import Identity
from adscan.web.problems import Conflict
from adscan.web.store.database import Database


@dataclass(frozen=True)
class Name:
    """What the sender calls its request, and a hash of all that is in it."""

    key: str
    request_hash: str

    @classmethod
    def of(cls, key: str, route: str, content_hash: str) -> Name:
        """The same content sent to another route is another request."""
        return cls(key, hashlib.sha256(f"{route}\0{content_hash}".encode()).hexdigest())


@dataclass(frozen=True)
class Done:
    """What came of a request."""

    submission_id: int
    version_number: int
    is_repeated: bool  # nothing was done this time


def once(
    database: Database, identity: Identity, name: Name | None, do: Callable[[Session], Version]
) -> Done:
    """Do it in one transaction, unless a request of this name has been done.

    Two at once: the second waits for the first, then is told what came of that.
    Raises Conflict if the name was used for something else, and whatever `do` raises; nothing is
    kept then, and the name is free.
    """
    try:
        with database.writing() as session:
            earlier = _earlier(session, identity, name)
            if earlier:
                return earlier
            version = do(session)
            if name:
                _note(session, identity, name, version)
            return Done(version.submission_id, version.number, False)
    except (IntegrityError, Conflict):  # another has just been done under this name, or on its lock
        with database.reading() as session:
            earlier = _earlier(session, identity, name)
        if earlier is None:
            raise
        return earlier


def _earlier(session: Session, identity: Identity, name: Name | None) -> Done | None:
    if name is None:
        return None
    known = session.get(IdempotencyKey, (identity.person_id, name.key))
    if known is None:
        return None
    if known.request_hash != name.request_hash:
        raise Conflict(
            "这个 Idempotency-Key 已用于另一次内容不同的请求", hint="新的请求请换一个新的值"
        )
    version = session.get_one(Version, known.version_id)
    return Done(version.submission_id, version.number, True)


def _note(session: Session, identity: Identity, name: Name, version: Version) -> None:
    session.add(
        IdempotencyKey(
            person_id=identity.person_id,
            key=name.key,
            request_hash=name.request_hash,
            submission_id=version.submission_id,
            version_id=version.id,
            created_at=now(),
        )
    )
    session.flush()
