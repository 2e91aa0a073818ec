"""A scan: entries become tasks, outcomes become rows, and the journal knows both.

Everything that decides what stands in the results happens here, in one process and in the order of
the entries; the engine only does tasks. So every engine gives the same rows.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.rule import Decision
from adscan.scan.engine import WAIT, Engine
from adscan.scan.entry import Entry
from adscan.scan.examiner import refused
from adscan.scan.journal import Journal, KnownAd, StoredAt
from adscan.scan.plan import Defaults, Job, identify, renamed
from adscan.scan.recipe import edition_of
from adscan.scan.review_rows import MADE_BY
from adscan.scan.store import Store
from adscan.scan.tally import Tally
from adscan.scan.task import Outcome, Row, Task

COMMIT_S = 1.0  # so much work a killed scan has to do again, at most
COMMIT_ROWS = 2_000
MOST_WAITING = 500  # entries held back until another with the same content is done


@dataclass
class Scan:
    """One run over some entries."""

    journal: Journal
    store: Store
    reviewer: Reviewer  # reads nothing: it says what an ad is that could not be read
    default: Defaults
    run: int
    tally: Tally
    on_progress: Callable[[Tally], None] = lambda tally: None
    retry_errors: bool = False
    _retried: set[str] = field(default_factory=set, init=False)  # reviews, in this run
    _given: dict[int, Job] = field(default_factory=dict, init=False)
    _waiting: dict[str, list[Job]] = field(default_factory=dict, init=False)  # by id in work
    _held: int = field(default=0, init=False)  # entries waiting
    _ready: deque[Job] = field(default_factory=deque, init=False)  # no longer waiting
    _number: int = field(default=0, init=False)
    _committed: float = field(default_factory=time.monotonic, init=False)
    _rows: int = field(default=0, init=False)  # since the last commit

    def __post_init__(self) -> None:
        edition = edition_of(self.reviewer)
        self._made_by: Row = {name: getattr(edition, name) for name in MADE_BY}

    def over(self, entries: Iterable[Entry], engine: Engine) -> None:
        """Review every entry that is not done. Raises SetupError."""
        jobs = (self._met(identify(entry, self.default)) for entry in entries)
        for outcome in engine.run(self._tasks(jobs)):
            self._take(outcome)
        self._commit()

    def _met(self, job: Job) -> Job:
        """The job, noted as met; of two ads under one name the second gets a name of its own."""
        times, named = 1, job
        while not self.journal.meet(named.ad_id, named.review_id, self.run):
            times += 1
            named = renamed(job, times)
        return named

    def again(self, engine: Engine) -> None:
        """Judge all stored ads of other editions anew, from what was read of them."""
        for outcome in engine.run(self._tasks(self._stored_jobs())):
            self._take(outcome)
        self._commit()
        self.tally.resumed, self.tally.unchanged = self.tally.ads, 0

    def carry_unread(self) -> None:
        """Take over what could not be read and was not met again: no rule changes that."""
        for job in self._stored_jobs(unread=True):
            review = self.journal.review(job.review_id)
            assert review is not None, "an ad has a review"
            self._put_review(job, {**self._made_by, **review[1]})
        self._commit()

    def _stored_jobs(self, *, unread: bool = False) -> Iterator[Job]:
        """Ads of other editions, as their rows say."""
        for number, _, _, _ in self.journal.files():
            rows = () if number in self.store.current else self.store.ads(number)
            for row in rows:
                job = _job_of(row)
                known = self.journal.ad(job.ad_id)
                if known is None or (known.review_id, known.file) != (job.review_id, number):
                    continue  # another version of it, or its new verdict, stands elsewhere
                if row["reading_id"] or unread:
                    yield job

    def _tasks(self, jobs: Iterator[Job]) -> Iterator[Task | None]:
        for job in jobs:
            yield from self._plan(job)
            while self._ready or self._held >= MOST_WAITING:
                yield from self._plan(self._ready.popleft()) if self._ready else (WAIT,)
        while self._ready or self._held:
            yield from self._plan(self._ready.popleft()) if self._ready else (WAIT,)

    def _plan(self, job: Job) -> Iterator[Task]:
        """The task of a job, if it needs one."""
        known = self.journal.ad(job.ad_id)
        is_done = known and known.review_id == job.review_id and known.file in self.store.current
        again = self._to_retry(job)
        if is_done and not again:
            self.tally.unchanged += 1
            self._progress()
            return
        for key in (job.review_id, job.reading_id):
            if key in self._waiting:
                self._waiting[key].append(job)
                self._held += 1
                return
        review = self.journal.review(job.review_id)
        if review and review[0] in self.store.current and not again:
            self.tally.copies += 1
            self._put_ad(job, self._made_by | review[1])
        elif job.entry.trouble:
            self._take(refused(self._task(job), self.reviewer, job.entry.trouble))
        else:
            yield self._task(job)

    def _to_retry(self, job: Job) -> bool:
        """Whether it failed, and the user wants that tried again, once a run."""
        if not self.retry_errors or job.review_id in self._retried:
            return False
        review = self.journal.review(job.review_id)
        if review is None or review[1]["decision"] != Decision.ERROR.value:
            return False
        self._retried.add(job.review_id)
        return True

    def _task(self, job: Job) -> Task:
        """A task for the job, from what was read of its content before if that saves work."""
        self._number += 1
        self._given[self._number] = job
        at = self.journal.reading(job.reading_id)
        saves_work = job.pictures or self.reviewer.classifier or not job.entry.sources
        if at and saves_work and not self.store.holds(at):
            self._commit()
        stored = self.store.reading(at) if at and saves_work else None
        self._waiting[job.review_id] = []
        if at is None:
            self._waiting[job.reading_id] = []
        return Task(
            number=self._number,
            name=job.entry.name,
            placement=job.placement,
            reading_id=job.reading_id,
            review_id=job.review_id,
            sources=() if stored else job.entry.sources,
            title=job.entry.title,
            stored=stored,
            pictures=job.pictures and not stored,
        )

    def _take(self, outcome: Outcome) -> None:
        job = self._given.pop(outcome.number)
        self._put_reading(job, outcome)
        for row in outcome.rows.get("findings", ()):
            self.store.add("findings", row)
        self._put_review(job, outcome.review)
        for key in (job.review_id, job.reading_id):
            freed = self._waiting.pop(key, [])
            self._held -= len(freed)
            self._ready.extend(freed)

    def _put_reading(self, job: Job, outcome: Outcome) -> None:
        readings = outcome.rows.get("readings", ())
        if not readings:
            self.tally.judged_again += outcome.review["kind"] is not None
            return
        self.tally.read += 1
        if self.journal.reading(job.reading_id) is None:
            row, part_row = self.store.place_of_next()
            parts = outcome.rows["parts"]
            at = StoredAt(self.store.file, row, part_row, len(parts))
            self.journal.put_reading(job.reading_id, at)
            self.store.add("readings", readings[0])
            for part in parts:
                self.store.add("parts", part)

    def _put_review(self, job: Job, review: Row) -> None:
        self._mark_findings_of(job.review_id)
        summary = {**review, "published": job.placement.published.isoformat()}
        alike = self._made_by
        told = {name: value for name, value in summary.items() if alike.get(name, ...) != value}
        self.journal.put_review(job.review_id, self.store.file, told)
        self._put_ad(job, summary)

    def _put_ad(self, job: Job, summary: Row) -> None:
        earlier = self.journal.ad(job.ad_id)
        if earlier:
            self.journal.mark_dirty(earlier.file)
        if earlier and earlier.review_id != job.review_id:
            self._mark_findings_of(earlier.review_id)
        run = earlier.run if earlier else self.run
        self.journal.put_ad(job.ad_id, KnownAd(job.review_id, self.store.file, run))
        is_read = self.journal.reading(job.reading_id) is not None
        row = ad_row(job, summary, run) | {"reading_id": job.reading_id if is_read else None}
        self.store.add("ads", row)
        self.tally.add(row)
        self._rows += 1
        self._progress()

    def _mark_findings_of(self, review_id: str) -> None:
        file = self.journal.file_of_review(review_id)
        if file is not None:
            self.journal.mark_dirty(file)

    def _progress(self) -> None:
        self.on_progress(self.tally)
        if self._rows >= COMMIT_ROWS or time.monotonic() - self._committed >= COMMIT_S:
            self._commit()

    def _commit(self) -> None:
        self.journal.note_run(self.run, self.tally.as_row())
        self.store.commit()
        self._committed, self._rows = time.monotonic(), 0


def ad_row(job: Job, summary: Row, run: int) -> Row:
    """The row of `ads`: what the archive says, and what the review says."""
    entry = job.entry
    return {
        **summary,
        "ad_id": job.ad_id,
        "source": entry.name,
        "record_id": entry.record_id,
        "url": entry.url,
        "run": run,
        "review_id": job.review_id,
        "title": summary["title"] or entry.title,
        "advertiser_given": job.placement.advertiser,
        "published": date.fromisoformat(summary["published"]),
        "published_given": entry.published is not None,
        "medium": job.placement.medium,
        "medium_given": entry.medium_given,
    }


def _job_of(row: Row) -> Job:
    """The job of an ad whose row stands in the results: its files are not looked at again."""
    day = row["published"]
    entry = Entry(
        name=row["source"],
        published=day if row["published_given"] else None,
        medium_given=row["medium_given"],
        title=row["title"],
        url=row["url"],
        record_id=row["record_id"],
    )
    placement = Placement(day, row["advertiser_given"], row["medium"])
    return Job(entry, row["ad_id"], row["review_id"], row["reading_id"] or "", placement)
