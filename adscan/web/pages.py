"""What every page shares: templates, the person at the top, the way around."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adscan import __version__
from adscan.records.medium import MEDIA
from adscan.report.self_contained import page_templates
from adscan.web.kept import states
from adscan.web.people.access import Action, may
from adscan.web.people.identity import Identity

HERE = Path(__file__).parent
SEE_OTHER = 303

# Where the masthead leads, and what one must be allowed to do to see it there.
PLACES = (
    ("/", "送审件", Action.READ),
    ("/submissions/new", "新送审", Action.SUBMIT),
    ("/bulk", "批量送审", Action.SUBMIT),
    ("/compare", "发布比对", Action.COMPARE),
    ("/statistics", "统计", Action.STATISTICS),
    ("/people", "人员", Action.PEOPLE),
    ("/companies", "单位", Action.PEOPLE),
    ("/audit", "操作日志", Action.AUDIT),
)


def load_templates() -> Environment:
    """The templates of the service, with the Chinese names of its states."""
    templates = page_templates(FileSystemLoader(HERE / "templates"))
    templates.auto_reload = False  # an upgrade in place must not mix new pages with old code
    templates.globals.update(
        version=__version__,
        MEDIA=MEDIA,
        STATE_NAMES=states.STATE_NAMES,
        ROLE_NAMES=states.ROLE_NAMES,
        VERDICT_NAMES=states.VERDICT_NAMES,
        STEP_NAMES=states.STEP_NAMES,
        SCOPE_NAMES=states.SCOPE_NAMES,
        Action=Action,
        may=may,
    )
    templates.filters["moment"] = moment
    templates.filters["day"] = day
    return templates


def moment(at: datetime | None) -> str:
    """A time on the server's clock: 2026-11-25 14:05."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "—"


def day(at: datetime | None) -> str:
    """Its day."""
    return at.astimezone().date().isoformat() if at else "—"


def render(request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page or fragment of this service."""
    identity: Identity | None = request.state.identity
    path = request.url.path
    nav = [
        (href, label, path == href or (href != "/" and path.startswith(f"{href}/")))
        for href, label, action in PLACES
        if identity and may(identity, action)
    ]
    page = request.app.state.templates.get_template(name).render(
        request=request,
        identity=identity,
        csrf=identity.csrf if identity else "",
        nav=nav,
        max_upload_bytes=request.app.state.settings.web.max_upload_bytes,
        **context,
    )
    return HTMLResponse(page, status_code=status)


def go(request: Request, to: str, toast: str = "") -> Response:
    """On to another page of ours; a script is told to go there by itself."""
    if request.headers.get("hx-request") == "true":
        response = Response(status_code=204, headers={"HX-Redirect": to})
    else:
        response = RedirectResponse(to, SEE_OTHER)
    if toast:
        response.set_cookie("adscan_toast", quote(toast), max_age=30, samesite="lax")
    return response


def toasted(response: Response, message: str) -> Response:
    """The response, with a short word for whoever waits for it."""
    response.headers["X-Toast"] = quote(message)
    return response


def database_of(request: Request) -> Any:
    """The service's database."""
    return request.app.state.database
