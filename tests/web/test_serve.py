"""The real service: processes that die, a database that goes, a start from nothing."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import httpx2 as httpx
import pytest
from sqlalchemy import delete, func, select

from adscan.web.kept.states import JobState, Role
from adscan.web.kept.tables import Job, Person, Submission, Version
from tests.web.service import Service, running, wait_until

pytestmark = pytest.mark.slow

POSTER = Path("examples/ads/01-wealth-poster.jpg").read_bytes()


def decisions(service: Service) -> dict[int, str | None]:
    with service.office.database.reading() as session:
        return dict(session.execute(select(Version.submission_id, Version.decision)).all())


def reviewed(service: Service, number: int) -> str | None:
    return decisions(service).get(number)


def running_job(service: Service) -> Job | None:
    with service.office.database.reading() as session:
        return session.scalars(select(Job).where(Job.state == JobState.RUNNING)).first()


def test_the_first_start_gives_a_link_that_makes_the_admin(tmp_path):
    service = Service(tmp_path / "s")
    with service.office.database.writing() as session:
        session.execute(delete(Person).where(Person.role == Role.ADMIN))
    with running(service):
        link = re.search(r"http://\S+/invitations/\S+", service.told()).group()
        form = {
            "login": "boss",
            "name": "管理员",
            "password": "a long sentence",
            "again": "a long sentence",
        }
        assert "设立管理员" in httpx.get(link).text
        done = httpx.post(link, data=form)
        assert done.status_code == 303
        assert "adscan_session" in done.cookies
        assert httpx.post(link, data=form).status_code == 404
        assert service.stop() == 0


def test_a_worker_killed_in_mid_review_costs_time_and_nothing_else(tmp_path):
    with running(Service(tmp_path / "s", ADSCAN_WEB__LEASE_S="3"), 1, 1) as service:
        client = service.client("shen")
        files = {"creatives": ("poster.jpg", POSTER, "image/jpeg")}
        number = service.submit(client, files=files)
        wait_until(lambda: running_job(service), "a worker has the job", service.told)
        (worker,) = service.children("_serve_jobs")
        worker.kill()
        assert wait_until(lambda: reviewed(service, number), "it is reviewed", service.told) in (
            "reject", "revise",
        )  # fmt: skip
        with service.office.database.reading() as session:
            assert session.scalars(select(Job)).one().attempts == 2
            submission = session.get_one(Submission, number)
            assert len({f.rule for f in submission.latest.findings}) == len(
                submission.latest.findings
            )


def test_a_service_cut_off_takes_up_its_jobs_when_it_comes_back(tmp_path):
    service = Service(tmp_path / "s", ADSCAN_WEB__LEASE_S="3")
    with running(service, 1, 0):
        numbers = [service.submit(service.client("shen"), f"保本保息 {n}。") for n in range(3)]
        service.kill()
        service.start(1, 1)
        wait_until(
            lambda: all(reviewed(service, number) for number in numbers), "all reviewed",
            service.told,
        )  # fmt: skip


def test_a_web_process_killed_is_replaced(tmp_path):
    with running(Service(tmp_path / "s"), 2, 0) as service:
        first = service.children("_serve_web")[0]
        first.kill()
        wait_until(lambda: len(service.children("_serve_web")) == 2, "two again", service.told)
        assert service.client("shen").get("/").status_code == 200


def test_the_database_gone_for_a_while_is_said_and_survived(tmp_path, postgres, postgres_url):
    with running(Service(tmp_path / "s", postgres_url), 1, 1) as service:
        client = service.client("shen")
        service.submit(client)
        postgres.stop()
        answer = client.get("/")
        assert answer.status_code == 503
        assert "数据库暂时连不上" in answer.text
        assert answer.headers["retry-after"]
        form = {"title": "推广", "advertiser": "甲", "planned_from": "2026-11-25", "text": "字"}
        assert client.post("/submissions/new", data=form).status_code == 503
        time.sleep(3)
        postgres.start()
        number = wait_until(lambda: again(service, client), "it takes submissions again")
        wait_until(lambda: reviewed(service, number), "it is reviewed", service.told)
        assert service.stop() == 0


def again(service: Service, client: httpx.Client) -> int | None:
    if client.get("/").status_code != 200:
        return None
    return service.submit(client)


def test_several_processes_on_postgresql_lose_and_double_nothing(tmp_path, postgres_url):
    with running(Service(tmp_path / "s", postgres_url), 2, 2) as service:
        sent: list[int] = []

        def send(name: int, client: httpx.Client) -> None:
            for nth in range(5):
                sent.append(service.submit(client, f"保本保息，第 {name}-{nth} 号。"))

        # Six at once under one name would be taken for guessing.
        threads = [
            threading.Thread(target=send, args=(name, service.client("shen"))) for name in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(sent)) == 30
        wait_until(lambda: all(decisions(service).values()), "all are reviewed", service.told, 120)
        with service.office.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Job)) == 30
            assert session.scalar(select(func.max(Job.attempts))) == 1
