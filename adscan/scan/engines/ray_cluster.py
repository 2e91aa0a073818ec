"""Ray Data, on an existing cluster (RAY_ADDRESS) or started here.

One dataset streams through the whole scan: a source that takes batches from a queue, and a pool of
actors (ray_worker.py) that answer them. Ray places, balances and holds back. If it loses an actor
or a node, the connection is made anew and what was not answered is sent again.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import warnings
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

from adscan.errors import SetupError
from adscan.scan.engine import GiveUp
from adscan.scan.engines import Resources
from adscan.scan.engines.ray_batches import Batches
from adscan.scan.engines.ray_parcel import Parcel, pack
from adscan.scan.recipe import Recipe
from adscan.scan.task import Outcome, Task

# Ray reads these when it is imported. Its messages go to its own log files, not to the terminal.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_DATA_LOG_LEVEL", "CRITICAL")
os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", "(?s).*")
# Its threads that outlive a connection would else make a new one, and wait for it for ever.
os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")

try:
    import ray
    import ray.data
    from ray.util.queue import Queue
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    from adscan.scan.engines.ray_worker import (
        Answer,
        GivenUp,
        RayWorker,
        Refusal,
        message_of,
        pull,
    )
except ImportError as missing:
    raise SetupError("没有安装 Ray", hint="请先运行 pip install 'adscan[ray]'") from missing

log = logging.getLogger(__name__)

MOST_FAILURES = 8  # of the cluster in a row, without any answer between them
CONNECT_TIMEOUT_S = 10.0


class ClusterError(SetupError):
    """The cluster cannot be reached, has no room, or fails again and again."""

    code = "cluster"


class RayEngine:
    """See Engine. `resources.workers` 0: as many as the cluster has CPUs."""

    def __init__(self, recipe: Recipe, resources: Resources, give_up: GiveUp) -> None:
        self._recipe = recipe
        self._resources = resources
        self._give_up = give_up

    def run(self, tasks: Iterator[Task | None]) -> Iterator[Outcome]:
        """See Engine."""
        batches = Batches(tasks, self._recipe.settings.limits)
        failures = 0
        while batches.draw():
            try:
                with self._connected() as stream:
                    batches.slots = stream.slots
                    for outcome in self._served(batches, stream):
                        failures = 0
                        yield outcome
            except ray.exceptions.RayError as error:
                failures += 1
                said = _first_line(error)
                log.warning("Ray 集群出错（连续第 %d 次），重新连接：%s", failures, said)
                for task in batches.failed():
                    failures = 0
                    yield self._give_up(task, "审查时所在的 Ray 节点反复退出")
                if failures >= MOST_FAILURES:
                    raise ClusterError(
                        f"Ray 集群连续 {failures} 次出错：{said}",
                        hint="请用 ray status 查看各节点；已完成的结果保留，重新运行即可继续",
                    ) from error

    def _served(self, batches: Batches, stream: _Stream) -> Iterator[Outcome]:
        while batches.draw():
            for batch in batches.to_send():
                stream.send(batch.message)
            if batches.is_out():
                yield from self._heard(batches, stream.receive())

    def _heard(self, batches: Batches, answer: Answer) -> Iterator[Outcome]:
        number, outcomes = answer
        if isinstance(outcomes, Refusal):
            raise ClusterError(outcomes.message, hint=outcomes.hint)
        tasks = {task.number: task for task in batches.answered(number)}
        for outcome in outcomes:
            if isinstance(outcome, GivenUp):
                yield self._give_up(tasks[outcome.number], outcome.reason)
            else:
                yield outcome

    @contextmanager
    def _connected(self) -> Iterator[_Stream]:
        """A stream of its own connection. Ending it ends all that was started through it."""
        _connect(self._resources.workers)
        try:
            cpus = int(ray.cluster_resources().get("CPU", 0))
            if not cpus:
                raise ClusterError("Ray 集群没有可用的处理器", hint="请用 ray status 查看各节点")
            workers = min(self._resources.workers or cpus, cpus)
            with closing(_Stream(self._recipe, self._resources, workers)) as stream:
                yield stream
                stream.finish()
        finally:
            ray.shutdown()


class _Stream:
    """Messages to the actors and answers from them, in any order."""

    def __init__(self, recipe: Recipe, resources: Resources, workers: int) -> None:
        self.slots = 2 * workers + 2  # two at every actor, as Ray Data does it, and two on the way
        # The queue and its reader live with this process: what they hold is not lost with a node.
        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        on_driver = {"num_cpus": 0, "scheduling_strategy": here}
        self._queue = Queue(actor_options=on_driver)
        self._parcel = pack(recipe, ray.put)  # kept here: its bytes live as long as this
        memory = resources.memory_bytes // workers if resources.memory_bytes else None
        share = replace(resources, workers=1, memory_bytes=memory)
        with warnings.catch_warnings():
            # Ray warns of its own settings, and of remote arguments that have no other way yet.
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", ray.util.annotations.RayDeprecationWarning)
            dataset = self._dataset((self._parcel, share), workers, on_driver)
        self._answers = _blocks_of(dataset)

    def _dataset(
        self, worker_args: tuple[Parcel, Resources], workers: int, on_driver: dict[str, Any]
    ) -> Any:
        """The dataset, not begun.

        Nothing is begun anew by Ray: an actor that waits for a place would hold its batches for
        ever, and a source begun anew would skip messages.
        """
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        context.target_max_block_size = 1  # every message a block: none waits for the next
        source: Any = ray.data.from_items([0])
        return source.map_batches(
            pull, fn_args=(self._queue,), batch_size=None, max_retries=0, **on_driver
        ).map_batches(
            RayWorker,
            fn_constructor_args=worker_args,
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=1,
            max_restarts=0,
            compute=ray.data.ActorPoolStrategy(size=workers),
        )

    def send(self, message: bytes) -> None:
        """Hand over a message."""
        self._queue.put(message)

    def receive(self) -> Answer:
        """The next answer. Raises RayError if the cluster lost something."""
        answer: Answer = pickle.loads(message_of(next(self._answers)))
        return answer

    def finish(self) -> None:
        """Let the dataset come to its end."""
        self._queue.put(None)
        for _ in self._answers:
            raise AssertionError("an answer without a question")

    def close(self) -> None:
        """End it wherever it is; its threads must be gone before the connection is."""
        self._answers.close()
        self._queue.shutdown(force=True)


def _blocks_of(dataset: Any) -> Generator[Any, None, None]:
    """Its blocks as they are made; closing it ends the dataset."""
    yield from dataset.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0)


def _connect(workers: int) -> None:
    address = os.environ.get("RAY_ADDRESS")
    place: dict[str, Any] = {"address": "local", "num_cpus": workers or None}
    try:
        if address:
            place = {"address": address}
            _demand_listener(address)
        else:
            place |= {"include_dashboard": False}
        ray.init(**place, log_to_driver=False, logging_level=logging.CRITICAL)
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        if address:
            raise ClusterError(
                f"连不上 Ray 集群 {address}：{_first_line(error)}",
                hint="请检查环境变量 RAY_ADDRESS（主节点的 地址:端口，通常是 6379）和网络",
            ) from error
        raise ClusterError(
            f"本机的 Ray 启动不了：{_first_line(error)}",
            hint="请检查内存和临时文件夹，或改用 --engine local",
        ) from error


def _demand_listener(address: str) -> None:
    """Ray itself tries an address for minutes. Raises OSError, ValueError."""
    if "://" in address:
        raise ValueError("不支持 Ray Client（ray://），请在集群的一个节点上运行")
    host, _, port = address.rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_TIMEOUT_S).close()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
