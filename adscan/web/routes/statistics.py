"""The statistics page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from adscan.web.kept.states import Step
from adscan.web.pages import database_of, render
from adscan.web.people.access import Action, allowed
from adscan.web.people.identity import Identity
from adscan.web.showing.statistics import LONGEST_DAYS, Period, statistics_of
from adscan.web.showing.statistics_plots import flow_plot, interval_bar, share_bar

router = APIRouter()

USUAL_WEEKS = 12


@router.get("/statistics")
def statistics(
    request: Request,
    identity: Annotated[Identity, Depends(allowed(Action.STATISTICS))],
    since: str = "",
    until: str = "",
) -> Response:
    """Figures of the chosen period; without one, of the last twelve weeks."""
    now = datetime.now().astimezone()
    period, fault = period_of(since, until, now.date())
    with database_of(request).reading() as session:
        found = statistics_of(session, period, now)
    return render(
        request, "statistics.html", status=422 if fault else 200, statistics=found, fault=fault,
        presets=presets(now.date()), flow_plot=flow_plot, share_bar=share_bar,
        interval_bar=interval_bar, duration=duration, Step=Step,
    )  # fmt: skip


def period_of(since: str, until: str, today: date) -> tuple[Period, str]:
    """The period asked for; else the usual one, and in Chinese what was wrong with it."""
    usual = Period(_monday(today) - timedelta(weeks=USUAL_WEEKS - 1), today)
    try:
        last = date.fromisoformat(until) if until else today
        first = date.fromisoformat(since) if since else min(usual.first, last)
    except ValueError:
        return usual, "日期写法不对，如 2026-11-25；下面是最近 12 周"
    if first > last:
        return usual, "开始日期晚于结束日期；下面是最近 12 周"
    if (last - first).days > LONGEST_DAYS or not 2000 <= first.year <= last.year <= 2200:
        return usual, "期间太长，最多 3 年；下面是最近 12 周"
    return Period(first, last), ""


def presets(today: date) -> list[tuple[str, Period]]:
    """Periods that people ask for most."""
    monday = _monday(today)
    before = today.replace(day=1) - timedelta(days=1)
    return [
        ("最近 4 周", Period(monday - timedelta(weeks=3), today)),
        ("最近 12 周", Period(monday - timedelta(weeks=USUAL_WEEKS - 1), today)),
        ("本月", Period(today.replace(day=1), today)),
        ("上月", Period(before.replace(day=1), before)),
        ("今年", Period(date(today.year, 1, 1), today)),
    ]


def duration(seconds: float | None) -> str:
    """`38 秒`, `12 分钟`, `3.5 小时`, `2.1 天`; a dash for None."""
    if seconds is None:
        return "—"
    if seconds < 60:
        return f"{seconds:.0f} 秒" if seconds >= 1 else "不到 1 秒"
    if seconds < 3600:
        return f"{seconds / 60:.0f} 分钟"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} 小时"
    return f"{seconds / 86400:.1f} 天"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
