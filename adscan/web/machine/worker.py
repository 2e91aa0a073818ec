"""A worker process: takes jobs from the queue, one at a time, until it is told to stop.

It may be killed at any moment: its job is then free again once the lease is over.
"""

from __future__ import annotations

import errno
import logging
import os
import platform
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from adscan.errors import DamagedFile, SetupError
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.report.document import as_document
from adscan.scan.recipe import Recipe
from adscan.settings import Settings
from adscan.web.comparing.compare import compare, given_up
from adscan.web.kept.states import JobKind, Purpose
from adscan.web.kept.tables import Comparison, Version
from adscan.web.machine.comparisons import finish_comparison, sides
from adscan.web.machine.outcome import finish_review
from adscan.web.machine.reviewing import Reading, read_and_judge
from adscan.web.store.database import Database, is_lost, open_database
from adscan.web.store.files import FileStore
from adscan.web.store.queue import Claim, LostJob, Progress, claim, finish, put_back, renew
from adscan.web.submitting.uploads import sources

log = logging.getLogger(__name__)

IDLE_S = 0.3  # between two looks at an empty queue
RETRY_S = 5  # after trouble of ours
GONE_S = 2  # between tries while the database is gone
PATIENCE_S = 30  # until a full disk may have been emptied
OUR_TROUBLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE)
OVERTIME = 75  # exit status of a worker that ended itself


@dataclass(frozen=True)
class Material:
    """What a job is about, read from the database at once."""

    text: str
    files: tuple[tuple[str, str], ...]  # name, sha256
    placement: Placement


class Worker:
    """Does jobs. `stop` may be set from outside: it ends after the job in hand."""

    def __init__(self, settings: Settings, recipe: Recipe, stop: threading.Event) -> None:
        self._settings, self._recipe, self._stop = settings, recipe, stop
        self._database = open_database(settings)
        self._files = FileStore(settings.web.data_dir / "files")
        self._name = f"{platform.node()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._reviewer: Reviewer | None = None
        self._register: object = None

    def run(self) -> None:
        """Until stopped. Raises SetupError if reviewing is impossible here."""
        self._load()
        while not self._stop.is_set():
            try:
                claimed = claim(self._database, self._name, self._settings.web.lease_s)
                if claimed is None:
                    self._stop.wait(IDLE_S)
                    continue
                self._do(claimed)
            except LostJob:
                log.warning("lease lost; another worker has the job")
            except DBAPIError as error:
                if not is_lost(error):
                    log.exception("database")
                self._stop.wait(GONE_S)

    def _do(self, claimed: Claim) -> None:
        """One job, to its end: the lease is held until what came of it is kept."""
        with _Lease(self._database, self._name, claimed, self._settings) as lease:
            try:
                self._try(claimed, lease)
            except (DBAPIError, SetupError, LostJob):
                raise
            except OSError as error:
                if error.errno not in OUR_TROUBLE:
                    self._again(claimed, error)
                    return
                log.error("job %s: %s", claimed.job_id, error)
                put_back(self._database, self._name, claimed, PATIENCE_S, str(error), counts=False)
            except Exception as error:
                self._again(claimed, error)

    def _try(self, claimed: Claim, lease: _Lease) -> None:
        most = self._settings.web.review_attempts
        if claimed.attempt > most:  # earlier ones took the process with them
            self._give_up(claimed, f"机器 {most} 次未能审完")
            return
        material = self._material(claimed)
        items = list(sources(material.files, material.text, self._files, self._settings.limits))
        reading = read_and_judge(self._load(), items, material.placement, self._files, lease.tell)
        if claimed.kind is JobKind.REVIEW:
            self._keep_review(claimed, reading)
        else:
            lease.tell("正在比对", 0, 0)
            with self._database.reading() as session:
                before, after = sides(session, claimed.subject_id, reading, self._files)
            self._keep_comparison(claimed, reading, compare(before, after))

    def _again(self, claimed: Claim, error: Exception) -> None:
        """Something in the ad, or in our code, made it fail."""
        log.error("job %s", claimed.job_id, exc_info=error)
        if claimed.attempt < self._settings.web.review_attempts:
            put_back(self._database, self._name, claimed, RETRY_S, str(error))
        else:
            self._give_up(claimed, f"审查时出现内部错误（{type(error).__name__}）")

    def _give_up(self, claimed: Claim, why: str) -> None:
        """A person gets it, told that the machine could not read it: never as clean."""
        material = self._material(claimed)
        error = DamagedFile(why, hint="请人工审查全部内容，并把文件交给维护者")
        case = self._load().refuse("送审材料", material.placement, error)
        reading = Reading(as_document(case.review), {})
        if claimed.kind is JobKind.REVIEW:
            self._keep_review(claimed, reading, why)
        else:
            self._keep_comparison(claimed, reading, given_up(why), why)

    def _keep_review(self, claimed: Claim, reading: Reading, error: str = "") -> None:
        with self._database.writing() as session:
            finish(session, self._name, claimed, error)
            finish_review(session, claimed.subject_id, reading)

    def _keep_comparison(
        self, claimed: Claim, reading: Reading, result: dict[str, Any], error: str = ""
    ) -> None:
        with self._database.writing() as session:
            finish(session, self._name, claimed, error)
            finish_comparison(session, claimed.subject_id, reading, result)

    def _material(self, claimed: Claim) -> Material:
        with self._database.reading() as session:
            if claimed.kind is JobKind.REVIEW:
                return _of_version(session, claimed.subject_id)
            return _of_comparison(session, claimed.subject_id)

    def _load(self) -> Reviewer:
        """The reviewer; made anew when the register has been replaced."""
        register = _stamp(self._recipe.register)
        if self._reviewer is None or register != self._register:
            self._reviewer, self._register = self._recipe.reviewer(), register
        return self._reviewer


