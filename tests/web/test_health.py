"""What those who run the service can ask it: does it live, can it work, how is it doing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from adscan.web.kept.clock import now
from adscan.web.kept.states import Scope
from adscan.web.kept.tables import Job
from adscan.web.store.queue import claim
from tests.web.office import Browser, Office


def ready(office: Office) -> tuple[int, dict]:
    response = office.browser().get("/health/ready")
    return response.status_code, response.json()["checks"]


def at(office: Office, host: str, **headers: str) -> Browser:
    browser = Browser(office.app, base_url="http://testserver", client=(host, 50_000))
    browser.headers.update(headers)
    return browser


def value(exposed: str, name: str, **labels: str) -> float:
    told = ",".join(f'{key}="{label}"' for key, label in sorted(labels.items()))
    wanted = f"{name}{{{told}}}" if labels else name
    found = re.search(rf"^{re.escape(wanted)} (\S+)$", exposed, re.MULTILINE)
    assert found, (wanted, exposed)
    return float(found[1])


def test_a_service_that_works_is_live_and_ready(either_office: Office):
    assert either_office.browser().get("/health/live").status_code == 200
    status, checks = ready(either_office)
    assert status == 200
    assert checks == dict.fromkeys(("database", "tables", "files", "workers"), "ok")


def test_tables_of_another_version_are_told(office: Office):
    with office.database.writing() as session:
        session.execute(text("update alembic_version set version_num = '0001'"))
    status, checks = ready(office)
    assert status == 503
    assert [name for name, found in checks.items() if found != "ok"] == ["tables"]


def test_a_data_folder_that_is_gone_is_told(office: Office, tmp_path):
    shutil.move(tmp_path / "service", tmp_path / "elsewhere")
    status, checks = ready(office)
    assert status == 503
    assert "数据文件夹" in checks["files"]


def test_a_database_that_is_gone_is_told_and_the_process_stays_live(
    postgres_url, tmp_path, postgres
):
    from tests.web.office import settings_for

    office = Office(settings_for(tmp_path / "service", postgres_url))
    postgres.stop()
    try:
        status, checks = ready(office)
        assert status == 503
        assert "数据库" in checks["database"]
        assert checks["files"] == "ok"
        assert office.browser().get("/health/live").status_code == 200
    finally:
        postgres.start()
    assert ready(office)[0] == 200
    office.close()


def test_jobs_that_nobody_takes_up_are_told(either_office: Office):
    office = either_office
    office.submit()
    assert ready(office)[0] == 200  # it has only just come
    with office.database.writing() as session:
        session.get_one(Job, 1).run_after = now() - timedelta(minutes=5)
    status, checks = ready(office)
    assert status == 503
    assert "1 件任务" in checks["workers"]
    office.submit()
    claim(office.database, "somebody", 30)  # a worker has one in hand: the others wait their turn
    assert ready(office)[0] == 200


def test_a_worker_that_died_over_a_job_is_told(office: Office):
    office.submit()
    claim(office.database, "somebody", 30)
    with office.database.writing() as session:
        session.get_one(Job, 1).lease_until = now() - timedelta(minutes=5)
    assert ready(office)[0] == 503


def test_metrics_are_for_this_machine_and_for_staff(office: Office):
    assert at(office, "127.0.0.1").get("/metrics").status_code == 200
    assert at(office, "::1").get("/metrics").status_code == 200
    assert at(office, "10.0.0.5").get("/metrics").status_code == 401
    proxied = {"x-forwarded-for": "10.0.0.5"}
    assert at(office, "127.0.0.1", **proxied).get("/metrics").status_code == 401
    for login, status in (("wang", 200), ("admin", 200), ("audit", 200), ("shen", 401)):
        token = {"authorization": f"Bearer {office.token(login)}"}
        assert at(office, "10.0.0.5", **token).get("/metrics").status_code == status, login
    for headers in (
        {"authorization": "Bearer wrong"},
        {"authorization": f"Bearer {office.token('wang', Scope.REVIEW)}"},
    ):
        assert at(office, "10.0.0.5", **headers).get("/metrics").status_code == 401


def test_metrics_count_requests_by_route_and_show_no_names(either_office: Office):
    office = either_office
    local = at(office, "127.0.0.1")
    before = local.get("/metrics").text
    office.submit("shen")
    office.submit("shen")
    office.work()
    office.browser().get("/submissions/1?secret=word")
    office.browser().get("/no/such/place")
    exposed = local.get("/metrics").text
    labels = {"method": "POST", "route": "/submissions/new", "status": "303"}
    earlier = (
        value(before, "adscan_http_requests_total", **labels) if "/submissions/new" in before else 0
    )
    assert value(exposed, "adscan_http_requests_total", **labels) == earlier + 2
    assert value(exposed, "adscan_jobs", kind="review", state="done") == 2
    assert value(exposed, "adscan_jobs", kind="review", state="queued") == 0
    assert value(exposed, "adscan_queue_oldest_seconds") == 0
    assert value(exposed, "adscan_submissions", state="awaiting_person") == 2
    assert value(exposed, "adscan_review_seconds_count") == 2
    assert value(exposed, "adscan_review_seconds_bucket", le="+Inf") == 2
    assert 0 < value(exposed, "adscan_review_seconds_sum") < 600
    for word in ("shen", "海州", "江南", "/no/such", "/submissions/1"):
        assert word not in exposed


def test_the_oldest_waiting_job_has_its_age(either_office: Office):
    either_office.submit()
    with either_office.database.writing() as session:
        session.get_one(Job, 1).run_after = now() - timedelta(seconds=100)
    exposed = at(either_office, "127.0.0.1").get("/metrics").text
    assert 100 <= value(exposed, "adscan_queue_oldest_seconds") < 130


PROCESS = """
import sys
from pathlib import Path
from starlette.testclient import TestClient
from adscan.settings import Settings, WebSettings
from adscan.web.app import create_app

app = create_app(Settings(web=WebSettings(data_dir=Path(sys.argv[1]))))
app.state.database.migrate()
client = TestClient(app, client=("127.0.0.1", 5))
for _ in range(int(sys.argv[2])):
    client.get("/health/live")
print(client.get("/metrics").text)
"""


@pytest.mark.slow
def test_counts_of_several_web_processes_are_summed_whichever_answers(tmp_path):
    counts = tmp_path / "counts"
    counts.mkdir()
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(counts)}

    def run(times: int) -> str:
        command = [sys.executable, "-c", PROCESS, str(tmp_path / "service"), str(times)]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment, timeout=120,
            cwd=Path(__file__).parents[2],
        ).stdout  # fmt: skip

    labels = {"method": "GET", "route": "/health/live", "status": "200"}
    assert value(run(3), "adscan_http_requests_total", **labels) == 3
    exposed = run(4)
    assert value(exposed, "adscan_http_requests_total", **labels) == 7
    count = "adscan_http_request_duration_seconds_count"
    assert value(exposed, count, method="GET", route="/health/live") == 7
    assert value(exposed, "adscan_submissions", state="approved") == 0
