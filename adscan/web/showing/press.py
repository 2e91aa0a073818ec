"""The press: decision documents as PDF, each printed once and kept, one at a time, few waiting.

Printing takes seconds. Who comes when enough are waiting is asked to come again, so that
requests for paper do not take all threads of a web process from everybody else.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import Environment

from adscan.web.problems import Unavailable
from adscan.web.showing.opinion import Opinion, render_opinion
from adscan.web.showing.pdf import STYLES, print_page
from adscan.web.store.files import write_whole

log = logging.getLogger(__name__)

PATIENCE_S = 20.0  # a long document prints in less
MOST_WAITING = 4  # of the 40 threads that a web process has


class Busy(Unavailable):
    """Too many documents are asked for at once."""

    title = "正在生成其他 PDF"
    code = "busy"


class Press:
    """One for each process: Pango's font maps are not made for threads."""

    def __init__(self, patience_s: float = PATIENCE_S, most_waiting: int = MOST_WAITING) -> None:
        self._patience_s = patience_s
        self._places = threading.BoundedSemaphore(1 + most_waiting)
        self._one_at_a_time = threading.Lock()

    def opinion(
        self, templates: Environment, find: Callable[[], Opinion], folder: Path
    ) -> tuple[Opinion, bytes]:
        """What was found, and the same as PDF/UA, kept in the folder. Raises CannotPrint and Busy.

        The folder may be emptied at any time: what is missing is printed again, the same.
        """
        with self._place():
            opinion = find()
            page = render_opinion(templates, opinion)
            path = folder / f"{opinion.ruling_id}-{_name_of(page)}.pdf"
            return opinion, _kept(path) or self._printed(page, path)

    def _printed(self, page: str, path: Path) -> bytes:
        with self._turn():
            found = _kept(path)  # printed while we waited
            if found is None:
                found = print_page(page)
                _keep(path, found)
            return found

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise _busy()
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._one_at_a_time.acquire(timeout=self._patience_s):
            raise _busy()
        try:
            yield
        finally:
            self._one_at_a_time.release()


PRESS = Press()


def _busy() -> Busy:
    return Busy("同时要生成的 PDF 太多", hint="请过几秒再下载，也可直接打印意见书网页")


def _name_of(page: str) -> str:
    """The document changes with its words and with its style sheets."""
    return hashlib.sha256(page.encode("utf-8") + STYLES.read_bytes()).hexdigest()


def _kept(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _keep(path: Path, data: bytes) -> None:
    """A full disk does not keep the document from who asked for it."""
    try:
        write_whole(path, data)
    except OSError as error:
        log.warning("an opinion could not be kept: %s", error)
