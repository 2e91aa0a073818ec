"""One worker process of the local engine: seen from outside, and what runs inside."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

import psutil

from adscan.errors import SetupError
from adscan.scan.recipe import Recipe
from adscan.scan.task import Outcome, Task

BATCHES_AHEAD = 2  # so that it never waits for the next one
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_NUM_THREADS")


@dataclass(frozen=True)
class Wear:
    """When a worker is replaced: OCR libraries leak."""

    ads: int = 50_000
    pictures: int = 1_000
    held_bytes: int = 1_500_000_000


class WorkerError(SetupError):
    """Workers cannot be started at all."""

    code = "worker"


@dataclass(frozen=True)
class _Refusal:
    """The SetupError of a worker; such errors themselves do not travel."""

    message: str
    hint: str


class Worker:
    """A worker as its engine sees it. `todo`: what it was given and has not answered, in order."""

    def __init__(self, recipe: Recipe, wear: Wear) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, inside = context.Pipe()
        self._process = context.Process(target=_work, args=(inside, recipe), daemon=True)
        _start_one_threaded(self._process)
        inside.close()
        # A full pipe holds up this thread, never the engine, whatever the worker is doing.
        self._outbox: SimpleQueue[list[Task] | None] = SimpleQueue()
        self._sender = threading.Thread(target=_send, args=(self.pipe, self._outbox), daemon=True)
        self._sender.start()
        self.todo: deque[Task] = deque()
        self._batches: deque[int] = deque()  # numbers of the last task of each batch given
        self._wear = wear
        self._ads = self._pictures = 0
        self._has_grown = False
        self._spoke = time.monotonic()
        self.last_took_s = 0.0
        self.is_ready = False

    def takes(self, pictures: bool) -> bool:
        """Whether it should be given more; kinds are not mixed in one worker's hands."""
        if self.is_worn:
            return False
        if self.todo and self.todo[0].pictures != pictures:
            return False
        return len(self._batches) < BATCHES_AHEAD

    def give(self, tasks: list[Task]) -> None:
        """Hand over a batch, without waiting for the worker to take it."""
        if not self.todo and self.is_ready:
            self._spoke = time.monotonic()
        self.todo.extend(tasks)
        self._batches.append(tasks[-1].number)
        self._outbox.put(tasks)

    def hear(self) -> Outcome | None:
        """An outcome; None: it is ready.

        Raises EOFError or OSError once it is gone, WorkerError if something keeps it from work.
        """
        said: Outcome | _Refusal | None = self.pipe.recv()
        if isinstance(said, _Refusal):
            raise WorkerError(said.message, hint=said.hint)
        now = time.monotonic()
        self.last_took_s, self._spoke = now - self._spoke, now
        self.is_ready = True
        return said

    def done(self, outcome: Outcome) -> Task:
        """The task that is answered."""
        task = self.todo.popleft()
        assert task.number == outcome.number
        self._ads += 1
        self._pictures += task.pictures
        if self._batches[0] == task.number:
            self._batches.popleft()
        return task

    def silent_s(self) -> float:
        """Since it last said something while it had work."""
        return time.monotonic() - self._spoke

    def weigh(self, share: int | None) -> int:
        """Bytes it holds; 0 once it is gone. Near its share of the memory it counts as worn."""
        try:
            held = int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0
        most = self._wear.held_bytes
        self._has_grown = held > (most if share is None else min(most, share * 9 // 10))
        return held

    @property
    def is_worn(self) -> bool:
        """Whether a new one should take its place, once it has done what it was given."""
        wear = self._wear
        return self._has_grown or self._ads >= wear.ads or self._pictures >= wear.pictures

    def quit(self) -> None:
        """Let it end by itself, once it has nothing to do."""
        self._outbox.put(None)
        self._sender.join()
        self.pipe.close()
        self._process.join(timeout=5)
        self._process.kill()
        self._process.join()

    def kill(self) -> None:
        """End it now."""
        self._process.kill()
        self._process.join()  # which frees a sender that waits for it
        self._outbox.put(None)
        self._sender.join()
        self.pipe.close()


def _start_one_threaded(process: Any) -> None:
    """Libraries read these when they are loaded, so they must stand before the process begins."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        process.start()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _work(pipe: Connection, recipe: Recipe) -> None:
    """The process: load, then answer one task after the other until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the engine's to handle
    try:
        examiner = recipe.examiner()
    except SetupError as error:
        pipe.send(_Refusal(error.message, error.hint))
        return
    batches: SimpleQueue[list[Task] | None] = SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, batches), daemon=True).start()
    try:
        pipe.send(None)  # ready
        while (batch := batches.get()) is not None:
            for task in batch:
                pipe.send(examiner.examine(task))
    except SetupError as error:  # weights that are loaded with the first picture
        pipe.send(_Refusal(error.message, error.hint))
    except OSError:
        return  # the engine is gone


def _send(pipe: Connection, outbox: SimpleQueue[list[Task] | None]) -> None:
    """Outside: hands batches over one by one; a broken pipe is told by whoever listens to it."""
    while (batch := outbox.get()) is not None:
        try:
            pipe.send(batch)
        except OSError:
            return


def _receive(pipe: Connection, batches: SimpleQueue[list[Task] | None]) -> None:
    """Takes batches out of the pipe at once, so that the engine never waits to hand one over."""
    try:
        while True:
            batches.put(pipe.recv())
    except (EOFError, OSError):
        batches.put(None)
