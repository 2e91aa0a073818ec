"""What is sent to the cluster, and what becomes of it when the cluster fails. Needs no Ray."""

import pickle
from datetime import date

from adscan.ingest.locations import InMemory
from adscan.records.ad import Placement
from adscan.scan.engine import WAIT
from adscan.scan.engines.ray_batches import AT_ONCE, BATCH_BYTES, SUSPECT_FROM, Batches
from adscan.scan.task import Task
from adscan.settings import Limits


def task_of(number, pictures=False, data=b"0"):
    source = InMemory(f"帖子{number}", data).source()
    placement = Placement(date(2026, 11, 1))
    return Task(number, source.name, placement, "", "", sources=(source,), pictures=pictures)


def batches_of(tasks, slots):
    batches = Batches(iter(tasks), Limits())
    batches.slots = slots
    return batches


def numbers_in(batches):
    return [[task.number for task in batch.tasks] for batch in batches]


def sent_until_done(batches):
    """Everything answered at once, round by round."""
    rounds = []
    while batches.draw():
        sent = list(batches.to_send())
        rounds.append(sent)
        for batch in sent:
            batches.answered(batch.number)
    return rounds


def test_every_task_is_sent_once_and_kinds_do_not_mix():
    tasks = [task_of(number, pictures=number % 3 == 0) for number in range(700)]
    sent = [batch for round_ in sent_until_done(batches_of(tasks, 6)) for batch in round_]
    assert sorted(n for numbers in numbers_in(sent) for n in numbers) == list(range(700))
    for batch in sent:
        (kind,) = {task.pictures for task in batch.tasks}
        assert len(batch.tasks) <= AT_ONCE[kind]


def test_pictures_take_half_of_the_slots_while_texts_wait():
    tasks = [task_of(number, pictures=number < 100) for number in range(1000)]
    batches = batches_of(tasks, 6)
    batches.draw()
    assert sum(batch.tasks[0].pictures for batch in batches.to_send()) == 3


def test_no_more_is_out_than_there_are_slots():
    batches = batches_of([task_of(number) for number in range(5000)], 4)
    batches.draw()
    assert len(list(batches.to_send())) == 4
    assert list(batches.to_send()) == []


def test_a_large_ad_closes_its_batch():
    tasks = [task_of(number, data=b" " * BATCH_BYTES) for number in range(3)]
    rounds = sent_until_done(batches_of(tasks, 1))
    assert [numbers_in(round_) for round_ in rounds] == [[[0]], [[1]], [[2]]]


def test_wait_sends_what_there_is():
    batches = batches_of([task_of(0), WAIT, task_of(1)], 4)
    assert batches.draw()
    batch = next(batches.to_send())
    number, packed = pickle.loads(batch.message)
    assert (number, pickle.loads(packed[0]).number) == (batch.number, 0)


def test_what_was_out_when_the_cluster_failed_is_sent_again():
    batches = batches_of([task_of(number) for number in range(600)], 4)
    batches.draw()
    first, *others = batches.to_send()
    done = {task.number for task in batches.answered(first.number)}
    assert batches.failed() == []
    again = [n for round_ in sent_until_done(batches) for ns in numbers_in(round_) for n in ns]
    assert sorted(again) == sorted(set(range(600)) - done)
    assert again[: len(others[0].tasks)] == [task.number for task in others[0].tasks]


def test_the_one_ad_that_brings_the_cluster_down_is_given_up_and_no_other():
    killer, answered, given_up, failures = 333, [], [], 0
    batches = batches_of([task_of(number) for number in range(600)], 4)
    while batches.draw():
        sent = list(batches.to_send())
        for batch in sent:
            if killer in {task.number for task in batch.tasks}:
                failures += 1
                given_up += batches.failed()
                break
            answered += [task.number for task in batches.answered(batch.number)]
    assert [task.number for task in given_up] == [killer]
    assert sorted(answered) == [number for number in range(600) if number != killer]
    assert failures == SUSPECT_FROM + 2
