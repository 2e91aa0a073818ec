"""`adscan serve`: web processes and review workers under one roof; who dies is replaced."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Any

import uvicorn
from sqlalchemy import select

from adscan.errors import SettingsError, SetupError
from adscan.scan.recipe import Recipe
from adscan.settings import Settings
from adscan.web import metrics
from adscan.web.app import create_app
from adscan.web.kept.states import Role
from adscan.web.kept.tables import Person
from adscan.web.machine.worker import work
from adscan.web.people.sign_in import invite
from adscan.web.store.database import Database, open_database

log = logging.getLogger(__name__)

SETUP_FAILED = 2  # exit status of a child that can never work here
GRACE_S = 20  # for requests and jobs in hand when the service is stopped
WATCH_S = 0.5
RESTING_S = (0, 1, 5, 15)  # before a process that keeps dying is started again
STEADY_S = 60  # it has lived so long: its next death is a first one
BACKLOG = 512


@dataclass
class Post:
    """One process that is always to be there."""

    name: str
    target: Callable[..., None]
    arguments: tuple[Any, ...]
    process: BaseProcess | None = None
    started: float = 0.0
    deaths: int = 0
    has_worked: bool = False  # what keeps it from work came up later and may pass

    def start(self, context: Any) -> None:
        """Put a process on the post."""
        self.process = context.Process(target=self.target, args=self.arguments, name=self.name)
        self.process.start()
        self.started = time.monotonic()

    def is_due(self) -> bool:
        """Whether its process is gone and has been for long enough."""
        if self.process is None:
            return True
        if self.process.is_alive():
            return False
        lived = time.monotonic() - self.started
        if lived > STEADY_S:
            self.deaths, self.has_worked = 0, True
        if self.process.exitcode == SETUP_FAILED and not self.has_worked:
            raise SettingsError(f"{self.name}无法工作", hint="原因见上面的信息")
        return lived >= RESTING_S[min(self.deaths, len(RESTING_S) - 1)]


@dataclass
class Service:
    """All posts. `stop` ends them in good order."""

    settings: Settings
    recipe: Recipe
    host: str
    port: int
    web: int
    workers: int
    verbose: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)
    posts: list[Post] = field(default_factory=list)

    def run(self, say: Callable[[str], None]) -> None:
        """Until stopped. Raises SetupError."""
        database = open_database(self.settings)
        database.migrate()
        sockets = [self._bind()] if self.web else []
        counts = tempfile.TemporaryDirectory(prefix="adscan-metrics-")
        os.environ[metrics.FOLDER] = counts.name  # where web processes add up what they count
        address = self.address(sockets[0]) if sockets else ""
        context = multiprocessing.get_context("spawn")
        for number in range(1, self.web + 1):
            given = (self.settings, sockets[0], self.verbose)
            self.posts.append(Post(f"网页进程 {number}", _serve_web, given))
        for number in range(1, self.workers + 1):
            work_with = (self.settings, self.recipe.one_threaded())
            self.posts.append(Post(f"审查进程 {number}", _serve_jobs, work_with))
        self._greet(database, address, say)
        database.engine.dispose()
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: self.stopping.set())
        try:
            self._watch(context)
        finally:
            self._end()
            counts.cleanup()

    def address(self, bound: socket.socket) -> str:
        """Where a browser on this machine finds it."""
        host, port = bound.getsockname()[:2]
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((self.host, self.port))
        except OSError as error:
            bound.close()
            raise SettingsError(
                f"不能在 {self.host}:{self.port} 上提供服务：{error.strerror}",
                hint="请换 --port，或停掉占用它的程序",
            ) from error
        bound.listen(BACKLOG)
        bound.set_inheritable(True)
        return bound

    def _greet(self, database: Database, address: str, say: Callable[[str], None]) -> None:
        say(f"数据库：{database.shown()}")
        say(f"数据文件夹：{self.settings.web.data_dir}")
        if not address:
            return
        say(f"预审服务已启动：{address}  （Ctrl-C 停止）")
        with database.writing() as session:
            if session.scalars(select(Person).where(Person.role == Role.ADMIN)).first() is None:
                link = f"{address}/invitations/{invite(session, None, self.settings.web)}"
                say(f"还没有管理员。请打开这个一次性链接设立管理员：\n  {link}")

    def _watch(self, context: Any) -> None:
        while not self.stopping.wait(WATCH_S):
            for post in self.posts:
                if not post.is_due():
                    continue
                if post.process is not None:
                    post.deaths += 1
                    log.warning("%s 已退出（%s），重新启动", post.name, post.process.exitcode)
                post.start(context)

    def _end(self) -> None:
        running = [post.process for post in self.posts if post.process is not None]
        for process in running:
            if process.is_alive():
                process.terminate()
        give_up = time.monotonic() + GRACE_S
        for process in running:
            process.join(max(0.0, give_up - time.monotonic()))
            if process.is_alive():
                process.kill()  # its job is taken up again at the next start
                process.join()


def _serve_web(settings: Settings, bound: socket.socket, verbose: bool) -> None:
    _follow_parent()
    try:
        app = create_app(settings)
    except SetupError as error:
        _give_up(error)
    config = uvicorn.Config(
        app,
        log_level="info" if verbose else "warning",
        access_log=verbose,
        server_header=False,
        proxy_headers=bool(settings.web.trusted_proxies),
        forwarded_allow_ips=settings.web.trusted_proxies,
        timeout_graceful_shutdown=GRACE_S // 2,
        backlog=BACKLOG,
    )
    uvicorn.Server(config).run(sockets=[bound])


def _serve_jobs(settings: Settings, recipe: Recipe) -> None:
    _follow_parent()
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        work(settings, recipe, lambda: None, stop)
    except SetupError as error:
        _give_up(error)


def _give_up(error: SetupError) -> None:
    log.error("%s", error)
    os._exit(SETUP_FAILED)


def _follow_parent() -> None:
    """End with the parent, even if it is killed: no process is left that nobody watches."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
