"""Passwords, browser sessions, one-time links and API tokens. Only hashes of secrets are kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from adscan.settings import WebSettings
from adscan.web.audit import SYSTEM, record
from adscan.web.identity import Identity
from adscan.web.problems import BadInput, Forbidden, NotFound, TooManyTries
from adscan.web.states import Role, Scope
from adscan.web.tables import ApiToken, Company, Invitation, Person, SignIn, SignInFailure

MIN_PASSWORD, MAX_PASSWORD = 10, 200  # characters
TOKEN_PREFIX = "adscan_"
FREE_TRIES = 5  # then each failure doubles the wait
FIRST_WAIT_S, LONGEST_WAIT_S = 15, 900
FORGOTTEN_AFTER = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=1)  # a session is not written to at every request

_HASHER = PasswordHasher()  # argon2id, the library's parameters (RFC 9106, low memory)
_NOBODY = _HASHER.hash(secrets.token_urlsafe())  # so that an unknown name takes as long


def now() -> datetime:
    """The time, aware."""
    return datetime.now(timezone.utc)


def secret_hash(secret: str) -> str:
    """How a random secret is kept; it has too many bits for guessing, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_password(session: Session, login: str, password: str, address: str) -> Person:
    """The person. Raises TooManyTries or Forbidden, in one form whatever was wrong.

    Failures must be kept: note them with `note_failure` in a transaction of their own.
    """
    login = login.strip().lower()
    for key in _keys(login, address):
        _check_patience(session.get(SignInFailure, key))
    person = session.scalars(select(Person).where(Person.login == login)).one_or_none()
    usable = person is not None and person.is_active and person.password_hash is not None
    try:
        stored = person.password_hash if person is not None and usable else None
        _HASHER.verify(stored or _NOBODY, password[:MAX_PASSWORD])
    except (VerificationError, InvalidHashError) as error:
        raise Forbidden("登录名或密码不对", hint="忘记密码请找管理员要新的登录链接") from error
    if person is None or not usable:
        raise Forbidden("登录名或密码不对", hint="忘记密码请找管理员要新的登录链接")
    if _HASHER.check_needs_rehash(person.password_hash or ""):
        person.password_hash = _HASHER.hash(password)
    for key in _keys(login, address):
        session.execute(delete(SignInFailure).where(SignInFailure.key == key))
    return person


def note_failure(session: Session, login: str, address: str) -> None:
    """Count a failed try, for the name and for the address."""
    login = login.strip().lower()[:64]
    for key in _keys(login, address):
        failure = session.get(SignInFailure, key)
        if failure is None:
            session.add(SignInFailure(key=key, count=1, last_at=now()))
        else:
            fresh = now() - failure.last_at > FORGOTTEN_AFTER
            failure.count = 1 if fresh else failure.count + 1
            failure.last_at = now()
    record(session, SYSTEM, "sign_in.failed", f"login:{login}", address=address)


def _keys(login: str, address: str) -> tuple[str, ...]:
    return f"login:{login[:64]}", f"address:{address[:64]}"


def _check_patience(failure: SignInFailure | None) -> None:
    if failure is None or failure.count < FREE_TRIES:
        return
    doubled = min(failure.count - FREE_TRIES, 10)
    wait = min(FIRST_WAIT_S * 2**doubled, LONGEST_WAIT_S)
    left = wait - (now() - failure.last_at).total_seconds()
    if left > 0:
        seconds = int(left) + 1
        raise TooManyTries(f"登录失败次数过多，请 {seconds} 秒后再试", seconds)


def set_password(person: Person, password: str) -> None:
    """Raises BadInput if it is too short to be safe."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise BadInput(
            f"密码须有 {MIN_PASSWORD} 到 {MAX_PASSWORD} 个字符",
            password=f"须有 {MIN_PASSWORD} 到 {MAX_PASSWORD} 个字符",
        )
    if password.lower() in (person.login, person.name.lower()) or len(set(password)) < 4:
        raise BadInput("密码太容易猜", password="请不要用登录名或少数几个重复的字符")
    person.password_hash = _HASHER.hash(password)


def note_password(session: Session, person: Person) -> None:
    """Record that someone changed their own password."""
    record(session, person.login, "password.set", f"person:{person.id}", by="self")


def begin(session: Session, person: Person, settings: WebSettings) -> str:
    """A new browser session; the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    at = now()
    session.add(
        SignIn(
            token_hash=secret_hash(secret),
            person_id=person.id,
            csrf=secrets.token_urlsafe(24),
            created_at=at,
            seen_at=at,
            expires_at=at + timedelta(hours=settings.session_hours),
        )
    )
    session.execute(delete(SignIn).where(SignIn.expires_at < at))
    record(session, person.login, "sign_in", f"person:{person.id}")
    return secret


def end(session: Session, identity: Identity) -> None:
    """Sign out."""
    session.execute(delete(SignIn).where(SignIn.token_hash == identity.sign_in))
    record(session, identity.login, "sign_out", f"person:{identity.person_id}")


def end_all(session: Session, person: Person, *, but: str = "") -> None:
    """Sign the person out everywhere, in all browsers but one."""
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.token_hash != but))


