"""A workbook written row by row, and names that its sheets may have."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterable, Iterator

from openpyxl import Workbook

from adscan.report.visible import one_line
from adscan.report.workbook.file import save
from adscan.report.workbook.lists import styled
from adscan.report.workbook.styles import BODY, HEADING, new_sheet, register

MAX_NAME = 31  # characters of a sheet's name, Excel's limit
_ROOM = 5  # of these for the number of a second sheet, as in （12）
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")  # in names of sheets
_RESERVED = "history"  # Excel keeps this name for itself
_PIECE_BYTES = 1_000_000

Fact = tuple[str, str | int | float]  # a heading of its own and what it says


def new_book() -> Workbook:
    """An empty workbook with the styles of all reports; its rows go straight to disk."""
    book = Workbook(write_only=True)
    register(book)
    return book


def pieces(book: Workbook, made_at: str, title: str) -> Iterator[bytes]:
    """The finished file. `made_at` is ISO 8601; empty if unknown."""
    with tempfile.TemporaryFile() as file:
        save(book, file, made_at, title)
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """The name as Excel takes it, with room for a number, other than all in `taken`."""
    name = _FORBIDDEN.sub(" ", one_line(wanted)).strip(" '")[: MAX_NAME - _ROOM].strip(" '")
    name = name or "未命名"
    used = {one.casefold() for one in taken} | {_RESERVED}
    number = 1
    numbered = name
    while numbered.casefold() in used:
        number += 1
        numbered = f"{name[: MAX_NAME - 2 * _ROOM]}-{number}"
    return numbered


def add_facts(book: Workbook, title: str, facts: Iterable[Fact]) -> None:
    """A sheet of two columns, headings at the left."""
    sheet = new_sheet(book, title, (22, 90))
    sheet.freeze_panes = sheet.print_title_rows = None  # its headings stand at the left
    for name, value in facts:
        sheet.append([styled(sheet, name, HEADING), styled(sheet, value, BODY)])
    sheet.close()
