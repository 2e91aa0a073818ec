"""`adscan permits list`: permits as of a day, or the lists that were imported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from adscan.cli.chinese import ChineseCommand
from adscan.cli.options import day_option, format_option, opened, register_option, today
from adscan.cli.values import ChinesePlace
from adscan.permits.permit_type import load_permit_types
from adscan.permits.places import NATION, code_of, covers, place_name
from adscan.permits.register import Register
from adscan.permits.standing import WORDS, Standing, standing
from adscan.records.permit import PermitLine, Snapshot
from adscan.report.document import as_json, permit_line
from adscan.report.permit_lists import render_rows
from adscan.report.visible import one_line

FORMATS = ("terminal", "jsonl", "csv")
HEADINGS = (
    "机构名称",
    "许可类型",
    "许可证编号",
    "发证机关",
    "业务范围",
    "许可地域",
    "有效期起",
    "有效期止",
    "状态",
    "状态日期",
    "名录来源",
    "名录日期",
)


@dataclass(frozen=True)
class Wish:
    """Which permits are asked for; None: whichever."""

    day: date
    type: str | None
    standing: Standing | None
    region: str | None  # place code

    def fits(self, line: PermitLine, seat: str) -> bool:
        """Whether a permit of an institution with this seat is among them."""
        if self.type and line.type != self.type:
            return False
        if self.standing and standing(line, self.day) is not self.standing:
            return False
        if self.region is None:
            return True
        permitted = code_of(line.region) or NATION
        return covers(self.region, seat) or covers(self.region, permitted)


@click.command("list", cls=ChineseCommand, help="列出许可；--sources 列出已导入的名录。")
@click.option("--sources", is_flag=True, help="列出已导入的名录：日期、是否完整、许可数")
@click.option("--type", "type_id", metavar="ID", help="只列这种许可，例如 payment")
@click.option(
    "--state",
    type=click.Choice([one.value for one in Standing]),
    metavar="STATE",
    help="只列这种状态：" + "、".join(f"{one.value}（{word}）" for one, word in WORDS.items()),
)
@day_option("按哪一天；默认今天")
@click.option("--region", type=ChinesePlace(), metavar="PLACE", help="只列所在地或许可地域在这里的")
@format_option(FORMATS)
@register_option
def command(
    sources: bool,
    type_id: str | None,
    state: str | None,
    day: date | None,
    region: str | None,
    format_name: str,
    register_path: Path | None,
) -> None:
    """One line a permit, or a list."""
    if type_id and type_id not in load_permit_types():
        known = "、".join(f"{kind.id}（{kind.name}）" for kind in load_permit_types().values())
        raise click.UsageError(f"没有许可类型 {type_id}，可用 {known}")
    wish = Wish(day or today(), type_id, Standing(state) if state else None, region)
    with opened(register_path) as register:
        pieces = (
            _sources(register, format_name) if sources else _permits(register, wish, format_name)
        )
        for piece in pieces:
            click.echo(piece, nl=False)


def _permits(register: Register, wish: Wish, format_name: str) -> Iterator[str | bytes]:
    fitting = (line for _, seat, line in register.all_permits(wish.day) if wish.fits(line, seat))
    match format_name:
        case "jsonl":
            for line in fitting:
                told = permit_line(line) | {"standing": standing(line, wish.day).value}
                yield as_json(told) + "\n"
        case "csv":
            rows = (_row(line, wish.day) for line in fitting)
            yield from render_rows(HEADINGS, rows, "csv", "许可")
        case _:
            for line in fitting:
                row = _row(line, wish.day)
                end = f"至 {row['有效期止']}" if row["有效期止"] else ""
                cells = (row[HEADINGS[0]], row[HEADINGS[1]], row[HEADINGS[2]], row["状态"], end)
                yield "\t".join(map(one_line, cells)) + "\n"


def _row(line: PermitLine, day: date) -> dict[str, str]:
    kind = load_permit_types().get(line.type)
    cells = (
        line.holder,
        kind.name if kind else line.type,
        line.number,
        line.authority,
        "；".join(line.scope),
        line.region,
        str(line.valid_from or ""),
        str(line.valid_to or ""),
        WORDS[standing(line, day)],
        str(line.state_since or ""),
        line.source,
        line.snapshot.isoformat(),
    )
    return dict(zip(HEADINGS, cells, strict=True))


def _sources(register: Register, format_name: str) -> Iterator[str | bytes]:
    rows = [_source(snapshot) for snapshot in register.snapshots()]
    if format_name != "terminal":
        headings = tuple(rows[0]) if rows else ()
        yield from render_rows(headings, rows, format_name, "名录")
        return
    for row in rows:
        yield "\t".join(map(one_line, row.values())) + "\n"


def _source(snapshot: Snapshot) -> dict[str, str]:
    return {
        "日期": snapshot.taken.isoformat(),
        "名录": snapshot.source,
        "完整": "完整" if snapshot.complete else "不完整",
        "许可数": str(snapshot.rows),
        "地区": place_name(snapshot.region),
        "文件": snapshot.file_name,
        "许可类型": "、".join(sorted(snapshot.types)),
    }