def by_cookie(session: Session, secret: str, settings: WebSettings) -> Identity | None:
    """Who holds this browser session; None if it is over. Idle time counts from here."""
    found = session.get(SignIn, secret_hash(secret))
    at = now()
    idle = timedelta(minutes=settings.idle_minutes)
    if found is None or at >= found.expires_at or at - found.seen_at > idle:
        return None
    if not found.person.is_active:
        return None
    return Identity.of(found.person, csrf=found.csrf, sign_in=found.token_hash)


def is_touch_due(session: Session, identity: Identity) -> bool:
    """Whether its last use was noted so long ago that it must be noted again."""
    found = session.get(SignIn, identity.sign_in)
    return found is not None and now() - found.seen_at > SEEN_EVERY


def touch(session: Session, identity: Identity) -> None:
    """Note that the browser session is in use."""
    found = session.get(SignIn, identity.sign_in)
    if found is not None:
        found.seen_at = now()


def by_token(session: Session, secret: str) -> Identity | None:
    """Whose API token it is; None if it is unknown, expired or revoked."""
    query = select(ApiToken).where(ApiToken.token_hash == secret_hash(secret))
    found = session.scalars(query).one_or_none()
    if found is None or found.revoked_at is not None or now() >= found.expires_at:
        return None
    if not found.person.is_active:
        return None
    return Identity.of(found.person, scopes=frozenset(Scope(scope) for scope in found.scopes))


def create_token(
    session: Session, identity: Identity, name: str, scopes: Iterable[Scope], days: int
) -> str:
    """A new API token; shown once. Raises BadInput."""
    chosen = sorted(scope.value for scope in set(scopes))
    if not name.strip() or not chosen or not 1 <= days <= 366:
        raise BadInput("令牌须有名称、至少一项用途，有效期 1 到 366 天")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person_id=identity.person_id,
        name=name.strip()[:100],
        token_hash=secret_hash(secret),
        prefix=secret[: len(TOKEN_PREFIX) + 6],
        scopes=chosen,
        created_at=now(),
        expires_at=now() + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    record(
        session, identity.login, "token.created", f"token:{token.id}",
        name=token.name, scopes=chosen, days=days,
    )  # fmt: skip
    return secret


def revoke_token(session: Session, identity: Identity, token_id: int) -> None:
    """End one of one's own tokens; an admin may end any. Raises NotFound."""
    token = session.get(ApiToken, token_id)
    if token is None or (token.person_id != identity.person_id and identity.role != Role.ADMIN):
        raise NotFound("没有这个令牌")
    if token.revoked_at is None:
        token.revoked_at = now()
        record(session, identity.login, "token.revoked", f"token:{token.id}")


def invite(session: Session, person: Person | None, settings: WebSettings) -> str:
    """The secret of a one-time link: to set a password, or (None) to become the first admin.

    Earlier links of the same person are void from then on.
    """
    secret = secrets.token_urlsafe(24)
    person_id = person.id if person else None
    at = now()
    earlier = Invitation.person_id == person_id if person else Invitation.person_id.is_(None)
    for old in session.scalars(select(Invitation).where(earlier, Invitation.used_at.is_(None))):
        old.used_at = at
    session.add(
        Invitation(
            token_hash=secret_hash(secret),
            person_id=person_id,
            created_at=at,
            expires_at=at + timedelta(hours=settings.invitation_hours),
        )
    )
    return secret


def invitation(session: Session, secret: str) -> Invitation:
    """The open invitation. Raises NotFound if it was used, is too old or never was."""
    query = select(Invitation).where(Invitation.token_hash == secret_hash(secret)).with_for_update()
    found = session.scalars(query).one_or_none()
    if found is None or found.used_at is not None or now() >= found.expires_at:
        raise NotFound("这个链接无效、已用过或已过期", hint="请找管理员要新的链接")
    return found


def accept(session: Session, secret: str, password: str, login: str, name: str) -> Person:
    """Use the link: the person with the password set; the first admin is made here.

    Raises NotFound or BadInput.
    """
    link = invitation(session, secret)
    if link.person_id is None:
        person = add_person(session, SYSTEM, login, name, Role.ADMIN, None)
    else:
        person = session.get_one(Person, link.person_id)
    set_password(person, password)
    link.used_at = now()
    end_all(session, person)
    record(session, person.login, "password.set", f"person:{person.id}", by="link")
    return person


def add_person(  # noqa: PLR0913, PLR0917
    session: Session, actor: str, login: str, name: str, role: Role, company: Company | None
) -> Person:
    """A new person, without a password yet. Raises BadInput."""
    login, name = login.strip().lower(), name.strip()
    if not 2 <= len(login) <= 64 or not all(c.isalnum() or c in "._-@" for c in login):
        raise BadInput("登录名不可用", login="2 到 64 个字母、数字、点、横线，不含空格")
    if not 1 <= len(name) <= 100:
        raise BadInput("缺少姓名", name="请填写姓名，不超过 100 字")
    if (role is Role.SUBMITTER) != (company is not None):
        raise BadInput("送审员须属于一家单位，其他角色不属于任何单位", company="请检查单位")
    if session.scalars(select(Person).where(Person.login == login)).first():
        raise BadInput("登录名已有人用", login="请换一个登录名")
    person = Person(
        login=login, name=name, role=role, company=company, is_active=True, created_at=now()
    )
    session.add(person)
    session.flush()
    record(
        session, actor, "person.added", f"person:{person.id}",
        login=login, role=role.value, company=company.name if company else None,
    )  # fmt: skip
    return person
