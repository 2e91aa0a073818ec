"""One list of rows in a workbook, on as many sheets as it takes.

Every cell is text, a number, a date or empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Generic

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from adscan.report.rows import FORMULA_SIGNS, Column, RowT, safe
from adscan.report.workbook.styles import BODY, HEADING, new_sheet
from adscan.report.workbook.values import Day, Percent

MAX_ROWS = 1_048_576  # of a sheet
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")  # what readers of a workbook take for a character code


class SheetList(Generic[RowT]):
    """One list of the workbook, on as many sheets as it takes."""

    def __init__(
        self, book: Workbook, title: str, columns: Sequence[Column[RowT]], max_rows: int
    ) -> None:
        self._book, self._title = book, title
        self._columns, self._max_rows = columns, max_rows
        self._sheets = 0
        self._begin()

    def add(self, row: RowT, telling: str = "") -> None:
        """A row; the cell that says `telling` bears its colour, beside its word."""
        if self._rows == self._max_rows:
            self.close()
            self._begin()
        values = [column.cell(row) for column in self._columns]
        self._sheet.append([self._cell(value, telling) for value in values])
        self._rows += 1

    def note(self, text: str) -> None:
        """A sentence to the reader in the widest column, where there are no rows to read."""
        widest = max(range(len(self._columns)), key=lambda at: self._columns[at].width)
        told = [text if at == widest else "" for at in range(len(self._columns))]
        self._sheet.append([self._cell(value, "") for value in told])
        self._rows += 1

    def close(self) -> None:
        """Filter and print area; no row can follow."""
        last = get_column_letter(len(self._columns))
        self._sheet.auto_filter.ref = f"A1:{last}{self._rows}"
        self._sheet.close()

    def _begin(self) -> None:
        self._sheets += 1
        title = self._title if self._sheets == 1 else f"{self._title}（{self._sheets}）"
        widths = [column.width for column in self._columns]
        self._sheet = new_sheet(self._book, title, widths)
        self._sheet.append([styled(self._sheet, c.heading, HEADING) for c in self._columns])
        self._rows = 1

    def _cell(self, value: str | float, telling: str) -> Any:
        style = telling if telling and value == telling else BODY
        return styled(self._sheet, value, style)


def styled(sheet: Any, value: str | float, style: str) -> Any:
    """A cell of a named style; what looks like a formula stays text, no words leave it empty."""
    cell = WriteOnlyCell(sheet, None)
    cell.style = style
    if isinstance(value, Day):
        cell.value = date.fromisoformat(value)
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, Percent):
        cell.value = int(value.removesuffix("%")) / 100
        cell.number_format = "0%"
    elif isinstance(value, str):
        _write_text(cell, safe(value))
    else:
        cell.value = value
    return cell


def _write_text(cell: Any, text: str) -> None:
    if text:
        cell.value = _ESCAPE.sub(r"_x005F_x\1_", text)
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(FORMULA_SIGNS)  # stays text when somebody edits it
