"""The audit log to read. Nothing on this page changes anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from adscan.web.audit.words import ACTIONS, SUBJECTS, action_name, told
from adscan.web.kept.numbers import row_id
from adscan.web.kept.tables import AuditEntry, AuditHead, Company, Person, Submission
from adscan.web.pages import database_of, render
from adscan.web.people.access import Action, allowed, may
from adscan.web.people.identity import Identity

router = APIRouter()

PAGE = 50  # entries
_NUMBER = re.compile(r"[0-9]{4}-([0-9]{1,20})")  # a submission's, as people write it


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it."""

    entry: AuditEntry
    action: str
    subject: str
    href: str  # of the subject; empty if who reads may not go there
    detail: list[tuple[str, str]]


@router.get("/audit")
def audit_page(
    request: Request,
    identity: Annotated[Identity, Depends(allowed(Action.AUDIT))],
    actor: str = "",
    action: str = "",
    subject: str = "",
    since: str = "",
    until: str = "",
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Response:
    """The newest entries that match, or those before a number."""
    given = {
        "actor": actor.strip(), "action": action, "subject": subject.strip(), "since": since,
        "until": until,
    }  # fmt: skip
    query = select(AuditEntry).where(*_wanted(given)).order_by(AuditEntry.seq.desc())
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    with database_of(request).reading() as session:
        entries = list(session.scalars(query.limit(PAGE + 1)))
        shown = entries[:PAGE]
        return render(
            request, "audit.html", lines=_lines(session, identity, shown), given=given,
            query=urlencode({key: value for key, value in given.items() if value}),
            next_before=shown[-1].seq if len(entries) > PAGE else None, is_first=before is None,
            actions=sorted({(key, name) for key, name in ACTIONS.items()}, key=lambda one: one[1]),
            head=session.scalars(select(AuditHead)).first(),
        )  # fmt: skip


def _wanted(given: dict[str, str]) -> list[ColumnElement[bool]]:
    wanted = []
    if given["actor"]:
        wanted.append(AuditEntry.actor == given["actor"].lower())
    if given["action"]:
        wanted.append(AuditEntry.action == given["action"])
    if given["subject"]:
        wanted.append(_about(given["subject"]))
    since, until = _midnight(given["since"]), _midnight(given["until"])
    if since:
        wanted.append(AuditEntry.at >= since)
    if until:
        wanted.append(AuditEntry.at < until + timedelta(days=1))
    return wanted


def _about(subject: str) -> ColumnElement[bool]:
    """`2026-000012`, `submission:12`, `送审件 12`, or a word alone for all of its kind."""
    numbered = _NUMBER.fullmatch(subject)
    if numbered:
        return AuditEntry.subject == f"submission:{row_id(numbered[1])}"
    for kind, name in SUBJECTS.items():
        if subject.startswith(name):
            rest = subject[len(name) :].strip(" ：:")
            return _about(rest if _NUMBER.fullmatch(rest) else f"{kind}:{rest}")
    if subject.endswith(":") or subject in SUBJECTS:
        return AuditEntry.subject.startswith(subject.rstrip(":") + ":", autoescape=True)
    return AuditEntry.subject == subject


def _midnight(day: str) -> datetime | None:
    """Where a day begins on the server's clock; None for what is no day."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return None
    if not 1970 < found.year < 3000:  # no entry is from there, and clocks end somewhere
        return None
    return datetime(found.year, found.month, found.day).astimezone()


def _lines(session: Session, identity: Identity, entries: Sequence[AuditEntry]) -> list[Line]:
    names = _names(session, [entry.subject for entry in entries])
    inside = may(identity, Action.READ_INTERNAL)
    return [
        Line(
            entry,
            action_name(entry.action),
            names.get(entry.subject) or _plain(entry.subject),
            _href(identity, entry.subject),
            told(entry.subject, entry.detail, with_contents=inside),
        )
        for entry in entries
    ]


def _names(session: Session, subjects: Sequence[str]) -> dict[str, str]:
    """How people call them, looked up at once."""
    wanted: dict[str, set[int]] = {}
    for subject in subjects:
        kind, _, number = subject.partition(":")
        found = row_id(number)
        if found is not None:
            wanted.setdefault(kind, set()).add(found)
    submissions = select(Submission).where(Submission.id.in_(wanted.get("submission", ())))
    people = select(Person).where(Person.id.in_(wanted.get("person", ())))
    companies = select(Company).where(Company.id.in_(wanted.get("company", ())))
    return {
        **{f"submission:{one.id}": f"送审件 {one.number}" for one in session.scalars(submissions)},
        **{
            f"person:{one.id}": f"人员 {one.name}（{one.login}）" for one in session.scalars(people)
        },
        **{f"company:{one.id}": f"单位 {one.name}" for one in session.scalars(companies)},
    }


def _plain(subject: str) -> str:
    kind, colon, rest = subject.partition(":")
    return f"{SUBJECTS[kind]} {rest}" if colon and kind in SUBJECTS else subject


def _href(identity: Identity, subject: str) -> str:
    kind, _, number = subject.partition(":")
    if row_id(number) is None:
        return ""
    if kind == "submission" and may(identity, Action.READ):
        return f"/submissions/{number}"
    if kind == "person" and may(identity, Action.PEOPLE):
        return f"/people/{number}"
    return ""
