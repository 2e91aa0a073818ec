"""A recipe whose examiner does as the ad's name says; engines must outlive all of it."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from adscan.errors import ModelError
from adscan.records.ad import Placement
from adscan.scan.task import Outcome, Task


@dataclass(frozen=True)
class FakeRecipe:
    folder: Path  # where examiners note what they did
    refuse: bool = False

    def examiner(self):
        if self.refuse:
            raise ModelError("没有模型", hint="请安装")
        return FakeExaminer(self.folder)


@dataclass(frozen=True)
class FakeExaminer:
    folder: Path

    def examine(self, task):
        self._note(f"{os.getpid()} {task.name}")
        match task.name.split("-")[0]:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "dieonce" if not self._seen(task.name):
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                time.sleep(60)
            case "swell":
                hoard = bytearray(400_000_000)
                hoard[::4096] = b"x" * len(hoard[::4096])
                time.sleep(20)
            case "slow":
                time.sleep(0.2)
            case "weights":
                raise ModelError("权重缺失", hint="请重新安装")
        return Outcome(task.number, {"decision": "pass", "kind": "text", "name": task.name})

    def _note(self, line):
        with (self.folder / f"{os.getpid()}.log").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def _seen(self, name):
        """Whether this is not the first try."""
        path = self.folder / f"{name}.seen"
        seen = path.exists()
        path.touch()
        return seen


def tasks_named(*names):
    """One task a name; names with `picture` are slow ones."""
    for number, name in enumerate(names):
        placement = Placement(date(2026, 11, 25))
        yield Task(
            number, name, placement, f"{number:032x}", f"{number:032x}", pictures="picture" in name
        )


def give_up(task, reason):
    return Outcome(
        task.number, {"decision": "error", "kind": None, "name": task.name, "reason": reason}
    )
