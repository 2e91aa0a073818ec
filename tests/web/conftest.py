"""Services to test: on SQLite, and on a real PostgreSQL where this machine has one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from tests.web.office import Office, settings_for
from tests.web.postgres import INITDB, running_postgres


@pytest.fixture
def office(tmp_path) -> Iterator[Office]:
    office = Office(settings_for(tmp_path / "service"))
    yield office
    office.close()


@pytest.fixture(scope="session")
def postgres():
    if not INITDB:
        pytest.skip("no PostgreSQL on this machine")
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres, request) -> str:
    """An empty database."""
    name = f"test_{abs(hash(request.node.nodeid))}"
    engine = create_engine(
        postgres.url.replace("postgresql://", "postgresql+psycopg://"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgres.url.rpartition("/")[0] + f"/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def either_office(request, tmp_path) -> Iterator[Office]:
    """On both databases, one after the other."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    office = Office(settings_for(tmp_path / "service", url))
    yield office
    office.close()


@pytest.fixture(scope="module")
def chromium():
    api = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium here")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()
