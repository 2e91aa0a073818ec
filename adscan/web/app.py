"""The web application: routes, and what they share."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from adscan import __version__
from adscan.settings import Settings
from adscan.web import answers, metrics
from adscan.web.audit import Vault
from adscan.web.database import Database
from adscan.web.files import FileStore
from adscan.web.gate import Gate
from adscan.web.pages import HERE, load_templates
from adscan.web.routes import (
    account,
    api,
    audit,
    bulk,
    companies,
    comparing,
    exports,
    health,
    login,
    opinion,
    people,
    reviewing,
    statistics,
    submissions,
)

PAGES = (
    login,
    account,
    submissions,
    bulk,
    reviewing,
    opinion,
    comparing,
    statistics,
    exports,
    people,
    companies,
    audit,
    health,
)


def database_url(settings: Settings) -> str:
    """Where the service keeps its records: the setting, else SQLite in its folder."""
    if settings.database_url:
        return settings.database_url
    return f"sqlite:///{Path(settings.web.data_dir).resolve() / 'adscan.db'}"


def open_database(settings: Settings) -> Database:
    """The database with the vault for its audit log. Raises SettingsError."""
    vault = Vault.open(settings.web.data_dir, create=True)
    return Database(database_url(settings), vault)


def create_app(settings: Settings) -> FastAPI:
    """The application. Its tables must have been made (`Database.migrate`)."""
    app = FastAPI(
        title="adscan",
        version=__version__,
        description="广告预审服务",
        docs_url=None,  # these load scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.settings = settings
    app.state.database = open_database(settings)
    app.state.files = FileStore(settings.web.data_dir / "files")
    app.state.templates = load_templates()
    answers.install(app)
    app.add_middleware(
        Gate, database=app.state.database, settings=settings.web, answer=answers.answer
    )
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for module in PAGES:
        app.include_router(module.router, include_in_schema=False)
    api.install(app)
    app.add_middleware(metrics.Measured)
    return app
