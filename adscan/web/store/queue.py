"""The queue of jobs in the database: none is lost, and none is done by two at once.

A worker leases a job and renews the lease while it works. A job whose lease has run out is free
again, whatever became of its worker. On PostgreSQL `SKIP LOCKED` keeps workers out of each other's
way; on SQLite the one write lock does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from adscan.web.kept.clock import now
from adscan.web.kept.states import JobKind, JobState
from adscan.web.kept.tables import Job
from adscan.web.store.database import Database

Progress = tuple[str, int, int]  # stage in Chinese, sheets done, sheets in all


@dataclass(frozen=True)
class Claim:
    """A job in a worker's hands."""

    job_id: int
    kind: JobKind
    subject_id: int
    attempt: int  # from 1


class LostJob(Exception):
    """The lease ran out and another worker has it: what was done for it must not be kept."""


def enqueue(session: Session, kind: JobKind, subject_id: int) -> Job:
    """A new job; it can be claimed once the transaction is committed."""
    at = now()
    job = Job(
        kind=kind, subject_id=subject_id, state=JobState.QUEUED, attempts=0, run_after=at,
        stage="排队等候", done=0, total=0, created_at=at,
    )  # fmt: skip
    session.add(job)
    return job


def claim(database: Database, worker: str, lease_s: float) -> Claim | None:
    """The oldest job that is free; None if there is none."""
    at = now()
    free = or_(
        and_(Job.state == JobState.QUEUED, Job.run_after <= at),
        and_(Job.state == JobState.RUNNING, Job.lease_until < at),
    )
    query = select(Job).where(free).order_by(Job.id).limit(1)
    with database.reading() as session:
        if session.scalars(query).first() is None:
            return None  # most often: no write lock is taken just to look
    with database.writing() as session:
        job = session.scalars(query.with_for_update(skip_locked=True)).first()
        if job is None:
            return None
        job.state, job.worker = JobState.RUNNING, worker
        job.attempts += 1
        job.lease_until = now() + timedelta(seconds=lease_s)
        job.stage = "开始审查"
        return Claim(job.id, job.kind, job.subject_id, job.attempts)


def renew(
    database: Database, worker: str, claim: Claim, lease_s: float, progress: Progress
) -> None:
    """Keep the lease and tell how far it is. Raises LostJob."""
    with database.writing() as session:
        job = _mine(session, worker, claim)
        job.lease_until = now() + timedelta(seconds=lease_s)
        job.stage, job.done, job.total = progress


def finish(session: Session, worker: str, claim: Claim, error: str = "") -> None:
    """Done, in the same transaction as what came of it. Raises LostJob."""
    job = _mine(session, worker, claim)
    job.state = JobState.FAILED if error else JobState.DONE
    job.error, job.stage, job.lease_until = error, "", None
    job.finished_at = now()


def put_back(  # noqa: PLR0913
    database: Database,
    worker: str,
    claim: Claim,
    after_s: float,
    error: str,
    *,
    counts: bool = True,
) -> None:
    """Not done: to be tried again later. `counts` if the try was one. Raises LostJob."""
    with database.writing() as session:
        job = _mine(session, worker, claim)
        job.state, job.worker, job.lease_until = JobState.QUEUED, None, None
        job.run_after = now() + timedelta(seconds=after_s)
        job.attempts -= not counts
        job.error, job.stage = error, "稍后再试"


def job_of(session: Session, kind: JobKind, subject_id: int) -> Job | None:
    """The latest job about it."""
    query = select(Job).where(Job.kind == kind, Job.subject_id == subject_id)
    return session.scalars(query.order_by(Job.id.desc()).limit(1)).first()


def ahead_of(session: Session, job: Job) -> int:
    """How many jobs wait before it."""
    waiting = select(func.count()).where(Job.state == JobState.QUEUED, Job.id < job.id)
    return session.scalar(waiting) or 0


def _mine(session: Session, worker: str, claim: Claim) -> Job:
    job = session.scalars(select(Job).where(Job.id == claim.job_id).with_for_update()).one()
    if (job.state, job.worker, job.attempts) != (JobState.RUNNING, worker, claim.attempt):
        raise LostJob(f"job {claim.job_id}")
    return job
