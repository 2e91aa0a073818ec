"""`adscan scan`: review an archive of any size into a folder of Parquet tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click

from adscan.cli.chinese import ChineseCommand
from adscan.cli.commands.report import FORMATS as REPORTS
from adscan.cli.commands.report import render_report
from adscan.cli.exit_codes import exit_code
from adscan.cli.options import (
    detector_options,
    fail_on_option,
    format_option,
    output_option,
    placement_options,
    register_option,
    rules_option,
)
from adscan.cli.output import Output
from adscan.cli.scan_progress import show_progress
from adscan.cli.values import Bytes, ChineseDate, Columns
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.rule import Decision
from adscan.records.verdict import OperatingPoint
from adscan.report import wording
from adscan.report.formats import BINARY, NAMES, load_format
from adscan.rule_trial import demand_examples
from adscan.rulebook.loader import load_rulebook
from adscan.scan.conduct import ScanOptions, scan_archive
from adscan.scan.engines import ENGINES, Resources
from adscan.scan.input import InputOptions
from adscan.scan.plan import Selection
from adscan.scan.recipe import Recipe
from adscan.scan.results import count_decisions
from adscan.scan.reviews import stored_reviews
from adscan.scan.tally import Tally
from adscan.settings import Settings, load_settings


@click.command(
    "scan",
    cls=ChineseCommand,
    help="扫描广告存档，结果写成 Parquet 表。中断后重新运行同一命令即可续扫；存档增长后再次运行，"
    "只审查新的和改过的。SOURCE 可以是文件夹、ZIP、TAR、JSONL、CSV、Parquet、WARC，或数据库地址"
    "（sqlite:///库.db#表、postgresql+psycopg://用户@主机/库#表）。",
)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="结果文件夹"
)
@click.option(
    "--columns",
    type=Columns(),
    metavar="NAME=COLUMN,...",
    help="表格列名的对应，如 text=正文,published=投放日期；可用的名称：text、image、title、"
    "advertiser、published、medium、url、id",
)
@click.option(
    "--image-root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="表格中图片路径的起点；默认表格所在的文件夹",
)
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default="local",
    show_default="local",
    metavar="ENGINE",
    help="local：本机多进程；ray：Ray 集群（RAY_ADDRESS 指明地址，没有就在本机启动）",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="工作进程数；默认与处理器核数相同（ray：集群的全部核数）",
)
@click.option("--memory-limit", type=Bytes(), metavar="SIZE", help="全部工作进程的内存上限，如 6G")
@click.option(
    "--time-limit",
    type=click.FloatRange(1),
    default=300.0,
    show_default="300",
    metavar="SECONDS",
    help="单件广告最多用时；超过两次记为未能审查",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="只扫描前 N 件")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="随机抽取 N 件（每次相同）")
@click.option(
    "--since", type=ChineseDate(), metavar="DATE", help="只扫描这一天及以后发布的；没有日期的仍扫描"
)
@click.option(
    "--rejudge",
    is_flag=True,
    help="规则库、模型或登记册更新后，用已存的文字重新判断全部广告，不重读图片；可以不给 SOURCE",
)
@click.option("--retry-errors", is_flag=True, help="再试一次以前未能审查的广告")
@placement_options
@rules_option
@format_option(NAMES)
@output_option
@register_option
@detector_options(OperatingPoint.ARCHIVE)
@fail_on_option
@click.option("--quiet", is_flag=True, help="不显示进度")
@click.option("--verbose", is_flag=True, help="显示工作进程的异常等细节")
def command(
    sources: tuple[str, ...],
    out: Path,
    columns: dict[str, str] | None,
    image_root: Path | None,
    engine: str,
    workers: int | None,
    memory_limit: int | None,
    time_limit: float,
    limit: int | None,
    sample: int | None,
    since: date | None,
    rejudge: bool,
    retry_errors: bool,
    advertiser: str | None,
    published: date | None,
    medium: str | None,
    rules: tuple[Path, ...],
    format_name: str,
    output: Path | None,
    register_path: Path | None,
    no_ocr: bool,
    no_model: bool,
    point: str,
    fail_on: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Scan and sum up."""
    if not sources and not rejudge:
        raise click.UsageError("没有要扫描的内容：请给出文件夹、表格、压缩包或数据库地址")
    settings = load_settings()
    now = datetime.now().astimezone()
    _try_rules(rules, settings, now)
    recipe = Recipe(
        settings=settings,
        point=OperatingPoint(point),
        checked_at=now,
        rules=rules,
        register=_register(register_path, settings),
        with_ocr=not no_ocr,
        with_model=not no_model,
    )
    options = ScanOptions(
        sources=sources,
        out=out,
        recipe=recipe,
        inputs=InputOptions(settings.limits, columns or {}, image_root),
        resources=Resources(workers or _all_cores(engine), memory_limit, time_limit),
        engine=engine,
        published=published,
        advertiser=advertiser,
        medium=medium,
        selection=Selection(since, limit, sample),
        rejudge=rejudge,
        retry_errors=retry_errors,
    )
    with Output(output, quiet=quiet, binary=format_name in BINARY) as report:
        try:
            with show_progress(options, quiet=quiet, verbose=verbose) as on_progress:
                tally = scan_archive(options, now, on_progress)
        except KeyboardInterrupt:
            click.echo("adscan：做完的都已保存，重新运行同一命令即从中断处继续", err=True)
            raise
        decisions = count_decisions(out)
        if format_name == "terminal":
            report.write(_summary(out, tally, decisions))
        else:
            for piece in _results(out, recipe, format_name):
                report.write(piece)
    found = [Decision(name) for name, count in decisions.items() if count]
    return exit_code(found, Decision(fail_on))


