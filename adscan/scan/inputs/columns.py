"""Which column of a table says what: by the usual headings, or as `--columns` tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from adscan.errors import SetupError
from adscan.scan.input import InputOptions

HERE = Path(__file__).parent
FIELDS = ("text", "image", "title", "advertiser", "published", "medium", "url", "id")
_SHOWN = 30  # columns named in a message


def plain(heading: object) -> str:
    """A heading without what writers vary: case, spaces, hyphens, underscores."""
    return re.sub(r"[\s_\-\ufeff]+", "", str(heading)).casefold()


@cache
def headings() -> Mapping[str, tuple[str, ...]]:
    """The usual headings of each field, plain, the surest first."""
    listed = yaml.load((HERE / "headings.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {field: tuple(plain(word) for word in words) for field, words in listed.items()}


def check_columns(columns: Mapping[str, str]) -> None:
    """Raise SetupError if `--columns` names something that no ad has."""
    for field in columns:
        if field not in FIELDS:
            raise SetupError(
                f"--columns 里的“{field}”不是 adscan 的字段",
                hint=f"可用的字段：{'、'.join(FIELDS)}；写法如 text=正文,published=日期",
            )


def find_columns(found: Iterable[str], options: InputOptions, table: str) -> dict[str, str]:
    """The table's column of each field that it has.

    Raises SetupError if there is neither text nor image, or `--columns` names a column that is
    not there; it names the columns found.
    """
    listed = list(found)
    columns = usual_columns(listed)
    for field, column in options.columns.items():
        columns[field] = _named(column, listed, table)
    if "text" not in columns and "image" not in columns:
        raise SetupError(
            f"{table} 里认不出正文或图片列；它的列是：{_listed(listed)}",
            hint="请用 --columns 指明，如 --columns text=正文,published=日期 或 image=海报路径",
        )
    return columns


def usual_columns(found: Iterable[str]) -> dict[str, str]:
    """The columns that the usual headings tell; `files` too."""
    by_heading: dict[str, str] = {}
    for column in found:
        by_heading.setdefault(plain(column), column)
    columns = {}
    for field, words in headings().items():
        known = next((word for word in words if word in by_heading), None)
        if known is not None:
            columns[field] = by_heading[known]
    return columns


def pick(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The row's cells by field."""
    return {field: row.get(column) for field, column in columns.items()}


def _named(column: str, found: list[str], table: str) -> str:
    if column in found:
        return column
    for other in found:
        if plain(other) == plain(column):
            return other
    raise SetupError(
        f"{table} 里没有 --columns 所说的“{column}”列；它的列是：{_listed(found)}",
        hint="请照表里的写法改正 --columns",
    )


def _listed(found: list[str]) -> str:
    if not found:
        return "（一列也没有）"
    more = f" 等 {len(found)} 列" if len(found) > _SHOWN else ""
    return "、".join(found[:_SHOWN]) + more
