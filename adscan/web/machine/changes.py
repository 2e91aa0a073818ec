"""What changed from one version to another: reckoned once, then kept in a folder.

A picture takes about a second and much memory, so a page must not reckon it whenever somebody
looks, nor for several at once, nor while a session of the database is open. What is kept is told
by both versions' fingerprints and the time of their review; it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adscan import __version__
from adscan.web.comparing.compare import compare
from adscan.web.comparing.sides import Side
from adscan.web.kept.tables import Version
from adscan.web.machine.comparisons import side_of
from adscan.web.problems import Unavailable
from adscan.web.store.files import FileStore, write_whole

Document = dict[str, Any]

log = logging.getLogger(__name__)

SCHEME = "adscan-changes-1"
WAIT_S = 20.0  # for another comparison; people wait no longer for a page
MOST_WAITING = 4  # each keeps a thread that others need

# Of the whole process: a comparison fills a core, whoever asks.
_turn = threading.Lock()
_waiting = threading.BoundedSemaphore(MOST_WAITING)


@dataclass(frozen=True)
class Reviewed:
    """A version as it came from the database."""

    review: Document
    pictures: Document
    fingerprint: str

    def side(self, store: FileStore) -> Side:
        """Its pictures are read when they are asked for."""
        return side_of(self.review, self.pictures, store, self.fingerprint)


@dataclass(frozen=True)
class Question:
    """Two versions to compare; nothing of it needs a session any more."""

    path: Path  # where the answer is kept
    known: Document | None  # the answer, if it was there
    before: Reviewed | None = None
    after: Reviewed | None = None


class Changes:
    """Answers, each a file in the folder. Several processes may use it at once."""

    def __init__(self, folder: Path, store: FileStore) -> None:
        self._folder, self._store = folder, store

    def question(self, before: Version, after: Version) -> Question | None:
        """None until both have been read by the machine."""
        if before.reviewed_at is None or after.reviewed_at is None:
            return None
        path = self._folder / _name(before, after)
        known = _read(path)
        if known is not None:
            return Question(path, known)
        return Question(path, None, _reviewed(before), _reviewed(after))

    def answer(self, question: Question) -> Document:
        """As `comparing.compare.compare` gives it.

        Raises Unavailable if others take too long.
        """
        if question.known is not None:
            return question.known
        assert question.before is not None and question.after is not None
        with _one_at_a_time():
            known = _read(question.path)  # whoever was first may have asked the same
            if known is None:
                known = compare(question.before.side(self._store), question.after.side(self._store))
                _keep(question.path, known)
            return known


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise _busy()
    try:
        has_turn = _turn.acquire(timeout=WAIT_S)
    finally:
        _waiting.release()
    if not has_turn:
        raise _busy()
    try:
        yield
    finally:
        _turn.release()


def _busy() -> Unavailable:
    return Unavailable("正在比较，请稍后刷新", hint="图片多时要一两分钟，结果会保存下来")


def _name(before: Version, after: Version) -> str:
    lines = [SCHEME, __version__]
    for one in (before, after):
        assert one.reviewed_at is not None
        lines += [one.fingerprint, one.reviewed_at.isoformat()]
    sha256 = hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
    return f"{before.id}-{after.id}-{sha256[:32]}.json"


def _reviewed(version: Version) -> Reviewed:
    assert version.review is not None
    return Reviewed(version.review, version.pictures or {}, version.fingerprint)


def _read(path: Path) -> Document | None:
    """None if it is not there, or is damaged."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "parts" in found else None


def _keep(path: Path, answer: Document) -> None:
    """A full disk only means that it is reckoned again."""
    try:
        write_whole(path, json.dumps(answer).encode("ascii"))
    except OSError as error:
        log.warning("changes not kept: %s", error)