class _Lease:
    """Renews the lease from a thread of its own; ends the process if one ad takes too long."""

    def __init__(self, database: Database, worker: str, claimed: Claim, settings: Settings) -> None:
        self._database, self._worker, self._claimed = database, worker, claimed
        self._lease_s = settings.web.lease_s
        self._progress: Progress = ("正在读取", 0, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._watchdog = threading.Timer(settings.web.review_timeout_s, self._end)
        self._watchdog.daemon = True

    def __enter__(self) -> _Lease:
        self._watchdog.start()
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._watchdog.cancel()
        self._over.set()
        self._thread.join()

    def tell(self, stage: str, done: int, total: int) -> None:
        """How far it is; written with the next beat."""
        self._progress = (stage, done, total)

    def _beat(self) -> None:
        while not self._over.wait(min(1.0, self._lease_s / 4)):
            try:
                renew(self._database, self._worker, self._claimed, self._lease_s, self._progress)
            except LostJob:
                return  # keeping the result will fail, and say so
            except DBAPIError as error:
                log.warning("lease not renewed: %s", error.orig)

    def _end(self) -> None:
        log.error("job %s takes too long", self._claimed.job_id)
        os._exit(OVERTIME)  # nothing else ends a thread that is deep in a library


def _of_version(session: Session, version_id: int) -> Material:
    version = session.get_one(Version, version_id)
    files = [(f.name, f.sha256) for f in version.files if f.purpose is Purpose.CREATIVE]
    return Material(version.text, tuple(files), placement_of(version))


def _of_comparison(session: Session, comparison_id: int) -> Material:
    comparison = session.get_one(Comparison, comparison_id)
    files = tuple((file["name"], file["sha256"]) for file in comparison.files)
    return Material(comparison.text, files, placement_of(comparison.version))


def placement_of(version: Version) -> Placement:
    """Who publishes, when and where, as it was submitted."""
    submission = version.submission
    return Placement(submission.planned_from, submission.advertiser, submission.medium)


def _stamp(path: Path | None) -> object:
    if path is None or not path.exists():
        return None
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def work(settings: Settings, recipe: Recipe, ready: Callable[[], None], stop: Any) -> None:
    """The body of a worker process."""
    worker = Worker(settings, recipe, stop)
    ready()
    worker.run()
