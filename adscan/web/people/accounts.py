"""What an admin does: companies, people, their roles, their ways in. Every step is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from adscan.settings import WebSettings
from adscan.web.audit.log import record
from adscan.web.kept.clock import now
from adscan.web.kept.states import Role
from adscan.web.kept.tables import ApiToken, Company, Invitation, Person
from adscan.web.people.identity import Identity
from adscan.web.people.sign_in import add_person, end_all, invite
from adscan.web.problems import BadInput, Conflict, NotFound

LONGEST_COMPANY, LONGEST_NAME = 200, 100  # characters


@dataclass(frozen=True)
class Post:
    """What a person is here."""

    name: str
    role: Role
    company_id: int | None  # of a submitter


def add_company(session: Session, identity: Identity, name: str) -> Company:
    """A new company. Raises BadInput."""
    company = Company(name=_company_name(session, name), created_at=now())
    _put(session, company, BadInput("单位已有", name="已有同名的单位"))
    record(session, identity.login, "company.added", f"company:{company.id}", name=company.name)
    return company


def rename_company(session: Session, identity: Identity, company_id: int, name: str) -> Company:
    """Raises NotFound, BadInput."""
    company = find_company(session, company_id)
    before, after = company.name, _company_name(session, name, but=company_id)
    if after != before:
        company.name = after
        _put(session, company, BadInput("单位已有", name="已有同名的单位"))
        record(
            session, identity.login, "company.renamed", f"company:{company.id}",
            before=before, name=after,
        )  # fmt: skip
    return company


def add(
    session: Session, identity: Identity, login: str, post: Post, settings: WebSettings
) -> tuple[Person, str]:
    """A new person and the secret of their one-time link. Raises BadInput."""
    company = _company_of(session, post)
    taken = BadInput("登录名已有人用", login="请换一个登录名")
    try:
        with session.begin_nested():
            person = add_person(session, identity.login, login, post.name, post.role, company)
    except IntegrityError as error:  # two admins at once
        raise taken from error
    return person, give_link(session, identity, person, settings)


def change(session: Session, identity: Identity, person_id: int, post: Post) -> Person:
    """Another name, role or company. Raises NotFound, BadInput, Conflict."""
    admins = _hold_admins(session)
    person = find_person(session, person_id, held=True)
    name = post.name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadInput("姓名不可用", name=f"请填写姓名，不超过 {LONGEST_NAME} 字")
    company = _company_of(session, post)
    if post.role is not person.role:
        if person.id == identity.person_id:
            raise Conflict("不能更改自己的角色", hint="请由另一位管理员操作")
        _must_leave_an_admin(admins, person)
    before = _told(person)
    person.name, person.role, person.company = name, post.role, company
    after = _told(person)
    changed = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    if changed:
        session.flush()
        record(session, identity.login, "person.changed", f"person:{person.id}", **changed)
    return person


def deactivate(session: Session, identity: Identity, person_id: int) -> Person:
    """Nothing lets them in any more: sessions, tokens and links are ended for good.

    Raises NotFound, Conflict.
    """
    admins = _hold_admins(session)
    person = find_person(session, person_id, held=True)
    if person.id == identity.person_id:
        raise Conflict("不能停用自己的账号", hint="请由另一位管理员操作")
    if not person.is_active:
        return person
    _must_leave_an_admin(admins, person)
    person.is_active = False
    end_all(session, person)
    session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
        .values(used_at=now())
    )
    record(session, identity.login, "person.deactivated", f"person:{person.id}", login=person.login)
    return person


def reactivate(session: Session, identity: Identity, person_id: int) -> Person:
    """They may sign in again with the password they had. Raises NotFound."""
    person = find_person(session, person_id, held=True)
    if not person.is_active:
        person.is_active = True
        record(
            session, identity.login, "person.reactivated", f"person:{person.id}", login=person.login
        )
    return person


def renew_link(
    session: Session, identity: Identity, person_id: int, settings: WebSettings
) -> tuple[Person, str]:
    """A new one-time link to set a password; earlier ones are void. Raises NotFound, Conflict."""
    person = find_person(session, person_id, held=True)
    if not person.is_active:
        raise Conflict("账号已停用，不能发登录链接", hint="请先恢复使用")
    return person, give_link(session, identity, person, settings)


def give_link(session: Session, identity: Identity, person: Person, settings: WebSettings) -> str:
    """The secret of a link that was handed to the admin: so much is on record."""
    secret = invite(session, person, settings)
    record(session, identity.login, "link.given", f"person:{person.id}", login=person.login)
    return secret


def find_person(session: Session, person_id: int, *, held: bool = False) -> Person:
    """Raises NotFound."""
    known = 0 < person_id < 2**31
    found = session.get(Person, person_id, with_for_update=held) if known else None
    if found is None:
        raise NotFound("没有这个人员", hint="请从人员列表进入")
    return found


def find_token(session: Session, person_id: int, token_id: int) -> ApiToken:
    """One of the person's tokens. Raises NotFound."""
    found = session.get(ApiToken, token_id) if 0 < token_id < 2**31 else None
    if found is None or found.person_id != person_id:
        raise NotFound("没有这个令牌", hint="请刷新页面")
    return found


def find_company(session: Session, company_id: int) -> Company:
    """Raises NotFound."""
    found = session.get(Company, company_id) if 0 < company_id < 2**31 else None
    if found is None:
        raise NotFound("没有这个单位", hint="请从单位列表进入")
    return found


def _hold_admins(session: Session) -> set[int]:
    """The active admins, before anybody else is held: two who end each other take turns."""
    query = select(Person).where(Person.role == Role.ADMIN, Person.is_active).order_by(Person.id)
    held = query.with_for_update().execution_options(populate_existing=True)
    return {admin.id for admin in session.scalars(held)}


def _must_leave_an_admin(admins: set[int], person: Person) -> None:
    if admins == {person.id}:
        raise Conflict("至少要有一位在用的管理员", hint="请先添加另一位管理员")


def _company_of(session: Session, post: Post) -> Company | None:
    if post.role is not Role.SUBMITTER:
        return None
    if post.company_id is None:
        raise BadInput("送审员须属于一家单位", company="请选择单位")
    try:
        return find_company(session, post.company_id)
    except NotFound as error:
        raise BadInput("没有这个单位", company="请选择单位") from error


def _company_name(session: Session, name: str, but: int | None = None) -> str:
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= LONGEST_COMPANY or not tidy.isprintable():
        raise BadInput("单位名称不可用", name=f"请填写单位全称，不超过 {LONGEST_COMPANY} 字")
    known = session.scalars(select(Company.id).where(Company.name == tidy)).first()
    if known is not None and known != but:
        raise BadInput("单位已有", name="已有同名的单位")
    return tidy


def _put(session: Session, company: Company, taken: BadInput) -> None:
    """Flushed here, so that a name taken a moment ago is told as such."""
    try:
        with session.begin_nested():
            session.add(company)
    except IntegrityError as error:
        raise taken from error


def _told(person: Person) -> dict[str, str | None]:
    return {
        "name": person.name,
        "role": person.role.value,
        "company": person.company.name if person.company else None,
    }
