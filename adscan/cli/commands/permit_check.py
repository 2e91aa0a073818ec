"""`adscan permits check`: may this institution promote this activity on that day?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from adscan.classify.activity import load_activities
from adscan.cli.chinese import ChineseCommand
from adscan.cli.options import day_option, format_option, opened_if_any, register_option, today
from adscan.cli.permit_pages import render_check
from adscan.cli.values import ChinesePlace
from adscan.permits.advertiser import AdvertiserFinder
from adscan.permits.check import PermitChecker, Question
from adscan.permits.register import Register
from adscan.records.permit import IN_ORDER, Activity, PermitCheck
from adscan.report.document import as_json, permit_check
from adscan.settings import load_settings

FAILED = 1
FORMATS = ("terminal", "json")


@click.command(
    "check", cls=ChineseCommand, help="核对一家机构某日能否宣传某项业务。能，退出码为 0；否则为 1。"
)
@click.argument("name", metavar="NAME")
@click.option(
    "--activity", required=True, metavar="ID", help="业务，例如 fund_sales；写错会列出全部"
)
@day_option("哪一天；默认今天")
@click.option("--region", type=ChinesePlace(), metavar="PLACE", help="广告面向哪里")
@format_option(FORMATS)
@register_option
def command(
    name: str,
    activity: str,
    day: date | None,
    region: str | None,
    format_name: str,
    register_path: Path | None,
) -> int:
    """Ask, and print the answer."""
    activities = load_activities()
    if activity not in activities:
        known = "、".join(f"{key}（{words.name}）" for key, words in activities.items())
        raise click.UsageError(f"没有业务 {activity}，可用 {known}")
    day = day or today()
    with opened_if_any(register_path) as register:
        question = Question(AdvertiserFinder(register).who(name, day), activity, day, region)
        check = _ask(register, question, load_settings().permits.complete_within_days)
    if format_name == "json":
        click.echo(as_json(permit_check(check), indent=2))
    else:
        click.echo(render_check(check), nl=False)
    return 0 if check.status in IN_ORDER else FAILED


def _ask(register: Register | None, question: Question, within_days: int) -> PermitCheck:
    verdict = PermitChecker(register, within_days).check(question)
    name = load_activities()[question.activity].name
    return PermitCheck(
        status=verdict.status,
        advertiser=question.who.name,
        activities=(Activity(question.activity, name, 1.0, ()),),
        checks=(verdict,),
        reason=verdict.reason,
        day=question.day,
        snapshots=register.newest_lists if register else {},
    )
