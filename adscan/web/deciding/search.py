"""Finding submissions: by state, company, advertiser, rule, day, reviewer and words.

What submitters find tells them no more than their pages do: nothing of a version being weighed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from adscan.web.deciding.concluding import CONCLUDING
from adscan.web.kept.numbers import row_id
from adscan.web.kept.states import State, Verdict
from adscan.web.kept.tables import Person, Ruling, Submission, Version, VersionFinding
from adscan.web.people.access import Action, may, visible
from adscan.web.people.identity import Identity

PAGE = 50  # submissions
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Filters:
    """What is looked for; None and empty mean whatever it is."""

    states: tuple[State, ...] = ()
    advertiser: str = ""  # part of the name
    rule: str = ""  # found and not dismissed; to submitters, dismissals count once decided
    words: str = ""  # in title, product or slot; or a number
    reviewer_id: int | None = None  # submitters cannot ask by it
    company_id: int | None = None
    submitted_from: date | None = None
    submitted_until: date | None = None
    oldest_first: bool = False


@dataclass(frozen=True)
class Found:
    """A page of submissions."""

    submissions: tuple[Submission, ...]
    next_after: int | None  # id to go on from; None: there are no more


def find(
    session: Session, identity: Identity, filters: Filters, after: int | None = None,
    size: int = PAGE,
) -> Found:  # fmt: skip
    """The submissions after the one with id `after`, newest first unless asked otherwise."""
    query = matching(identity, filters).options(
        joinedload(Submission.company),
        joinedload(Submission.reviewer),
        selectinload(Submission.versions),
    )
    if filters.oldest_first:
        query = query.order_by(Submission.id)
        query = query.where(Submission.id > after) if after is not None else query
    else:
        query = query.order_by(Submission.id.desc())
        query = query.where(Submission.id < after) if after is not None else query
    rows = list(session.scalars(query.limit(size + 1)))
    page = tuple(rows[:size])
    return Found(page, page[-1].id if len(rows) > size else None)


def matching(identity: Identity, filters: Filters) -> Select[Any]:
    """The query for all of them, without order."""
    query = visible(select(Submission), identity)
    internal = may(identity, Action.READ_INTERNAL)
    if filters.states:
        query = query.where(Submission.state.in_(filters.states))
    if filters.advertiser:
        query = query.where(Submission.advertiser.icontains(filters.advertiser, autoescape=True))
    if filters.words:
        query = query.where(_has_words(filters.words))
    if filters.reviewer_id is not None and internal:
        query = query.where(Submission.reviewer_id == filters.reviewer_id)
    if filters.company_id is not None:
        query = query.where(Submission.company_id == filters.company_id)
    if filters.submitted_from:
        query = query.where(Submission.created_at >= _midnight(filters.submitted_from))
    if filters.submitted_until:
        last = min(filters.submitted_until, LATEST)
        query = query.where(Submission.created_at < _midnight(last + timedelta(days=1)))
    if filters.rule:
        query = query.where(_has_finding(filters.rule, internal=internal))
    return query


def counts(session: Session, identity: Identity) -> dict[State, int]:
    """How many there are in each state, of those they may see."""
    matched = visible(select(Submission), identity).subquery()
    rows = session.execute(select(matched.c.state, func.count()).group_by(matched.c.state))
    found = {State(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in State}


def reviewers(session: Session) -> list[Person]:
    """Those who have decided or taken on anything, for the filter."""
    seen = exists().where(Submission.reviewer_id == Person.id)
    return list(session.scalars(select(Person).where(seen).order_by(Person.name)))


def _has_finding(rule: str, *, internal: bool) -> ColumnElement[bool]:
    stands = VersionFinding.verdict != Verdict.DISMISSED
    if not internal:
        decided = exists().where(Ruling.version_id == Version.id, Ruling.step.in_(CONCLUDING))
        stands = case((decided, stands), else_=VersionFinding.added_by_id.is_(None))
    return (
        exists()
        .where(Version.submission_id == Submission.id, VersionFinding.version_id == Version.id)
        .where(VersionFinding.rule == rule, stands)
    )


def _has_words(words: str) -> ColumnElement[bool]:
    number = row_id(words.rpartition("-")[2])
    named = [
        column.icontains(words, autoescape=True)
        for column in (Submission.title, Submission.product, Submission.slot, Submission.advertiser)
    ]
    if number is not None:
        named.append(Submission.id == number)
    return or_(*named)


def _midnight(day: date) -> datetime:
    """Its beginning on the server's clock; days that clocks cannot reckon with are moved near."""
    return datetime.combine(min(max(day, EARLIEST), LATEST), time()).astimezone()
