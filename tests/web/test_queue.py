"""The queue: nothing is lost, nothing is done by two."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import update

from adscan.web.kept.clock import now
from adscan.web.kept.states import JobKind, JobState
from adscan.web.kept.tables import Job
from adscan.web.store.queue import (
    LostJob,
    ahead_of,
    claim,
    enqueue,
    finish,
    job_of,
    put_back,
    renew,
)


def add(office, count):
    with office.database.writing() as session:
        return [enqueue(session, JobKind.REVIEW, number) for number in range(1, count + 1)]


def finish_job(office, worker, claimed):
    with office.database.writing() as session:
        finish(session, worker, claimed)


def expire(office):
    with office.database.writing() as session:
        session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))


def test_jobs_come_in_the_order_they_were_given(either_office):
    add(either_office, 3)
    got = [claim(either_office.database, "a", 30).subject_id for _ in range(3)]
    assert got == [1, 2, 3]
    assert claim(either_office.database, "a", 30) is None


def test_of_many_workers_each_job_goes_to_one(either_office):
    add(either_office, 40)
    got: list[int] = []

    def work(name):
        while claimed := claim(either_office.database, name, 30):
            got.append(claimed.subject_id)
            finish_job(either_office, name, claimed)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(got) == Counter(range(1, 41))


def test_a_job_whose_worker_is_gone_is_taken_up_by_another(either_office):
    add(either_office, 1)
    first = claim(either_office.database, "a", 30)
    assert claim(either_office.database, "b", 30) is None
    expire(either_office)
    second = claim(either_office.database, "b", 30)
    assert (second.job_id, second.attempt) == (first.job_id, 2)


def test_a_worker_that_comes_back_late_may_not_keep_its_result(either_office):
    add(either_office, 1)
    first = claim(either_office.database, "a", 30)
    expire(either_office)
    claim(either_office.database, "b", 30)
    with pytest.raises(LostJob):
        renew(either_office.database, "a", first, 30, ("正在读取", 1, 2))
    with pytest.raises(LostJob):
        finish_job(either_office, "a", first)


def test_a_renewed_lease_holds_and_tells_how_far_it_is(office):
    add(office, 1)
    claimed = claim(office.database, "a", 30)
    expire(office)
    renew(office.database, "a", claimed, 30, ("正在识别文字", 2, 5))
    assert claim(office.database, "b", 30) is None
    with office.database.reading() as session:
        job = job_of(session, JobKind.REVIEW, 1)
        assert (job.stage, job.done, job.total) == ("正在识别文字", 2, 5)


def test_a_job_put_back_waits_its_time(office):
    add(office, 1)
    claimed = claim(office.database, "a", 30)
    put_back(office.database, "a", claimed, 60, "trouble")
    assert claim(office.database, "a", 30) is None
    with office.database.writing() as session:
        session.execute(update(Job).values(run_after=now()))
    assert claim(office.database, "a", 30).attempt == 2


def test_a_done_job_stays_done(office):
    add(office, 1)
    finish_job(office, "a", claim(office.database, "a", 30))
    expire(office)
    assert claim(office.database, "a", 30) is None
    with office.database.reading() as session:
        assert job_of(session, JobKind.REVIEW, 1).state is JobState.DONE


def test_who_waits_is_told_how_many_are_before_them(office):
    jobs = add(office, 3)
    with office.database.reading() as session:
        assert [ahead_of(session, job) for job in jobs] == [0, 1, 2]
