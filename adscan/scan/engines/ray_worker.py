"""What runs inside a Ray actor: one process of the local engine, kept from batch to batch.

So an ad has the same time limit, the same tries and the same outcome as on one machine, and only
the loss of a whole actor or node is Ray's matter.
"""

from __future__ import annotations

import pickle
import platform
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import ray

from adscan.errors import SetupError
from adscan.scan.engine import WAIT
from adscan.scan.engines import Resources
from adscan.scan.engines.local import LocalEngine
from adscan.scan.engines.ray_parcel import Parcel, unpack
from adscan.scan.task import Outcome, Task


@dataclass(frozen=True)
class GivenUp(Outcome):
    """A task that failed; what its outcome looks like is the scan's to say."""

    reason: str = ""


@dataclass(frozen=True)
class Refusal:
    """A SetupError of a node; such errors themselves do not travel."""

    message: str
    hint: str


Answer = tuple[int, list[Outcome] | Refusal]  # and the batch's number


def table_of(message: bytes) -> pa.Table:
    """One message as Ray Data carries it: one row is one block."""
    return pa.table({"message": pa.array([message], pa.large_binary())})


def message_of(table: pa.Table) -> bytes:
    """The message in a block."""
    (message,) = table["message"].to_pylist()
    return bytes(message)


class RayWorker:
    """A callable for `map_batches`: a batch of tasks to their outcomes."""

    def __init__(self, parcel: Parcel, resources: Resources) -> None:
        self._todo: deque[Task] = deque()
        self._refusal: Refusal | None = None
        try:
            recipe, _ = unpack(parcel, ray.get)
            self._outcomes = LocalEngine(recipe, resources, _given_up).run(self._tasks())
        except SetupError as error:
            self._refusal = _refusal(error)

    def __call__(self, table: pa.Table) -> pa.Table:
        """The answer to one message of `Batches`."""
        number, packed = pickle.loads(message_of(table))
        answer: Answer = (number, self._refusal or self._answers(packed))
        return table_of(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))

    def _answers(self, packed: list[bytes]) -> list[Outcome] | Refusal:
        self._todo.extend(pickle.loads(task) for task in packed)
        try:
            return [next(self._outcomes) for _ in packed]
        except SetupError as error:
            return _refusal(error)

    def _tasks(self) -> Iterator[Task | None]:
        """Never ends: the engine and its process stay until the actor goes."""
        while True:
            yield self._todo.popleft() if self._todo else WAIT


def _given_up(task: Task, reason: str) -> Outcome:
    return GivenUp(task.number, {}, reason=reason)


def _refusal(error: SetupError) -> Refusal:
    node = platform.node()
    named = error.message if node in error.message else f"节点 {node}：{error.message}"
    return Refusal(named, error.hint)


def pull(start: dict[str, Any], queue: Any) -> Iterator[pa.Table]:
    """Blocks out of the driver's queue until None comes: the source of the dataset."""
    while (message := queue.get()) is not None:
        yield table_of(message)
