"""Figures of a period: how much came and went, how long it took, what the rules were worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from adscan.overview.chances import interval
from adscan.web.deciding.rule_choices import rule_title
from adscan.web.kept.states import OPEN_STATES, State, Step, Verdict
from adscan.web.kept.tables import Person, Ruling, Submission, Version, VersionFinding

CONCLUDING = (Step.APPROVE, Step.RETURN, Step.REFUSE)
MOST_WEEKS = 60  # beyond, a column is a month
LONGEST_DAYS = 3 * 366
MOST_ADVERTISERS = 30
AGES = ((1, "不到 1 天"), (3, "1 至 3 天"), (7, "3 至 7 天"), (None, "7 天以上"))  # upper end, days


@dataclass(frozen=True)
class Period:
    """Whole days on the server's clock, the last one included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """Its beginning."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return midnight(self.last + timedelta(days=1))

    def covers(self, column: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        """Whether the time lies in it."""
        return and_(column >= self.start, column < self.end)


@dataclass(frozen=True)
class Slice:
    """A week or a month of the period, as far as it lies in it."""

    first: date
    last: date
    submitted: int = 0
    decided: int = 0


@dataclass(frozen=True)
class Waits:
    """How long something took."""

    count: int
    median_s: float | None  # None: there was nothing
    long_s: float | None  # nine in ten took no longer


@dataclass(frozen=True)
class Queue:
    """What waits now in one state."""

    state: State
    count: int
    oldest: datetime | None
    ages: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class RuleFigures:
    """What became of one rule's findings; those carried over from earlier versions do not count."""

    rule: str
    title: str
    found: int  # by the machine
    confirmed: int
    dismissed: int
    added: int  # by persons, where the machine found nothing

    @property
    def judged(self) -> int:
        """Those that a person has decided."""
        return self.confirmed + self.dismissed

    @property
    def dismissed_share(self) -> tuple[float, float, float] | None:
        """The share dismissed with its 95 % interval; None if none was judged."""
        if not self.judged:
            return None
        low, high = interval(self.dismissed, self.judged)
        return self.dismissed / self.judged, low, high


@dataclass(frozen=True)
class ReviewerFigures:
    """What one reviewer did."""

    name: str
    steps: dict[Step, int]
    confirmed: int
    dismissed: int


@dataclass(frozen=True)
class AdvertiserFigures:
    """What one advertiser's submissions of the period have come to."""

    name: str
    submitted: int
    states: dict[State, int]


@dataclass(frozen=True)
class Statistics:
    """All figures of a page."""

    period: Period
    by_month: bool
    slices: tuple[Slice, ...]
    outcomes: dict[Step, int]  # of concluding steps
    withdrawn: int
    to_machine: Waits
    to_decision: Waits
    queue: tuple[Queue, ...]
    rules: tuple[RuleFigures, ...]
    reviewers: tuple[ReviewerFigures, ...]
    advertisers: tuple[AdvertiserFigures, ...]
    advertiser_count: int

    @property
    def submitted(self) -> int:
        """Submissions of the period."""
        return sum(one.submitted for one in self.slices)

    @property
    def decided(self) -> int:
        """Decisions of the period."""
        return sum(self.outcomes.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing came and nothing was decided."""
        return not (self.submitted or self.decided or self.withdrawn)


def statistics_of(session: Session, period: Period, now: datetime) -> Statistics:
    """The figures of a period; the queue is that of `now`."""
    steps = _steps(session, period)
    slices, by_month = cut(period)
    submitted = _counted(session, Submission.created_at, slices)
    decided = _counted(session, Ruling.at, slices, Ruling.step.in_(CONCLUDING))
    return Statistics(
        period=period,
        by_month=by_month,
        slices=tuple(
            Slice(one.first, one.last, came, went)
            for one, came, went in zip(slices, submitted, decided, strict=True)
        ),
        outcomes={step: steps.get(step, 0) for step in CONCLUDING},
        withdrawn=steps.get(Step.WITHDRAW, 0),
        to_machine=_waits(session.execute(_to_machine(period)).yield_per(2000)),
        to_decision=_waits(session.execute(_to_decision(period)).yield_per(2000)),
        queue=tuple(_queue(session, now)),
        rules=tuple(_rules(session, period)),
        reviewers=tuple(_reviewers(session, period)),
        advertisers=tuple(_advertisers(session, period)),
        advertiser_count=session.scalar(
            select(func.count(Submission.advertiser.distinct())).where(
                period.covers(Submission.created_at)
            )
        )
        or 0,
    )


def midnight(day: date) -> datetime:
    """The beginning of the day on the server's clock."""
    return datetime.combine(day, time()).astimezone()


def cut(period: Period) -> tuple[list[Slice], bool]:
    """The period in weeks from Monday; in months if that would be too many."""
    by_month = (period.last - period.first).days > MOST_WEEKS * 7
    slices = []
    first = period.first
    while first <= period.last:
        if by_month:
            after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        else:
            after = first + timedelta(days=7 - first.weekday())
        slices.append(Slice(first, min(after - timedelta(days=1), period.last)))
        first = after
    return slices, by_month


def _counted(
    session: Session,
    column: InstrumentedAttribute[datetime],
    slices: Sequence[Slice],
    *only: ColumnElement[bool],
) -> list[int]:
    """How many rows lie in each slice: a sum a slice, for databases name weeks differently."""
    sums = [_sum(Period(one.first, one.last).covers(column)) for one in slices]
    whole = Period(slices[0].first, slices[-1].last)
    return list(session.execute(select(*sums).where(whole.covers(column), *only)).one())


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _steps(session: Session, period: Period) -> dict[Step, int]:
    rows = session.execute(
        select(Ruling.step, func.count()).where(period.covers(Ruling.at)).group_by(Ruling.step)
    )
    return {Step(step): count for step, count in rows}


def _to_machine(period: Period) -> Executable:
    return select(Version.created_at, Version.reviewed_at).where(
        period.covers(Version.created_at), Version.reviewed_at.is_not(None)
    )


def _to_decision(period: Period) -> Executable:
    """Of each version that was decided on in the period: from its submission to the decision."""
    decided = func.min(Ruling.at, type_=Ruling.at.type)
    return (
        select(Version.created_at, decided)
        .join(Ruling, Ruling.version_id == Version.id)
        .where(Ruling.step.in_(CONCLUDING), period.covers(Ruling.at))
        .group_by(Version.id, Version.created_at)
    )


def _waits(rows: Any) -> Waits:
    """Quantiles are taken here: SQLite has none."""
    took = sorted((until - since).total_seconds() for since, until in rows)
    if not took:
        return Waits(0, None, None)
    return Waits(len(took), quantile(took, 0.5), quantile(took, 0.9))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest of the values that is no less than `share` of them."""
    rank = -(-share * len(ordered) // 1)  # rounded up
    return ordered[max(0, int(rank) - 1)]


def _queue(session: Session, now: datetime) -> Iterator[Queue]:
    since = Submission.waiting_since
    sums = []
    upper = now + timedelta(days=1)  # a clock that runs ahead loses nothing
    for days, _ in AGES:
        lower = now - timedelta(days=days) if days is not None else None
        young = since <= upper if lower is None else and_(since <= upper, since > lower)
        sums.append(_sum(young))
        upper = lower or upper
    rows = session.execute(
        select(Submission.state, func.count(), func.min(since, type_=since.type), *sums)
        .where(Submission.state.in_(OPEN_STATES))
        .group_by(Submission.state)
    )
    found = {State(row[0]): row for row in rows}
    for state in OPEN_STATES:
        row = found.get(state)
        counts = row[3:] if row else [0] * len(AGES)
        ages = tuple((name, count) for (_, name), count in zip(AGES, counts, strict=True))
        yield Queue(state, row[1] if row else 0, row[2] if row else None, ages)


def _rules(session: Session, period: Period) -> Iterator[RuleFigures]:
    machine = VersionFinding.added_by_id.is_(None)
    found = _sum(machine).label("found")
    rows = session.execute(
        select(
            VersionFinding.rule,
            found,
            _sum(and_(machine, VersionFinding.verdict == Verdict.CONFIRMED)),
            _sum(and_(machine, VersionFinding.verdict == Verdict.DISMISSED)),
            _sum(~machine),
        )
        .join(Version, VersionFinding.version_id == Version.id)
        .where(period.covers(Version.created_at), VersionFinding.carried_from_id.is_(None))
        .group_by(VersionFinding.rule)
        .order_by(found.desc(), VersionFinding.rule)
    )
    for rule, *counts in rows:
        yield RuleFigures(rule, rule_title(rule), *counts)


def _reviewers(session: Session, period: Period) -> Iterator[ReviewerFigures]:
    steps: dict[int, dict[Step, int]] = {}
    for person, step, count in session.execute(
        select(Ruling.by_id, Ruling.step, func.count())
        .where(period.covers(Ruling.at), Ruling.step != Step.WITHDRAW)
        .group_by(Ruling.by_id, Ruling.step)
    ):
        steps.setdefault(person, {})[Step(step)] = count
    decided = VersionFinding.decided_at
    verdicts = {
        person: counts
        for person, *counts in session.execute(
            select(
                VersionFinding.decided_by_id,
                _sum(VersionFinding.verdict == Verdict.CONFIRMED),
                _sum(VersionFinding.verdict == Verdict.DISMISSED),
            )
            .where(decided >= period.start, decided < period.end)
            .where(VersionFinding.carried_from_id.is_(None))
            .group_by(VersionFinding.decided_by_id)
        )
        if person is not None
    }
    ids = set(steps) | set(verdicts)
    people = session.execute(
        select(Person.id, Person.name).where(Person.id.in_(ids)).order_by(Person.name, Person.id)
    )
    for person, name in people:
        confirmed, dismissed = verdicts.get(person, (0, 0))
        yield ReviewerFigures(name, steps.get(person, {}), confirmed, dismissed)


def _advertisers(session: Session, period: Period) -> Iterator[AdvertiserFigures]:
    count = func.count().label("submitted")
    rows = session.execute(
        select(Submission.advertiser, count, *[_sum(Submission.state == one) for one in State])
        .where(period.covers(Submission.created_at))
        .group_by(Submission.advertiser)
        .order_by(count.desc(), Submission.advertiser)
        .limit(MOST_ADVERTISERS)
    )
    for name, submitted, *states in rows:
        yield AdvertiserFigures(name, submitted, dict(zip(State, states, strict=True)))
