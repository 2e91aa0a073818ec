"""`adscan report`: what a scan found, as a page, workbook or table; leads, alerts, samples."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from adscan.cli.chinese import ChineseCommand
from adscan.cli.options import output_option
from adscan.cli.output import Output
from adscan.errors import SettingsError
from adscan.settings import load_settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORMATS = ("html", "xlsx", "csv")
LINES = "lines"  # plain text; what --alerts and --sampled give unless a format is named
MAX_ROWS = 1_048_576  # that Excel opens of a CSV, its headings among them

Pieces = Iterable[str | bytes]


class Subject(str, Enum):
    """What is reported on; the values are the options."""

    WHOLE = ""
    LEADS = "--leads"
    ALERTS = "--alerts"
    SAMPLING = "--sampling"
    SAMPLED = "--sampled"


# The formats of each subject; the first is the default.
OFFERED = {
    Subject.WHOLE: FORMATS,
    Subject.LEADS: ("xlsx", "csv"),
    Subject.ALERTS: (LINES, "xlsx", "csv"),
    Subject.SAMPLING: ("xlsx", "csv"),
    Subject.SAMPLED: (LINES,),
}


@click.command(
    "report",
    cls=ChineseCommand,
    help="把扫描结果做成报告。DIR 是 adscan scan --out 的文件夹。默认是一个可离线打开的网页；"
    "--leads、--alerts、--sampling、--sampled 一次用一个。",
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help="html：网页（默认）；xlsx：工作簿，含汇总、活动、广告、问题、广告主、放过的词句、未读、说明各表；"
    "csv：问题一览表，每件广告的每个问题一行，没有问题但需复核或没有读全的广告也有一行，"
    "未发现问题的广告不列。与 --leads、--alerts、--sampling 合用时是该表的格式",
)
@output_option
@click.option(
    "--leads",
    is_flag=True,
    help="线索移送表，每个牵头部门一张表，另附涉及广告、预警；"
    "xlsx（默认）或 csv（各部门合为一张表，无涉及广告和预警）",
)
@click.option(
    "--alerts", is_flag=True, help="预警：与上次扫描相比的新活动、突然增多的活动、首次出现的广告主"
)
@click.option(
    "--sampling",
    type=click.IntRange(min=1),
    metavar="N",
    help="抽样复核表：从已读全且未发现问题的广告里随机抽 N 件供人工填写；xlsx（默认）或 csv",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0, max=10**18 - 1),
    metavar="S",
    help="抽样的种子，同一份结果、同一种子抽到的相同；默认 0",
)
@click.option(
    "--sampled",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="读回填好的抽样复核表（xlsx 或 csv），估计漏判率及其 95% 区间",
)
def command(
    folder: Path,
    format_name: str | None,
    output: Path | None,
    leads: bool,
    alerts: bool,
    sampling: int | None,
    seed: int | None,
    sampled: Path | None,
) -> None:
    """Report."""
    subject = _subject(leads, alerts, sampling, sampled)
    form = _form(subject, format_name)
    if seed is not None and subject is not Subject.SAMPLING:
        raise click.UsageError("--seed 只与 --sampling 合用")
    if form == "html" and output is None and _on_terminal():
        raise SettingsError(
            "网页不适合显示在终端上", hint="请用 --output 指定文件名，再用浏览器打开"
        )
    with Output(output, quiet=True, binary=form == "xlsx") as out:
        written = 0
        for piece in _render(folder, subject, form, (sampling or 0, seed or 0), sampled):
            out.write(piece)
            written += 1
    if form == "csv" and written > MAX_ROWS:
        click.echo(
            f"adscan：共 {written} 行，Excel 只打开前 {MAX_ROWS} 行；请改用 --format xlsx", err=True
        )


def _on_terminal() -> bool:
    return sys.stdout.isatty()


def _subject(leads: bool, alerts: bool, sampling: int | None, sampled: Path | None) -> Subject:
    asked = (
        (leads, Subject.LEADS),
        (alerts, Subject.ALERTS),
        (sampling is not None, Subject.SAMPLING),
        (sampled is not None, Subject.SAMPLED),
    )
    chosen = [subject for wanted, subject in asked if wanted]
    if len(chosen) > 1:
        raise click.UsageError(f"{chosen[0].value} 和 {chosen[1].value} 不能同时用，请分两次运行")
    return chosen[0] if chosen else Subject.WHOLE


def _form(subject: Subject, asked: str | None) -> str:
    offered = OFFERED[subject]
    if asked is None:
        return offered[0]
    if asked not in offered:
        named = "、".join(form for form in offered if form != LINES)
        told = f"只有 {named} 格式" if named else "没有 --format 可选"
        raise click.UsageError(f"{subject.value} {told}")
    return asked


def render_report(folder: Path, form: str) -> Iterator[str | bytes]:
    """The report on the whole archive, in pieces."""
    yield from _render(folder, Subject.WHOLE, form, (0, 0), None)


def _render(
    folder: Path, subject: Subject, form: str, draw: tuple[int, int], sampled: Path | None
) -> Iterator[str | bytes]:
    if form == "html":
        from adscan.overview.page import render_page  # noqa: PLC0415 - loads what the page needs

        yield from render_page(folder)
        return
    from adscan.scan.results import open_results, read_manifest  # noqa: PLC0415 - heavy

    manifest = read_manifest(folder)
    with closing(open_results(folder)) as connection:
        if subject is Subject.WHOLE:
            yield from _whole(connection, form)
        elif subject is Subject.LEADS:
            yield from _leads(connection, form, manifest)
        elif subject is Subject.ALERTS:
            yield from _alerts(connection, form, manifest)
        elif sampled is not None:
            yield from _estimate(connection, sampled)
        else:
            yield from _sample(connection, form, draw)


# Workbooks load openpyxl, estimates scipy; `adscan report --help` and the page need neither.


def _whole(connection: DuckDBPyConnection, form: str) -> Pieces:
    from adscan.overview import csv_tables, workbook  # noqa: PLC0415

    if form == "csv":
        return csv_tables.render_findings(connection)
    return workbook.render_workbook(connection)


def _leads(connection: DuckDBPyConnection, form: str, manifest: Mapping[str, Any]) -> Pieces:
    from adscan.overview import csv_tables, lead_sheets  # noqa: PLC0415
    from adscan.overview.alerts import find_runs  # noqa: PLC0415

    if form == "csv":
        return csv_tables.render_leads(connection)
    return lead_sheets.render_leads(connection, find_runs(connection, manifest))


def _alerts(connection: DuckDBPyConnection, form: str, manifest: Mapping[str, Any]) -> Pieces:
    from adscan.overview import alerts, csv_tables, lead_sheets  # noqa: PLC0415

    runs = alerts.find_runs(connection, manifest)
    match form:
        case "csv":
            return csv_tables.render_alerts(connection, runs)
        case "xlsx":
            return lead_sheets.render_alerts(connection, runs)
        case _:
            return alerts.render_lines(runs, alerts.find_alerts(connection, runs))


def _sample(connection: DuckDBPyConnection, form: str, draw: tuple[int, int]) -> Pieces:
    from adscan.overview import sampling  # noqa: PLC0415

    planned = sampling.plan_draw(connection, *draw)
    if planned.size < draw[0]:
        click.echo(
            f"adscan：要抽 {draw[0]} 件，可抽的只有 {planned.population.size} 件，"
            f"本表抽取 {planned.size} 件",
            err=True,
        )
    if form == "csv":
        return sampling.render_csv(connection, planned)
    return sampling.render_xlsx(connection, planned)


def _estimate(connection: DuckDBPyConnection, sampled: Path) -> Pieces:
    from adscan.overview.sampled import read_estimate, render_estimate  # noqa: PLC0415

    return render_estimate(read_estimate(connection, sampled, load_settings().limits))
