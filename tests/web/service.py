"""A real `adscan serve` with its processes, spoken to over loopback."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psutil

from tests.web.office import PASSWORD, Office, settings_for

PATIENCE_S = 60


class Service:
    """`adscan serve` in a folder; people and companies are those of an Office."""

    def __init__(self, folder: Path, url: str | None = None, **variables: str) -> None:
        self.office = Office(settings_for(folder, url))
        self._folder, self._url, self._variables = folder, url, variables
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "serve.log"
        self._process: subprocess.Popen | None = None
        self._clients: list[httpx.Client] = []

    def start(self, web: int = 1, workers: int = 1, *more: str) -> None:
        command = [sys.executable, "-m", "adscan", "serve", "--port", str(self.port)]
        command += ["--web", str(web), "--workers", str(workers), "--no-model", *more]
        variables = {
            **os.environ,
            "ADSCAN_WEB__DATA_DIR": str(self._folder),
            "ADSCAN_CACHE_DIR": str(self._folder / "cache"),
            "ADSCAN_REGISTER_PATH": str(self._folder / "none.db"),
            **({"ADSCAN_DATABASE_URL": self._url} if self._url else {}),
            **self._variables,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
        wait_until(self._answers, "the service answers", self.told)

    def _answers(self) -> bool:
        assert self._process.poll() is None, self.told()
        try:
            return httpx.get(f"{self.address}/login", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def told(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def children(self, posts: str) -> list[psutil.Process]:
        """Processes of one kind: `_serve_web` or `_serve_jobs`, oldest first."""
        found = psutil.Process(self._process.pid).children()
        chosen = [child for child in found if self._is_at(child, posts)]
        return sorted(chosen, key=lambda child: child.create_time())

    def _is_at(self, child: psutil.Process, posts: str) -> bool:
        """A web process listens; a worker does not. The resource tracker is neither."""
        try:
            if "resource_tracker" in " ".join(child.cmdline()):
                return False
            connections = child.net_connections(kind="inet")
        except psutil.Error:
            return False
        listens = any(one.laddr and one.laddr.port == self.port for one in connections)
        return listens == (posts == "_serve_web")

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(PATIENCE_S)

    def kill(self) -> None:
        """The whole service, as when the power fails."""
        everyone = [self._process, *psutil.Process(self._process.pid).children(recursive=True)]
        for process in everyone:
            process.kill()
        self._process.wait()

    def close(self) -> None:
        if self._process and self._process.poll() is None:
            self.stop()
        for client in self._clients:
            client.close()
        self.office.close()

    def client(self, login: str) -> httpx.Client:
        """Signed in, with the CSRF token in its headers."""
        client = httpx.Client(base_url=self.address, timeout=PATIENCE_S)
        self._clients.append(client)
        answer = client.post("/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text[:500]
        page = client.get("/account").text
        client.headers["X-CSRF-Token"] = re.search(r'name="csrf" value="([^"]+)"', page).group(1)
        return client

    def submit(self, client: httpx.Client, text: str = "保本保息。", **more: Any) -> int:
        form = {
            "title": "推广", "advertiser": "海州理财", "planned_from": "2026-11-25", "text": text,
        }  # fmt: skip
        response = client.post("/submissions/new", data=form, **more)
        assert response.status_code == 303, response.text[:1000]
        return int(response.headers["location"].rpartition("/")[2])


@contextmanager
def running(service: Service, *arguments: Any) -> Iterator[Service]:
    try:
        service.start(*arguments)
        yield service
    finally:
        service.close()


def wait_until(
    holds: Callable[[], Any], what: str, told: Callable[[], str] = str, patience_s: float = 60
) -> Any:
    give_up = time.monotonic() + patience_s
    while time.monotonic() < give_up:
        if value := holds():
            return value
        time.sleep(0.1)
    raise AssertionError(f"in vain: {what}\n{told()}")
