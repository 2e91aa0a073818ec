"""Guessing passwords takes time: tries are counted by login name and by address.

A try is counted before the password is looked at, so that many at once gain nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from adscan.web.kept.tables import SignInFailure
from adscan.web.problems import TooManyTries

FREE_TRIES = 5  # of a name; then each failure doubles the wait
FREE_OF_ADDRESS = 30  # many people may share one
FIRST_WAIT_S, LONGEST_WAIT_S = 15, 900
FORGOTTEN_AFTER = timedelta(hours=1)


def take_try(session: Session, login: str, address: str, at: datetime) -> None:
    """Count a try. Raises TooManyTries if it comes too soon: then nothing is counted."""
    session.execute(delete(SignInFailure).where(SignInFailure.last_at < at - FORGOTTEN_AFTER))
    for key, free in _keys(login, address):
        failure = _held(session, key, at)
        _check_patience(failure, free, at)
        failure.count += 1
        failure.last_at = at


def give_back(session: Session, login: str, address: str) -> None:
    """It was the right password: the name is clean again, the address has only this try back.

    Else somebody with an account could guess at others' for ever, signing in now and then.
    """
    (name, _), (place, _) = _keys(login, address)
    session.execute(delete(SignInFailure).where(SignInFailure.key == name))
    session.execute(
        update(SignInFailure)
        .where(SignInFailure.key == place, SignInFailure.count > 0)
        .values(count=SignInFailure.count - 1)
    )


def _keys(login: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
    return (f"login:{login[:64]}", FREE_TRIES), (f"address:{address[:64]}", FREE_OF_ADDRESS)


def _held(session: Session, key: str, at: datetime) -> SignInFailure:
    """The row of a key, made if there is none, and held until the transaction ends."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    row = insert(SignInFailure).values(key=key, count=0, last_at=at)
    session.execute(row.on_conflict_do_nothing())
    query = select(SignInFailure).where(SignInFailure.key == key).with_for_update()
    return session.scalars(query).one()


def _check_patience(failure: SignInFailure, free: int, at: datetime) -> None:
    if failure.count < free:
        return
    doubled = min(failure.count - free, 10)
    wait = min(FIRST_WAIT_S * 2**doubled, LONGEST_WAIT_S)
    left = wait - (at - failure.last_at).total_seconds()
    if left > 0:
        seconds = int(left) + 1
        raise TooManyTries(f"登录失败次数过多，请 {seconds} 秒后再试", seconds)
