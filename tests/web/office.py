"""A service in this process for tests: people of every role, browsers, and the worker's hand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from adscan.records.verdict import OperatingPoint
from adscan.scan.recipe import Recipe
from adscan.settings import Settings, WebSettings
from adscan.web.app import create_app
from adscan.web.kept.states import Role, Scope
from adscan.web.kept.tables import Company, Person
from adscan.web.machine.worker import Worker
from adscan.web.people.identity import Identity
from adscan.web.people.sign_in import add_person, create_token, set_password
from adscan.web.store.files import FileStore
from adscan.web.store.queue import claim

PASSWORD = "correct horse 42"
LOGINS = {
    "shen": Role.SUBMITTER,
    "sun": Role.SUBMITTER,  # of another company
    "wang": Role.REVIEWER,
    "zhao": Role.CHIEF,
    "qian": Role.CHIEF,
    "audit": Role.AUDITOR,
    "admin": Role.ADMIN,
}
COMPANIES = {"shen": "江南日用品有限公司", "sun": "海州理财咨询有限公司"}


class Browser(TestClient):
    """A browser that follows redirects, and sends the session's CSRF token with every form."""

    def sign_in(self, login: str) -> Browser:
        response = self.post("/login", data={"login": login, "password": PASSWORD})
        assert response.status_code == 200, response.text[:500]
        return self

    @property
    def csrf(self) -> str:
        page = self.get("/account").text
        return re.search(r'name="csrf" value="([^"]+)"', page).group(1)

    def act(self, path: str, data: dict[str, Any] | None = None, **more: Any):
        headers = {"X-CSRF-Token": self.csrf, **more.pop("headers", {})}
        return self.post(path, data=data or {}, headers=headers, **more)


@dataclass
class Office:
    """The service under test."""

    settings: Settings
    app: Any = field(init=False)
    _worker: Worker | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.settings)
        self.database = self.app.state.database
        self.database.migrate()
        self.files: FileStore = self.app.state.files
        with self.database.writing() as session:
            companies = {}
            for login, name in COMPANIES.items():
                companies[login] = Company(name=name, created_at=datetime.now(timezone.utc))
                session.add(companies[login])
            for login, role in LOGINS.items():
                person = add_person(session, "系统", login, login, role, companies.get(login))
                person.password_hash = _HASH

    def browser(self, login: str | None = None) -> Browser:
        browser = Browser(self.app, base_url="http://testserver", raise_server_exceptions=False)
        return browser.sign_in(login) if login else browser

    def identity(self, login: str) -> Identity:
        with self.database.reading() as session:
            person = session.query(Person).filter_by(login=login).one()
            return Identity.of(person)

    def token(self, login: str, *scopes: Scope) -> str:
        with self.database.writing() as session:
            return create_token(session, self.identity(login), "测试", scopes or tuple(Scope), 30)

    def worker(self) -> Worker:
        """A real worker without model and pictures, in this process."""
        import threading

        recipe = Recipe(
            self.settings, OperatingPoint.PREREVIEW, datetime.now(timezone.utc),
            with_ocr=False, with_model=False,
        )  # fmt: skip
        return Worker(self.settings, recipe, threading.Event())

    def close(self) -> None:
        self.database.engine.dispose()
        if self._worker:
            self._worker._database.engine.dispose()

    def work(self) -> int:
        """Do all jobs that wait; how many there were."""
        worker = self._worker = self._worker or self.worker()
        done = 0
        while claimed := claim(self.database, worker._name, 30):
            worker._do(claimed)
            done += 1
        return done

    def submit(self, login: str = "shen", text: str = "本产品保本保息，年化 12%，零风险。", **more):
        """A submission through the form; its id."""
        form = {
            "title": "春季推广", "advertiser": "海州理财咨询有限公司", "product": "安心宝",
            "medium": "newspaper", "slot": "A3 版", "planned_from": "2026-11-25", "text": text,
            **more.pop("form", {}),
        }  # fmt: skip
        response = self.browser(login).act("/submissions/new", form, follow_redirects=False, **more)
        assert response.status_code == 303, response.text[:2000]
        return int(response.headers["location"].rpartition("/")[2])


def settings_for(folder: Path, url: str | None = None, **web: Any) -> Settings:
    """Settings of a service in this folder."""
    return Settings(
        web=WebSettings(data_dir=folder, **web), database_url=url, cache_dir=folder / "cache"
    )


def _hash() -> str:
    person = Person(login="x", name="x")
    set_password(person, PASSWORD)
    return person.password_hash


_HASH = _hash()
