"""Ray on this machine: slow to start, so there are few tests and each shows several things."""

import os
import signal
import sys
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timezone
from functools import partial

import pytest

from adscan.errors import SetupError
from adscan.ingest.locations import InMemory
from adscan.records.ad import Placement
from adscan.records.verdict import OperatingPoint
from adscan.scan.engine import WAIT
from adscan.scan.engines import Resources, load_engine
from adscan.scan.recipe import Recipe, edition_of
from adscan.scan.task import Outcome, Task
from adscan.settings import Settings

pytest.importorskip("ray")
pytestmark = [pytest.mark.ray, pytest.mark.slow]

TEXTS = ("澄湖理财第{}期，保本保息，稳赚不赔。", "青榆面馆今日开业，人民路{}号。")
ROUNDS = 400
POISON = 7
DAY = Placement(date(2026, 11, 1))


@pytest.fixture
def recipe():
    now = datetime(2026, 11, 25, tzinfo=timezone.utc)
    bare = Recipe(Settings(), OperatingPoint.ARCHIVE, now, with_ocr=False, with_model=False)
    return replace(bare, edition=edition_of(bare.reviewer()))


@pytest.fixture
def two_nodes(monkeypatch):
    """The second node's processes; a CPU on each node."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False}
    )
    second = cluster.add_node(num_cpus=1)
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)
    yield [info.process for infos in second.all_processes.values() for info in infos]
    cluster.shutdown()


def task_of(number):
    source = InMemory(f"帖子{number}", TEXTS[number % 2].format(number % 50).encode()).source()
    return Task(number, source.name, DAY, f"r{number}", f"v{number}", sources=(source,))


def poison_of(number):
    """Whoever looks for its rows ends at once, without a word."""
    return Task(number, "毒", DAY, "r", "v", stored=defaultdict(partial(os._exit, 9)))


def give_up(task, reason):
    return Outcome(task.number, {"decision": "error", "reason": reason})


def engine_for(recipe, workers=0):
    return load_engine("ray", recipe, Resources(workers, None, 60.0), give_up)


def test_a_node_killed_in_the_middle_changes_no_outcome(recipe, two_nodes, caplog):
    tasks = [poison_of(n) if n == POISON else task_of(n) for n in range(ROUNDS)]
    examiner = recipe.examiner()
    expected = {n: examiner.examine(task) for n, task in enumerate(tasks) if n != POISON}
    found = {}

    def given_out():
        yield from tasks[: ROUNDS // 2]
        while not found:
            yield WAIT
        for process in two_nodes:
            os.kill(process.pid, signal.SIGKILL)
        yield from tasks[ROUNDS // 2 :]

    for outcome in engine_for(recipe).run(given_out()):
        assert outcome.number not in found
        found[outcome.number] = outcome
    assert found.pop(POISON).review["reason"] == "审查时进程异常退出，两次尝试均失败"
    assert found == expected
    assert "重新连接" in caplog.text  # the loss of the node was felt


def test_a_worker_with_other_rules_stops_the_run_with_one_sentence(recipe, monkeypatch, capfd):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    other = replace(recipe, edition=replace(recipe.edition, rulebook="另一版"))
    with pytest.raises(SetupError, match="载入的规则库或阈值与主程序不一致"):
        list(engine_for(other, workers=1).run(iter([task_of(0)])))
    assert capfd.readouterr().out == ""


def test_a_cluster_that_is_not_there_is_named(recipe, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(SetupError, match=r"连不上 Ray 集群 127\.0\.0\.1:1"):
        list(engine_for(recipe).run(iter([task_of(0)])))


def test_without_ray_the_user_is_told_what_to_install(recipe, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "adscan.scan.engines.ray_cluster", raising=False)
    with pytest.raises(SetupError, match=r"pip install 'adscan\[ray\]'"):
        engine_for(recipe)
