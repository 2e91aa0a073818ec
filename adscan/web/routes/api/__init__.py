"""The REST API under /api/v1: for programs with a bearer token."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.routing import APIRoute

from adscan.web.routes.api import (
    about,
    comparisons,
    decisions,
    findings,
    me,
    refusals,
    submissions,
    versions,
)

ROUTERS = (
    submissions.router,
    versions.router,
    findings.router,
    decisions.router,
    decisions.opinions,
    comparisons.router,
    comparisons.short,
    me.router,
)


def routes() -> list[APIRoute]:
    """All of them."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def install(app: FastAPI) -> None:
    """Add the API; after the handlers of pages, which it leaves to them."""
    for router in ROUTERS:
        app.include_router(router)
    refusals.install(app, routes())
    about.install(app, routes())
