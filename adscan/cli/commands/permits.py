"""`adscan permits`: the permit register. Each command has its module."""

from __future__ import annotations

import click

from adscan.cli.chinese import LazyGroup

COMMANDS = {
    "import": ("adscan.cli.commands.permit_import", "导入名录：CSV、XLSX、JSON"),
    "list": ("adscan.cli.commands.permit_list", "列出许可，或列出已导入的名录"),
    "show": ("adscan.cli.commands.permit_show", "查一家机构：名称、许可和历史"),
    "check": ("adscan.cli.commands.permit_check", "核对一家机构某日能否宣传某项业务"),
    "export": ("adscan.cli.commands.permit_export", "按通用版式导出"),
}


@click.group(
    "permits", cls=LazyGroup, lazy=COMMANDS, help="许可登记册：导入名录，查询、核对、导出。"
)
def command() -> None:
    """The register's commands."""
