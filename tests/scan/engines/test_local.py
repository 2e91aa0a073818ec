from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from adscan.errors import SetupError
from adscan.scan.engines import Resources
from adscan.scan.engines.local import LocalEngine
from adscan.scan.engines.worker import Wear
from tests.scan.engines.fakes import FakeRecipe, give_up, tasks_named


@pytest.fixture
def work(tmp_path):
    def run(tasks, workers=2, memory=None, seconds=30.0, **recipe):
        resources = Resources(workers, memory, seconds)
        engine = LocalEngine(FakeRecipe(tmp_path, **recipe), resources, give_up)
        return {outcome.review["name"]: outcome.review for outcome in engine.run(tasks)}

    return run


def noted(folder):
    """Process and name of every try."""
    logs = (log.read_text(encoding="utf-8") for log in folder.glob("*.log"))
    return [line.split() for log in logs for line in log.splitlines()]


def test_every_task_has_one_outcome(work, tmp_path):
    names = [f"text-{n}" for n in range(300)]
    assert sorted(work(tasks_named(*names))) == sorted(names)
    assert len({process for process, _ in noted(tmp_path)}) == 2


def test_a_worker_that_dies_once_costs_one_retry(work):
    names = ["text-1", "dieonce-2", *(f"text-{n}" for n in range(3, 40))]
    found = work(tasks_named(*names))
    assert {review["decision"] for review in found.values()} == {"pass"}
    assert len(found) == len(names)


def test_an_ad_at_which_workers_die_is_given_up_after_two_tries(work, tmp_path):
    names = ["text-1", "die-2", *(f"text-{n}" for n in range(3, 40))]
    found = work(tasks_named(*names))
    lost = {name for name, review in found.items() if review["decision"] == "error"}
    assert lost == {"die-2"}
    assert found["die-2"]["reason"] == "审查时进程异常退出，两次尝试均失败"
    assert len(found) == len(names)
    assert [name for _, name in noted(tmp_path)].count("die-2") == 2


def test_an_ad_that_takes_too_long_is_given_up(work):
    found = work(tasks_named("text-1", "hang-2", "text-3"), seconds=1.0)
    assert found["hang-2"]["reason"].startswith("单件用时超过 1 秒")
    assert found["text-1"]["decision"] == found["text-3"]["decision"] == "pass"


def test_an_ad_that_takes_too_much_memory_is_given_up(work):
    found = work(tasks_named("text-1", "swell-2", "text-3"), memory=600_000_000)
    assert found["swell-2"]["reason"].startswith("单件所用内存超过")
    assert found["text-3"]["decision"] == "pass"


def test_workers_are_replaced_after_so_many_ads(tmp_path):
    names = [f"text-{n}" for n in range(1000)]
    resources, wear = Resources(2, None, 30.0), Wear(ads=150)
    engine = LocalEngine(FakeRecipe(tmp_path), resources, give_up, wear)
    done = [outcome.review["name"] for outcome in engine.run(tasks_named(*names))]
    assert sorted(done) == sorted(names)
    assert len({process for process, _ in noted(tmp_path)}) > 2


def test_texts_do_not_wait_behind_pictures(work):
    names = [*(f"slow-picture-{n}" for n in range(10)), *(f"text-{n}" for n in range(10))]
    order = list(work(tasks_named(*names)))
    last_text = max(order.index(name) for name in order if name.startswith("text"))
    assert last_text < 15


def test_a_worker_killed_from_outside_loses_nothing(work, tmp_path):
    def kill_one():
        while not (logs := list(tmp_path.glob("*.log"))):
            time.sleep(0.01)
        os.kill(int(logs[0].stem), signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    found = work(tasks_named(*(f"slow-{n}" for n in range(12))))
    killer.join()
    assert [review["decision"] for review in found.values()] == ["pass"] * 12


def test_waiting_tasks_come_after_what_they_wait_for(tmp_path):
    done = []

    def tasks():
        first, second = tasks_named("slow-1", "text-2")
        yield first
        while not done:
            yield None
        yield second

    engine = LocalEngine(FakeRecipe(tmp_path), Resources(2, None, 30.0), give_up)
    for outcome in engine.run(tasks()):
        done.append(outcome.review["name"])
    assert done == ["slow-1", "text-2"]


@pytest.mark.parametrize("how", ["refuse", "weights"])
def test_what_is_wrong_with_the_installation_stops_the_run(work, how):
    with pytest.raises(SetupError, match="没有模型" if how == "refuse" else "权重缺失"):
        if how == "refuse":
            work(tasks_named("text-1"), refuse=True)
        else:
            work(tasks_named("weights-1"))
