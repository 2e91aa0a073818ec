"""`adscan permits import`: one list into the register; what was left out, line by line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from adscan.cli.chinese import ChineseCommand
from adscan.cli.options import opened, register_option, today
from adscan.cli.output import Output
from adscan.cli.values import ChineseDate, ChinesePlace
from adscan.permits.lists.importing import Import, Order, import_list
from adscan.permits.lists.profile import load_profiles
from adscan.permits.lists.row_reader import RowFault
from adscan.permits.places import NATION
from adscan.report.formats.csv import BYTE_ORDER_MARK, csv_row
from adscan.report.visible import one_line

LEFT_OUT = 3
FAULTS_SHOWN = 50
FAULT_HEADINGS = ("文件", "工作表", "行", "列", "内容", "原因")


@click.command(
    "import",
    cls=ChineseCommand,
    help="导入一份名录。FILE 是 CSV、XLSX 或 JSON；版式按表头认，也可以指定。"
    "整份名录一次写入，中途出错什么也不改。",
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--profile", metavar="ID", help="名录的版式：" + "、".join(load_profiles()) + "；默认按表头认"
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="自己写的映射文件（YAML），用于别的版式",
)
@click.option(
    "--snapshot",
    type=ChineseDate(),
    metavar="DATE",
    help="名录是哪一天的；默认看表头上方和文件名里的日期，都没有就算今天的",
)
@click.option("--complete", is_flag=True, help="这是该类许可的完整名录，没有列出的就是没有")
@click.option("--region", type=ChinesePlace(), metavar="PLACE", help="名录所属的地区，例如 浙江省")
@click.option(
    "--errors", type=click.Path(path_type=Path), metavar="FILE", help="把没有导入的行全部写入 CSV"
)
@register_option
@click.option("--quiet", is_flag=True, help="不显示进度和说明")
def command(
    file: Path,
    profile: str | None,
    mapping: Path | None,
    snapshot: date | None,
    complete: bool,
    region: str | None,
    errors: Path | None,
    register_path: Path | None,
    quiet: bool,
) -> int:
    """Import and report."""
    if profile and mapping:
        raise click.UsageError("--profile 和 --mapping 只能用一个")
    order = Order(today(), profile, mapping, snapshot, complete, region or NATION)
    progress = _Progress(quiet)
    with opened(register_path, create=True) as register:
        try:
            done = import_list(file, register, order, progress.tell)
        finally:
            progress.clear()
    if not quiet:
        _tell_how(done, recognised=not (profile or mapping))
    _tell_faults(file, done.faults, errors)
    click.echo(_summary(file, done))
    return LEFT_OUT if done.left_out else 0


class _Progress:
    """Rows done, on standard error, on a terminal only."""

    def __init__(self, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty() and "NO_COLOR" not in os.environ

    def tell(self, rows: int) -> None:
        if self._shown:
            click.echo(f"\r\033[K已读 {rows:,} 行", err=True, nl=False)

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\033[K", err=True, nl=False)


def _tell_how(done: Import, *, recognised: bool) -> None:
    if recognised:
        click.echo(f"adscan：按表头认作 {done.profile.id}（{done.profile.source}）", err=True)
    click.echo(f"adscan：名录日期 {done.taken}（{done.told_by}）", err=True)
    for note in done.notes:
        click.echo(f"adscan：{one_line(note)}", err=True)


def _tell_faults(file: Path, faults: Sequence[RowFault], path: Path | None) -> None:
    for fault in faults[:FAULTS_SHOWN]:
        click.echo(f"adscan：{file.name} {one_line(str(fault))}", err=True)
    if len(faults) > FAULTS_SHOWN:
        more = "" if path else "，用 --errors FILE 可全部写入 CSV"
        click.echo(f"adscan：还有 {len(faults) - FAULTS_SHOWN} 处{more}", err=True)
    if path:
        with Output(path, quiet=True) as out:
            out.write(BYTE_ORDER_MARK + csv_row(FAULT_HEADINGS))
            for one in faults:
                cells = (one.table, one.row, one.column, one.value, one.reason)
                out.write(csv_row((file.name, *cells)))


def _summary(file: Path, done: Import) -> str:
    out = done.outcome
    if done.known:
        return f"{file.name} 以前导入过，登记册没有变化"
    left_out = f"；{done.left_out} 行没有导入" if done.left_out else ""
    if done.left_out == done.rows:
        return f"{file.name}：{done.rows} 行都没有导入，登记册没有变化"
    if not done.changed:
        return f"{file.name}：登记册没有变化（{out.unchanged} 项许可与以前相同）{left_out}"
    closed = f"，{out.closed} 项在这份完整名录里已经没有" if out.closed else ""
    return (
        f"{file.name}：新增机构 {out.institutions} 家、许可 {out.permits} 项；"
        f"其他许可有变化 {out.changed} 项、不变 {out.unchanged} 项{closed}{left_out}"
    )
