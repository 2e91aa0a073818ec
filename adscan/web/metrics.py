"""What Prometheus is told: requests by route, and what lies in the database. Nothing of persons.

Requests are counted in every web process. With the variable PROMETHEUS_MULTIPROC_DIR set before
this module is imported, the counts of all processes are kept in files in that folder and summed
up whichever process answers. What is read from the database is the same in all of them anyway.
"""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
)
from prometheus_client import generate_latest as as_text
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, Float, case, cast, extract, func, select
from sqlalchemy.orm import Session

from adscan.web.kept.clock import now
from adscan.web.kept.states import JobKind, JobState, State
from adscan.web.kept.tables import Job, Submission
from adscan.web.store.database import Database

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

CONTENT_TYPE = CONTENT_TYPE_LATEST
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")
NOWHERE = "(none)"  # no route has this path: paths themselves are never told, they may be anything

REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
REVIEW_S = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600)

disable_created_metrics()  # type: ignore[no-untyped-call]
_OWN = CollectorRegistry()
REQUESTS = Counter(
    "adscan_http_requests", "Requests answered.", ["method", "route", "status"], registry=_OWN
)
DURATION = Histogram(
    "adscan_http_request_duration_seconds",
    "Time from a request's head to the end of its answer.",
    ["method", "route"],
    buckets=REQUEST_S,
    registry=_OWN,
)


class Measured:
    """ASGI middleware, the outermost: counts and times every request."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = _route(scope)
            REQUESTS.labels(method, route, str(status)).inc()
            DURATION.labels(method, route).observe(time.perf_counter() - began)


def _route(scope: MutableMapping[str, Any]) -> str:
    """The template: /submissions/{submission_id}."""
    if scope["path"].startswith("/static/"):
        return "/static"
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else NOWHERE


def exposition(database: Database) -> bytes:
    """All metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        answer = as_text(registry)
    else:
        answer = as_text(_OWN)
    kept = CollectorRegistry()
    kept.register(_Kept(database))
    return answer + as_text(kept)


class _Kept(Collector):
    """What the database says."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterable[Metric]:
        with self._database.reading() as session:
            yield from (_jobs(session), _oldest(session), _submissions(session), _reviews(session))


def _jobs(session: Session) -> Metric:
    gauge = GaugeMetricFamily("adscan_jobs", "Jobs by state.", labels=["kind", "state"])
    rows = session.execute(select(Job.kind, Job.state, func.count()).group_by(Job.kind, Job.state))
    found = {(kind, state): count for kind, state, count in rows}
    for kind in JobKind:
        for state in JobState:
            gauge.add_metric([kind.value, state.value], found.get((kind, state), 0))
    return gauge


def _oldest(session: Session) -> Metric:
    gauge = GaugeMetricFamily(
        "adscan_queue_oldest_seconds", "How long the oldest job has been waiting; 0: none is."
    )
    oldest = session.scalar(select(func.min(Job.run_after)).where(Job.state == JobState.QUEUED))
    gauge.add_metric([], max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0)
    return gauge


def _submissions(session: Session) -> Metric:
    gauge = GaugeMetricFamily("adscan_submissions", "Submissions by state.", labels=["state"])
    rows = session.execute(select(Submission.state, func.count()).group_by(Submission.state))
    found = {State(state): int(count) for state, count in rows}
    for state in State:
        gauge.add_metric([state.value], found.get(state, 0))
    return gauge


def _reviews(session: Session) -> Metric:
    """Of all jobs ever done, so that it only grows."""
    seconds = _seconds(session)
    sums = [func.coalesce(func.sum(case((seconds <= most, 1), else_=0)), 0) for most in REVIEW_S]
    finished = Job.state.in_((JobState.DONE, JobState.FAILED))
    query = select(func.count(), func.coalesce(func.sum(seconds), 0), *sums)
    count, total, *within = session.execute(
        query.where(Job.kind == JobKind.REVIEW, finished, Job.finished_at.is_not(None))
    ).one()
    histogram = HistogramMetricFamily(
        "adscan_review_seconds", "Time from submission to the end of the machine's review."
    )
    histogram.add_metric([], list(_buckets(within, count)), sum_value=float(total))
    return histogram


def _buckets(within: Iterable[int], count: int) -> Iterator[tuple[str, float]]:
    yield from ((str(float(most)), n) for most, n in zip(REVIEW_S, within, strict=True))
    yield "+Inf", count


def _seconds(session: Session) -> ColumnElement[float]:
    """From the job's making to its end."""
    if session.get_bind().dialect.name == "postgresql":
        lasted = extract("epoch", Job.finished_at) - extract("epoch", Job.created_at)
    else:
        lasted = (func.julianday(Job.finished_at) - func.julianday(Job.created_at)) * 86_400
    return cast(lasted, Float)
