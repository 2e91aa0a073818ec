"""Processes on this machine, each with one thread of OCR and model.

Every worker has its own pipe: one that is killed at any moment holds no lock that others need.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Iterator
from multiprocessing.connection import wait

from adscan.scan.engine import MOST_TRIES, WAIT, GiveUp
from adscan.scan.engines import Resources
from adscan.scan.engines.worker import Wear, Worker, WorkerError
from adscan.scan.recipe import Recipe
from adscan.scan.task import Outcome, Task

log = logging.getLogger(__name__)

PICTURES_AHEAD = 256  # tasks drawn and not begun: texts behind them in the archive overtake them
TEXTS_AHEAD = 512
BATCH_S = 1.0  # of work handed out at a time
MOST_AT_ONCE = 256
LOOK_EVERY_S = 1.0  # at the workers' memory and time
MOST_FALSE_STARTS = 3
START_LIMIT_S = 180.0


class LocalEngine:
    """See Engine."""

    def __init__(
        self, recipe: Recipe, resources: Resources, give_up: GiveUp, wear: Wear | None = None
    ) -> None:
        self._recipe = recipe
        self._resources = resources
        self._give_up = give_up
        self._wear = wear or Wear()

    def run(self, tasks: Iterator[Task | None]) -> Iterator[Outcome]:
        """See Engine."""
        crew = _Crew(self._recipe, self._resources, self._give_up, self._wear)
        try:
            yield from crew.work(tasks)
        finally:
            crew.dismiss()


class _Crew:
    """The workers of one run, and the tasks between them."""

    def __init__(self, recipe: Recipe, resources: Resources, give_up: GiveUp, wear: Wear) -> None:
        self._recipe = recipe
        self._resources = resources
        self._give_up = give_up
        self._wear = wear
        self._workers: list[Worker] = []
        self._queues: dict[bool, deque[Task]] = {False: deque(), True: deque()}  # by `pictures`
        self._pace = {False: 0.05, True: 1.0}  # seconds an ad takes, as seen lately
        self._tries: Counter[int] = Counter()
        self._false_starts = 0
        self._looked = time.monotonic()

    def work(self, tasks: Iterator[Task | None]) -> Iterator[Outcome]:
        """See Engine."""
        drawing = True
        while True:
            drawing = drawing and self._draw(tasks)
            self._hand_out()
            if not drawing and not self._busy():
                return
            yield from self._listen()

    def dismiss(self) -> None:
        """Send everybody home."""
        for worker in self._workers:
            worker.kill()

    def _busy(self) -> bool:
        return any(self._queues.values()) or any(worker.todo for worker in self._workers)

    def _draw(self, tasks: Iterator[Task | None]) -> bool:
        """Take on tasks while there is room. False once there are no more."""
        while len(self._queues[True]) < PICTURES_AHEAD and len(self._queues[False]) < TEXTS_AHEAD:
            try:
                task = next(tasks)
            except StopIteration:
                return False
            if task is WAIT:
                return True
            self._queues[task.pictures].append(task)
        return True

    def _hand_out(self) -> None:
        """Give every worker that runs dry something to do."""
        for _ in range(self._resources.workers - len(self._workers)):
            if any(self._queues.values()):
                self._workers.append(Worker(self._recipe, self._wear))
        for worker in sorted(self._workers, key=lambda worker: len(worker.todo)):
            pictures = self._next_kind(worker)
            if pictures is None or not worker.takes(pictures):
                continue
            queue = self._queues[pictures]
            share = -(-len(queue) // len(self._workers))  # the last ones are shared out evenly
            fits = int(BATCH_S / self._pace[pictures])
            count = max(1, min(fits, share, MOST_AT_ONCE))
            worker.give([queue.popleft() for _ in range(count)])

    def _next_kind(self, worker: Worker) -> bool | None:
        """Text or pictures: half of the workers, rounded up, are for texts while there are any."""
        texts, pictures = self._queues[False], self._queues[True]
        on_texts = sum(bool(w.todo) and not w.todo[0].pictures for w in self._workers)
        if worker.todo and not worker.todo[0].pictures:
            on_texts -= 1
        if texts and (not pictures or on_texts < (len(self._workers) + 1) // 2):
            return False
        return True if pictures else None

    def _listen(self) -> Iterator[Outcome]:
        """Outcomes that have come, and what becomes of workers that died."""
        ready = wait([worker.pipe for worker in self._workers], timeout=LOOK_EVERY_S)
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            try:
                while worker.pipe.poll():
                    yield from self._hear(worker)
            except (EOFError, OSError):
                yield from self._bury(worker, "审查时进程异常退出")
                continue
            if worker.is_worn and not worker.todo:
                worker.quit()
                self._workers.remove(worker)
        if time.monotonic() - self._looked >= LOOK_EVERY_S:
            self._looked = time.monotonic()
            yield from self._look_after()

    def _hear(self, worker: Worker) -> Iterator[Outcome]:
        outcome = worker.hear()
        if outcome is None:
            self._false_starts = 0
            self._demand_room(worker)
            return
        task = worker.done(outcome)
        pace = self._pace[task.pictures]
        self._pace[task.pictures] = 0.8 * pace + 0.2 * max(worker.last_took_s, 1e-4)
        self._tries.pop(outcome.number, None)
        yield outcome

    def _demand_room(self, worker: Worker) -> None:
        """A limit below what a worker needs before its first ad is no ad's fault."""
        share = self._share()
        if share is not None and worker.weigh(share) > share:
            raise WorkerError(
                f"--memory-limit 太小：每个工作进程分到 {share / 2**20:,.0f} MB，载入后已超过",
                hint="请减少 --workers 或提高上限（每个进程约需 1 GB，识别图片时 1.5 GB）",
            )

    def _look_after(self) -> Iterator[Outcome]:
        """End workers that take too long or too much; those that have grown take nothing new."""
        share = self._share()
        for worker in list(self._workers):
            if not worker.is_ready and worker.silent_s() > START_LIMIT_S:
                yield from self._bury(worker, "审查进程没有启动成功")
            if not worker.todo or not worker.is_ready:
                continue
            held = worker.weigh(share)
            if worker.silent_s() > self._resources.time_limit_s:
                reason = f"单件用时超过 {self._resources.time_limit_s:g} 秒"
                yield from self._bury(worker, reason)
            elif share is not None and held > share:
                reason = f"单件所用内存超过每个进程的上限 {share / 2**20:,.0f} MB"
                yield from self._bury(worker, reason)

    def _share(self) -> int | None:
        """Of the memory, for one worker."""
        limit = self._resources.memory_bytes
        return None if limit is None else limit // self._resources.workers

    def _bury(self, worker: Worker, reason: str) -> Iterator[Outcome]:
        """A worker is gone: what it was at is tried once more, the rest of its tasks go back."""
        self._workers.remove(worker)
        worker.kill()
        left = list(worker.todo)
        if not worker.is_ready:
            self._false_starts += 1
            if self._false_starts >= MOST_FALSE_STARTS:
                raise WorkerError(
                    f"审查进程连续 {MOST_FALSE_STARTS} 次没有启动成功",
                    hint="请检查内存是否足够，或用 --workers 1 重试",
                )
        elif left:
            culprit = left.pop(0)
            self._tries[culprit.number] += 1
            log.warning("%s：%s（第 %d 次）", culprit.name, reason, self._tries[culprit.number])
            if self._tries[culprit.number] >= MOST_TRIES:
                yield self._give_up(culprit, f"{reason}，两次尝试均失败")
            else:
                self._queues[culprit.pictures].appendleft(culprit)
        for task in reversed(left):
            self._queues[task.pictures].appendleft(task)
