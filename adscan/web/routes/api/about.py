"""The API's description (OpenAPI): what the framework cannot find out by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from adscan.web.people.access import ROLES, SCOPES, Allowed
from adscan.web.routes.api.incoming import form_of
from adscan.web.routes.api.refusals import ProblemView
from adscan.web.routes.api.review_schema import Review
from adscan.web.routes.api.schemas import NewComparison, NewSubmission, NewVersion

TEMPLATE = "#/components/schemas/{model}"
TAGS = (
    ("送审", "送审、新版本、撤回"),
    ("机审", "各版本的内容和机审结果"),
    ("审核", "问题、批注、决定"),
    ("意见书", "预审意见书"),
    ("发布比对", "已通过的版本与实际发布的内容"),
    ("账户", "令牌的主人"),
)


def install(app: FastAPI, routes: Iterable[APIRoute]) -> None:
    """Complete the description, the first time it is asked for."""
    known = tuple(routes)
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain(), known)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _complete(made: dict[str, Any], routes: Iterable[APIRoute]) -> None:
    made["tags"] = [{"name": name, "description": about} for name, about in TAGS]
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    _, defined = models_json_schema(
        [(model, "validation") for model in (NewSubmission, NewVersion, NewComparison, Review)],
        ref_template=TEMPLATE,
    )
    schemas.update(defined["$defs"])
    schemas["Problem"] = ProblemView.model_json_schema(ref_template=TEMPLATE)
    for name in ("NewSubmission", "NewVersion", "NewComparison"):
        schemas[f"{name}Form"] = form_of(schemas[name], permits=name != "NewComparison")
    for route in routes:
        for method in route.methods or ():
            operation = made["paths"].get(route.path, {}).get(method.lower())
            if operation is not None:
                operation["x-permission"] = permission(route)


def permission(route: APIRoute) -> dict[str, Any]:
    """Which roles may use the route, and what their token must carry."""
    asked = [d.call for d in route.dependant.dependencies if isinstance(d.call, Allowed)]
    actions = [one.action for one in asked]
    return {
        "roles": sorted({role.value for action in actions for role in ROLES[action]}),
        "scopes": sorted({SCOPES[action].value for action in actions}),
    }
