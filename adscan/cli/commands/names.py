"""`adscan names`: screen company names and business scopes for restricted words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click

from adscan.cli.chinese import ChineseCommand
from adscan.cli.options import (
    day_option,
    format_option,
    opened_if_any,
    output_option,
    register_option,
    today,
)
from adscan.cli.output import Output
from adscan.errors import InputError
from adscan.permits.restricted_names.files import Remark, read_names
from adscan.permits.restricted_names.licences import Licences
from adscan.permits.restricted_names.screening import Screener
from adscan.records.restricted_name import NameHit, Tier
from adscan.report.name_lists import BINARY, NAMES, TIERS, load_render
from adscan.settings import Limits, load_settings

UNREADABLE = 3
TELL_EVERY = 10_000  # rows between two signs of progress


@dataclass
class Screening:
    """One file on its way through the screener, counted."""

    path: Path
    column: str | None
    screener: Screener
    out: Output
    quiet: bool
    names: int = 0
    tiers: Counter[Tier] = field(default_factory=Counter)  # of the gravest word of each name
    failed: bool = False

    def hits(self, limits: Limits) -> Iterator[NameHit]:
        """The names with a hit. What could not be read is one line on standard error."""
        try:
            for item in read_names(self.path, self.column, limits):
                if isinstance(item, Remark):
                    self._tell(item)
                    continue
                self.names += 1
                if self.names % TELL_EVERY == 0:
                    self.out.progress(self.names, self.path.name)
                hit = self.screener.screen(item)
                if hit is not None:
                    self.tiers[hit.words[0].tier] += 1
                    yield hit
        except InputError as error:
            self.failed = True
            click.echo(f"adscan：{error}", err=True)

    def summary(self) -> str:
        """What was found, in one line."""
        told = "，".join(f"{word} {self.tiers[tier]} 个" for tier, word in TIERS.items())
        return f"筛查 {self.names} 个名称，{self.tiers.total()} 个有限制字样：{told}"

    def _tell(self, remark: Remark) -> None:
        self.failed = self.failed or remark.failed
        if remark.failed or not self.quiet:
            click.echo(f"adscan：{self.path.name} {remark.place}：{remark.text}", err=True)


@click.command(
    "names",
    cls=ChineseCommand,
    help="筛查企业名称、经营范围、账号名称中只有持牌机构可用或者一律不得使用的字样。"
    "FILE 是 CSV、XLSX 或 TXT（一行一个名称）。",
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--column",
    metavar="NAME",
    help="要筛查的列：表头，或从 1 起的列号；默认认“企业名称”“经营范围”“账号名称”等表头",
)
@register_option
@day_option("按哪一天的规定和许可判断；默认今天")
@format_option(NAMES)
@output_option
@click.option("--quiet", is_flag=True, help="不显示进度和总数")
def command(
    file: Path,
    column: str | None,
    register_path: Path | None,
    day: date | None,
    format_name: str,
    output: Path | None,
    quiet: bool,
) -> int:
    """Screen and report."""
    day = day or today()
    limits = load_settings().limits
    with (
        opened_if_any(register_path) as register,
        Output(output, quiet=quiet, binary=format_name in BINARY) as out,
    ):
        screener = Screener(day, Licences(register, day) if register else None)
        screening = Screening(file, column, screener, out, quiet)
        render = load_render(format_name, colour=out.colour)
        for piece in render(screening.hits(limits)):
            out.write(piece)
    if not quiet:
        click.echo(screening.summary(), err=True)
    return UNREADABLE if screening.failed else 0
