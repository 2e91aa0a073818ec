"""Passwords, browser sessions, one-time links and API tokens. Only hashes of secrets are kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from adscan.settings import WebSettings
from adscan.web.audit.log import SYSTEM, record
from adscan.web.kept.clock import now
from adscan.web.kept.states import Role, Scope
from adscan.web.kept.tables import ApiToken, Company, Invitation, Person, SignIn
from adscan.web.people import throttle
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, Forbidden, NotFound
from adscan.web.store.database import Database

MIN_PASSWORD, MAX_PASSWORD = 10, 200  # characters
TOKEN_PREFIX = "adscan_"
SEEN_EVERY = timedelta(minutes=1)  # a session is not written to at every request

_HASHER = PasswordHasher()  # argon2id, the library's parameters (RFC 9106, low memory)
_NOBODY = _HASHER.hash(secrets.token_urlsafe())  # so that an unknown name takes as long


def secret_hash(secret: str) -> str:
    """How a random secret is kept; it has too many bits for guessing, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def authenticate(database: Database, login: str, password: str, address: str) -> int:
    """The person's id. Raises TooManyTries or Forbidden, in one form whatever was wrong.

    The password is hashed outside any transaction: on SQLite all others would wait for it.
    """
    login = _tidy_login(login)
    with database.writing() as session:
        throttle.take_try(session, login, address, now())
    with database.reading() as session:
        person = session.scalars(select(Person).where(Person.login == login)).one_or_none()
    usable = person is not None and person.is_active and person.password_hash is not None
    stored = person.password_hash if person is not None and usable else None
    is_right = _matches(stored or _NOBODY, password) and stored is not None
    with database.writing() as session:
        if person is not None and stored is not None and is_right:
            throttle.give_back(session, login, address)
            if _HASHER.check_needs_rehash(stored):
                session.get_one(Person, person.id).password_hash = _HASHER.hash(password)
            return person.id
        record(session, SYSTEM, "sign_in.failed", f"login:{login}", address=address)
    raise Forbidden("登录名或密码不对", hint="忘记密码请找管理员要新的登录链接")


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password[:MAX_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


def _tidy_login(login: str) -> str:
    """As logins are kept; what no login has is left out, for the log and the counters hold it."""
    return "".join(c for c in login.strip().lower() if c.isprintable())[:64]


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
    """A new browser session; the secret for its cookie. Raises Forbidden for who is locked out."""
    if not person.is_active:
        raise Forbidden("账号已停用", hint="请联系管理员")
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
    name = name.strip()
    if not name or not name.isprintable() or not chosen or not 1 <= days <= 366:
        raise BadInput("令牌须有名称、至少一项用途，有效期 1 到 366 天")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person_id=identity.person_id,
        name=name[:100],
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
    token = session.get(ApiToken, token_id) if 0 < token_id < 2**31 else None
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
        raise _void_link()
    if found.person_id is not None and not session.get_one(Person, found.person_id).is_active:
        raise _void_link()
    return found


def _void_link() -> NotFound:
    return NotFound("这个链接无效、已用过或已过期", hint="请找管理员要新的链接")


def accept(session: Session, secret: str, password: str, login: str, name: str) -> Person:
    """Use the link: the person with the password set; the first admin is made here.

    Raises NotFound or BadInput.
    """
    link = invitation(session, secret)
    if link.person_id is None:
        if session.scalars(select(Person.id).where(Person.role == Role.ADMIN)).first():
            raise _void_link()  # somebody else was first
        person = add_person(session, SYSTEM, login, name, Role.ADMIN, None)
    else:
        person = session.get_one(Person, link.person_id)
    set_password(person, password)
    link.used_at = now()
    end_all(session, person)
    record(session, person.login, "password.set", f"person:{person.id}", by="link")
    _revoke_all(session, person)
    return person


def _revoke_all(session: Session, person: Person) -> None:
    """A password is reset where it may have been stolen: whoever had it may have made tokens."""
    valid = select(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    for token in session.scalars(valid.order_by(ApiToken.id)):
        token.revoked_at = now()
        record(session, person.login, "token.revoked", f"token:{token.id}", by="link")


def add_person(  # noqa: PLR0913, PLR0917
    session: Session, actor: str, login: str, name: str, role: Role, company: Company | None
) -> Person:
    """A new person, without a password yet. Raises BadInput."""
    login, name = login.strip().lower(), name.strip()
    if not 2 <= len(login) <= 64 or not all(c.isalnum() or c in "._-@" for c in login):
        raise BadInput("登录名不可用", login="2 到 64 个字母、数字、点、横线，不含空格")
    if not 1 <= len(name) <= 100 or not name.isprintable():
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
