"""Names and business scopes out of a file, row by row, with a word on every row that is faulty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from adscan.errors import AdscanError, DamagedFile, SettingsError, UnsupportedFormat
from adscan.permits.restricted_names.columns import Columns, find_columns
from adscan.permits.restricted_names.headings import HEAD_ROWS
from adscan.permits.restricted_names.rows import Row, Table, read_tables
from adscan.records.restricted_name import Subject
from adscan.settings import Limits


@dataclass(frozen=True)
class Remark:
    """Something to tell about a row or sheet."""

    place: str  # Chinese: where
    text: str  # Chinese: what
    failed: bool = True  # something was not read as it should be; False: only to know


def read_names(path: Path, column: str | None, limits: Limits) -> Iterator[Subject | Remark]:
    """What there is to screen; a faulty row is told of and read as far as it goes.

    `column` is a heading, or a number from 1; None: the headings show it. Raises SettingsError if
    that column is nowhere; DamagedFile, UnsupportedFormat or TooLarge if nothing can be read.
    """
    some = False
    unknown: dict[str, AdscanError] = {}  # by sheet: why it was not read
    for table in read_tables(path, limits):
        head = list(islice(table.rows, HEAD_ROWS))
        if not any(any(row.cells) or row.fault for row in head):
            continue
        try:
            columns = find_columns(head, column)
        except (UnsupportedFormat, SettingsError) as error:
            unknown[table.sheet] = error
            continue
        if columns.guessed:
            told = f"没有认出表头，按第 {(columns.name or 0) + 1} 列筛查，不对请用 --column 指明"
            yield Remark(f"工作表“{table.sheet}”" if table.sheet else "第 1 行", told, failed=False)
        for item in _of_table(
            replace(table, rows=chain(head[columns.first :], table.rows)), columns
        ):
            some = some or isinstance(item, Subject)
            yield item
    if not some:
        empty = DamagedFile(f"{path.name} 里没有名称", hint="请确认选对了文件和列")
        raise next(iter(unknown.values()), empty)
    for sheet, reason in unknown.items():
        yield Remark(f"工作表“{sheet}”", f"没有筛查：{reason.message}")


def _of_table(table: Table, columns: Columns) -> Iterator[Subject | Remark]:
    for row in table.rows:
        subjects = list(columns.subjects(row))
        if fault := _fault(row, columns, bool(subjects)):
            place = f"第 {row.number} 行"
            yield Remark(f"工作表“{row.sheet}”{place}" if row.sheet else place, fault)
        yield from subjects


def _fault(row: Row, columns: Columns, has_subject: bool) -> str:
    """Why a row may not have been read as it should be; empty if all is well."""
    if row.fault:
        return row.fault
    if columns.width and len(row.cells) > columns.width and any(row.cells[columns.width :]):
        return f"有 {len(row.cells)} 格，比表头多，可能没有加引号"
    if not has_subject and any(cell.strip() for cell in row.cells):
        return "没有要筛查的名称"
    return ""
