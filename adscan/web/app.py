"""The web application: routes, and what they share."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from adscan import __version__
from adscan.settings import Settings
from adscan.web import answers, metrics
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
from adscan.web.store.database import open_database
from adscan.web.store.files import FileStore

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
