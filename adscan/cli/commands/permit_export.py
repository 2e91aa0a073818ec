"""`adscan permits export`: the register as of a day, in the layout that import reads back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from adscan.cli.chinese import ChineseCommand
from adscan.cli.options import (
    day_option,
    format_option,
    opened,
    output_option,
    register_option,
    today,
)
from adscan.cli.output import Output
from adscan.permits.lists.exporting import export_rows, headings
from adscan.report.permit_lists import BINARY, render_rows

FORMATS = ("csv", "xlsx", "jsonl")


@click.command("export", cls=ChineseCommand, help="导出登记册某日的内容，导入别处后答案相同。")
@output_option
@format_option(FORMATS)
@day_option("哪一天的内容；默认今天。更早的历史只在登记册文件里")
@register_option
def command(
    output: Path | None, format_name: str, day: date | None, register_path: Path | None
) -> None:
    """Write the rows."""
    with (
        opened(register_path) as register,
        Output(output, quiet=True, binary=format_name in BINARY) as out,
    ):
        rows = export_rows(register, day or today())
        for piece in render_rows(tuple(headings().values()), rows, format_name, "许可登记册"):
            out.write(piece)