def _all_cores(engine: str) -> int:
    """As many workers as there are cores: here, or (0) in the whole cluster."""
    return 0 if engine == "ray" else os.cpu_count() or 1


def _register(path: Path | None, settings: Settings) -> Path | None:
    """The register named, or the user's own if there is one."""
    if path is None and not settings.register_path.is_file():
        return None
    return path or settings.register_path


def _try_rules(rules: tuple[Path, ...], settings: Settings, now: datetime) -> None:
    """A user's rule whose examples fail is refused before anything is scanned."""
    if rules:
        rulebook = load_rulebook(rules, settings.cache_dir)
        demand_examples(Reviewer(rulebook, None, settings, now), rules, Placement(now.date()))


def _results(out: Path, recipe: Recipe, format_name: str) -> Iterator[str | bytes]:
    """The whole archive: the report, or (json, jsonl, sarif) the review of every ad."""
    if format_name in REPORTS:
        yield from render_report(out, format_name)
    else:
        yield from load_format(format_name).render(stored_reviews(out, recipe.reviewer()))


def _summary(out: Path, tally: Tally, decisions: dict[str, int]) -> str:
    """The run and the whole archive in a few lines."""
    lines = [
        f"本次审查 {tally.ads:,} 件（与已审相同 {tally.copies:,} 件），"
        f"此前已审、没有变化 {tally.unchanged:,} 件。",
        f"存档共 {sum(decisions.values()):,} 件：",
    ]
    for decision, name in wording.DECISIONS.items():
        if decisions.get(decision.value):
            lines.append(f"  {name}  {decisions[decision.value]:,}")
    if tally.absent:
        lines.append(f"以前扫描过、不在本次来源里的 {tally.absent:,} 件仍保留在结果中。")
    if tally.unread:
        lines.append(f"本次有 {tally.unread:,} 件没有读全或没有读出，不能视为没有问题。")
    lines.append(f"结果在 {out}；生成报告：adscan report {out} --output 报告.html")
    return "\n".join(lines) + "\n"
