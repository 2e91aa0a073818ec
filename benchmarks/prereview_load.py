"""Fifty clients submit texts to the pre-review service at once: how long they wait, what is lost.

    python benchmarks/prereview_load.py [--database URL] [--clients 50] [--each 10] [--kill]

Starts `adscan serve` (two web processes, two workers) in a fresh folder, on SQLite or on the
database named. With `--kill` a worker and a web process are killed while clients send. A client
whose connection breaks sends again under the same Idempotency-Key. Afterwards every acknowledged
submission must be there once, reviewed once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

import httpx2 as httpx
import psutil
from sqlalchemy import func, select

from adscan.settings import Settings, WebSettings
from adscan.web.kept.states import JobState, Role, Scope
from adscan.web.kept.tables import Company, Job, Submission, Version
from adscan.web.people.identity import Identity
from adscan.web.people.sign_in import add_person, create_token
from adscan.web.store.database import open_database

TEXT = (
    "海州理财“安心宝”第 {number} 期，期限 180 天，预期年化收益 4.2%，保本保息，名额有限，欢迎咨询。"
    * 3
)


@dataclass
class Run:
    """What the clients saw."""

    taken_s: list[float] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    again: int = 0  # requests sent once more


def prepare(settings: Settings) -> str:
    """Tables, a company, a submitter; the submitter's token."""
    database = open_database(settings)
    database.migrate()
    with database.writing() as session:
        company = Company(name="海州理财", created_at=datetime.now(timezone.utc))
        session.add(company)
        name = f"load-{secrets.token_hex(4)}"
        person = add_person(session, "benchmark", name, "负载", Role.SUBMITTER, company)
        token = create_token(session, Identity.of(person), "负载", tuple(Scope), 1)
    database.engine.dispose()
    return token


async def send(client: httpx.AsyncClient, number: int, run: Run) -> None:
    """One submission, sent again until it is acknowledged."""
    body = {
        "title": f"第 {number} 件", "advertiser": "海州理财", "planned_from": "2026-11-25",
        "text": TEXT.format(number=number),
    }  # fmt: skip
    began = time.perf_counter()
    key = {"Idempotency-Key": f"load-{number}-{os.getpid()}"}
    while True:
        try:
            answer = await client.post("/api/v1/submissions", json=body, headers=key)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code in (200, 201):
            break
        if answer is not None and answer.status_code not in (500, 502, 503, 504):
            raise SystemExit(f"{answer.status_code}: {answer.text[:300]}")
        run.again += 1
        await asyncio.sleep(0.2)
    run.taken_s.append(time.perf_counter() - began)
    run.ids.append(answer.json()["id"])


async def load(address: str, token: str, clients: int, each: int, kill) -> Run:
    """All clients at once; `kill` is called when a third is through."""
    run = Run()
    total = clients * each

    async def one(client_number: int) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
            for nth in range(each):
                await send(client, client_number * each + nth, run)

    async def killer() -> None:
        while kill and len(run.ids) < total // 3:
            await asyncio.sleep(0.05)
        if kill:
            await asyncio.to_thread(kill)

    await asyncio.gather(killer(), *(one(number) for number in range(clients)))
    return run


def killing(parent: int, port: int):
    """Kills one web process and one worker."""

    def kill() -> None:
        web, workers = [], []
        for child in psutil.Process(parent).children():
            if "resource_tracker" in " ".join(child.cmdline()):
                continue
            ports = {one.laddr.port for one in child.net_connections(kind="inet") if one.laddr}
            (web if port in ports else workers).append(child)
        for child in (web[0], workers[0]):
            child.kill()
        print(f"killed web process {web[0].pid} and worker {workers[0].pid}")

    return kill


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--with-model", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), arguments)


def measure(folder: Path, arguments: argparse.Namespace) -> None:
    """One run in this folder."""
    settings = Settings(web=WebSettings(data_dir=folder), database_url=arguments.database)
    token = prepare(settings)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = {**os.environ, "ADSCAN_WEB__DATA_DIR": str(folder), "ADSCAN_WEB__LEASE_S": "5"}
    if arguments.database:
        variables["ADSCAN_DATABASE_URL"] = arguments.database
    command = [sys.executable, "-m", "adscan", "serve", "--port", str(port), "--web", "2"]
    command += ["--workers", "2", *([] if arguments.with_model else ["--no-model"])]
    service = subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait(lambda: answers(address), 60)
        time.sleep(8)  # workers have loaded their rules
        kill = killing(service.pid, port) if arguments.kill else None
        began = time.perf_counter()
        run = asyncio.run(load(address, token, arguments.clients, arguments.each, kill))
        sent_s = time.perf_counter() - began
        wait(lambda: check(settings, run, quiet=True), 600)
        done_s = time.perf_counter() - began
        check(settings, run)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(60)
    ordered = sorted(run.taken_s)
    print(json.dumps({
        "database": "postgresql" if arguments.database else "sqlite",
        "clients": arguments.clients, "submissions": len(ordered), "sent_again": run.again,
        "p50_ms": round(statistics.median(ordered) * 1000),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000),
        "max_ms": round(ordered[-1] * 1000),
        "sent_per_s": round(len(ordered) / sent_s, 1), "all_reviewed_after_s": round(done_s, 1),
    }))  # fmt: skip


def check(settings: Settings, run: Run, *, quiet: bool = False) -> bool:
    """Every acknowledged submission is there once and reviewed once. Exits if one is missing."""
    database = open_database(settings)
    with database.reading() as session:
        ids = set(session.scalars(select(Submission.id).where(Submission.id.in_(run.ids))))
        reviewed = session.scalar(
            select(func.count())
            .where(Version.submission_id.in_(run.ids))
            .where(Version.reviewed_at.is_not(None))
        )
        jobs = session.scalar(select(func.count()).where(Job.state == JobState.DONE))
        everything = session.scalar(select(func.count()).select_from(Submission))
    database.engine.dispose()
    whole = len(ids) == len(set(run.ids)) == len(run.ids) == reviewed == everything
    if not quiet:
        print(
            f"acknowledged {len(run.ids)}, stored {len(ids)}, in all {everything}, "
            f"reviewed {reviewed}, jobs done {jobs}: {'nothing lost' if whole else 'LOST'}"
        )
        if not whole:
            raise SystemExit(1)
    return whole


def answers(address: str) -> bool:
    """Whether it is up."""
    try:
        return httpx.get(f"{address}/login").status_code == 200
    except httpx.TransportError:
        return False


def wait(holds, patience_s: float) -> None:
    """Until it holds, or SystemExit."""
    give_up = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > give_up:
            raise SystemExit("gave up waiting")
        time.sleep(0.5)


if __name__ == "__main__":
    main()
