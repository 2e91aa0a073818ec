"""The contract of an engine: who does the tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from adscan.scan.task import Outcome, Task

WAIT = None  # given instead of a task: nothing to hand out until some outcome has come back
GiveUp = Callable[[Task, str], Outcome]  # the outcome of a task that failed, and why in Chinese
MOST_TRIES = 2  # workers that one ad may cost


class Engine(Protocol):
    """Does tasks in any number of processes."""

    def run(self, tasks: Iterator[Task | None]) -> Iterator[Outcome]:
        """The outcome of every task, in any order.

        Tasks are drawn as they can be taken on, never all at once. `WAIT` means that the next task
        hangs on an outcome: the engine finishes some of what it has before it draws again. A task
        whose worker dies or takes too long MOST_TRIES times is given up.

        Raises SetupError if no worker can be started.
        """
        ...
