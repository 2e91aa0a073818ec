"""What is to be sent to the cluster, and what is there without an answer."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from adscan.scan.engine import WAIT
from adscan.scan.engines.portable import portable
from adscan.scan.task import Task
from adscan.settings import Limits

AHEAD = {False: 1024, True: 256}  # tasks drawn and not yet sent, by `pictures`
AT_ONCE = {False: 64, True: 4}  # tasks of a batch: seconds of work, against 0.3 s of Ray's own
BATCH_BYTES = 16_000_000  # a batch is closed once it holds so much
SUSPECT_FROM = 3  # a node's end costs Ray two failures: its own, and placing workers on it again


@dataclass
class Batch:
    """Tasks that travel together."""

    number: int
    tasks: list[Task]
    message: bytes = field(repr=False)  # pickled: number and tasks, each pickled; empty once sent
    failures: int = 0  # times that the cluster failed while it was out

    @property
    def suspect(self) -> bool:
        """Whether it may be what the cluster fails of. It is sent alone."""
        return self.failures >= SUSPECT_FROM


class Batches:
    """Draws tasks, packs them, and keeps them until they are answered.

    `slots` is how many batches may be out at a time.
    """

    def __init__(self, tasks: Iterator[Task | None], limits: Limits) -> None:
        self._tasks = tasks
        self._limits = limits
        self._drawing = True
        self._queues: dict[bool, deque[Task]] = {False: deque(), True: deque()}  # by `pictures`
        self._back: deque[Batch] = deque()  # to be sent once more
        self._out: dict[int, Batch] = {}
        self._made = 0
        self.slots = 1

    def draw(self) -> bool:
        """Take on tasks while there is room. False once nothing is left to do."""
        while self._drawing and all(len(self._queues[kind]) < AHEAD[kind] for kind in AHEAD):
            try:
                task = next(self._tasks)
            except StopIteration:
                self._drawing = False
                break
            if task is WAIT:
                break
            self._queues[task.pictures].append(task)
        return self._drawing or bool(self._out or self._back or any(self._queues.values()))

    def to_send(self) -> Iterator[Batch]:
        """Batches while slots are free."""
        while len(self._out) < self.slots and (batch := self._next()) is not None:
            self._out[batch.number] = batch
            yield batch
            batch.message = b""  # it is made anew if it must be sent again

    def is_out(self) -> bool:
        """Whether an answer can be expected."""
        return bool(self._out)

    def answered(self, number: int) -> list[Task]:
        """The tasks of a batch whose answer has come."""
        return self._out.pop(number).tasks

    def failed(self) -> list[Task]:
        """The cluster failed: what was out is sent again, a suspect in parts.

        Gives the tasks that must be given up: they were out alone when it failed.
        """
        lost = sorted(self._out.values(), key=lambda batch: batch.number)
        self._out.clear()
        if len(lost) == 1 and lost[0].suspect:
            if len(lost[0].tasks) == 1:
                return lost[0].tasks
            again = [self._pack([task], SUSPECT_FROM) for task in lost[0].tasks]
        else:
            again = [self._pack(batch.tasks, batch.failures + 1) for batch in lost]
        self._back.extendleft(reversed(again))
        return []

    def _next(self) -> Batch | None:
        if any(batch.suspect for batch in self._out.values()):
            return None
        if self._back:
            return None if self._back[0].suspect and self._out else self._back.popleft()
        texts, pictures = self._queues[False], self._queues[True]
        if not texts and not pictures:
            return None
        # Half of the slots are kept for texts while there are any: they never wait behind OCR.
        on_pictures = sum(batch.tasks[0].pictures for batch in self._out.values())
        kind = bool(pictures) and (not texts or on_pictures < self.slots // 2)
        return self._new(kind)

    def _new(self, pictures: bool) -> Batch:
        queue = self._queues[pictures]
        most = min(AT_ONCE[pictures], -(-len(queue) // self.slots))  # the last ones are shared out
        tasks: list[Task] = []
        packed: list[bytes] = []
        while queue and len(tasks) < most and sum(map(len, packed)) < BATCH_BYTES:
            tasks.append(queue.popleft())
            packed.append(self._packed(tasks[-1]))
        return self._numbered(tasks, packed, 0)

    def _pack(self, tasks: list[Task], failures: int) -> Batch:
        return self._numbered(tasks, [self._packed(task) for task in tasks], failures)

    def _packed(self, task: Task) -> bytes:
        return pickle.dumps(portable(task, self._limits), pickle.HIGHEST_PROTOCOL)

    def _numbered(self, tasks: list[Task], packed: list[bytes], failures: int) -> Batch:
        self._made += 1
        message = pickle.dumps((self._made, packed), pickle.HIGHEST_PROTOCOL)
        return Batch(self._made, tasks, message, failures)
