"""A workbook to filter and print: the ads, their faults, mere mentions, gaps, and how it was made.

Rows go straight to disk, so the number of ads is no matter; a list longer than a sheet may be goes
on in a second one. Every cell is text or a number: no words of an ad become a formula.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from adscan.records.review import Case
from adscan.report import wording
from adscan.report.rows import (
    AD_COLUMNS,
    FINDING_COLUMNS,
    FORMULA_SIGNS,
    GAP_COLUMNS,
    MENTION_COLUMNS,
    AdRow,
    Column,
    MentionRow,
    RowT,
    finding_rows,
    gap_rows,
    safe,
)
from adscan.report.workbook.file import save
from adscan.report.workbook.styles import BODY, HEADING, TELLING, new_sheet, register
from adscan.report.workbook.summary import Summary

MAX_ROWS = 1_048_576  # of a sheet
PIECE_BYTES = 1_000_000
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")  # what readers of a workbook take for a character code


class Xlsx:
    """The workbook, as bytes."""

    def __init__(self, max_rows: int = MAX_ROWS) -> None:
        self._max_rows = max_rows

    def render(self, cases: Iterable[Case]) -> Iterator[bytes]:
        """The file in pieces; it begins when the last case is there."""
        book = Workbook(write_only=True)
        register(book)
        ads = _List(book, "审查结果", AD_COLUMNS, self._max_rows)
        findings = _List(book, "问题清单", FINDING_COLUMNS, self._max_rows)
        mentions = _List(book, "仅提及", MENTION_COLUMNS, self._max_rows)
        gaps = _List(book, "未读与未判断", GAP_COLUMNS, self._max_rows)
        summary = Summary()
        for number, case in enumerate(cases, 1):
            review = case.review
            summary.count(review)
            ads.add(AdRow(number, review), wording.DECISIONS[review.decision])
            for row in finding_rows(number, review):
                findings.add(row, wording.SEVERITIES[row.finding.severity])
            for mention in review.mentions:
                mentions.add(MentionRow(number, review, mention))
            for gap in gap_rows(number, review):
                gaps.add(gap)
        for listed in (ads, findings, mentions, gaps):
            listed.close()
        _last_sheet(book, summary)
        with tempfile.TemporaryFile() as file:
            save(book, file, summary.checked_at)
            file.seek(0)
            while piece := file.read(PIECE_BYTES):
                yield piece


class _List(Generic[RowT]):
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
        self._sheet.append([_styled(self._sheet, c.heading, HEADING) for c in self._columns])
        self._rows = 1

    def _cell(self, value: str | float, telling: str) -> Any:
        style = telling if telling and value == telling else BODY
        return _styled(self._sheet, value, style)


def _last_sheet(book: Workbook, summary: Summary) -> None:
    sheet = new_sheet(book, "说明", (22, 90))
    sheet.freeze_panes = sheet.print_title_rows = None  # its headings stand at the left
    for name, value in summary.rows():
        sheet.append([_styled(sheet, name, HEADING), _styled(sheet, value, _telling(name))])
    sheet.close()


def _telling(name: str) -> str:
    return name if name in TELLING else BODY


def _styled(sheet: Any, value: str | float, style: str) -> Any:
    cell = WriteOnlyCell(sheet, None)
    cell.style = style
    if isinstance(value, str):
        text = _ESCAPE.sub(r"_x005F_x\1_", safe(value))
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(FORMULA_SIGNS)  # stays text when somebody edits it
    else:
        cell.value = value
    return cell
