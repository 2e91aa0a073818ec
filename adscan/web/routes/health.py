"""For those who run the service: whether it lives, whether it can work, and how it is doing."""

from __future__ import annotations

import ipaddress
import tempfile
from collections.abc import Iterator
from datetime import timedelta

import anyio
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi import APIRouter, Request
from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from adscan.web.kept.clock import now
from adscan.web.kept.states import JobState
from adscan.web.kept.tables import Job
from adscan.web.metrics import CONTENT_TYPE, exposition
from adscan.web.pages import database_of
from adscan.web.people.access import Action, may
from adscan.web.people.sign_in import by_token
from adscan.web.store.database import HERE, Database

router = APIRouter()

PATIENCE = timedelta(seconds=60)  # a job may wait so long before somebody should look
PROXIED = ("x-forwarded-for", "forwarded", "x-real-ip")  # what a proxy on this machine adds

OK = "ok"


@router.get("/health/live")
async def live() -> Response:
    """The process answers; says nothing of the rest."""
    return JSONResponse({"status": "live"})


@router.get("/health/ready")
def ready(request: Request) -> Response:
    """Whether requests and reviews can be served: 503 and which of the four is not so."""
    checks = dict(_checks(request))
    is_ready = all(found == OK for found in checks.values())
    status = {"status": "ready" if is_ready else "not_ready", "checks": checks}
    return JSONResponse(status, 200 if is_ready else 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """For Prometheus on this machine, or with the token of someone who may see statistics."""
    if not _is_local(request) and not await anyio.to_thread.run_sync(_may_measure, request):
        return PlainTextResponse(
            "metrics are for this machine, or for a token with scope read of staff or an admin\n",
            401,
            headers={"WWW-Authenticate": "Bearer"},
        )
    text = await anyio.to_thread.run_sync(exposition, database_of(request))
    return Response(text, media_type=CONTENT_TYPE)


def _checks(request: Request) -> Iterator[tuple[str, str]]:
    database: Database = database_of(request)
    is_up = database.is_up()
    yield "database", OK if is_up else "数据库没有应答"
    yield "tables", _tables(database) if is_up else "数据库没有应答，无法检查"
    yield "files", _files(request)
    yield "workers", _workers(database) if is_up else "数据库没有应答，无法检查"


def _tables(database: Database) -> str:
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return OK if current == newest else "数据库的表与程序版本不符，请重启服务以升级"


def _files(request: Request) -> str:
    try:
        with tempfile.TemporaryFile(dir=request.app.state.settings.web.data_dir) as file:
            file.write(b"adscan")
    except OSError as error:
        return f"数据文件夹不能写入（{error.strerror}）"
    return OK


def _workers(database: Database) -> str:
    """Fine unless a job has been waiting for long and no worker has been at work meanwhile."""
    at = now()
    waiting = or_(
        and_(Job.state == JobState.QUEUED, Job.run_after < at - PATIENCE),
        and_(Job.state == JobState.RUNNING, Job.lease_until < at - PATIENCE),
    )
    at_work = or_(
        and_(Job.state == JobState.RUNNING, Job.lease_until >= at),
        Job.finished_at >= at - PATIENCE,
    )
    try:
        with database.reading() as session:
            stuck = session.scalar(select(func.count()).select_from(Job).where(waiting)) or 0
            if not stuck or session.scalars(select(Job.id).where(at_work).limit(1)).first():
                return OK
    except SQLAlchemyError:
        return "任务队列读不出来"
    seconds = int(PATIENCE.total_seconds())
    return f"{stuck} 件任务等了 {seconds} 秒以上，没有审查进程在工作"


def _is_local(request: Request) -> bool:
    """From this machine itself, and not through a proxy on it."""
    if any(name in request.headers for name in PROXIED) or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _may_measure(request: Request) -> bool:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        return False
    with database_of(request).reading() as session:
        identity = by_token(session, secret.strip())
    return identity is not None and may(identity, Action.STATISTICS)
