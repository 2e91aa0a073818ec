"""A table that Excel opens at a double click: a row a finding, and one for each ad without any.

UTF-8 with a byte order mark, headings in Chinese. A cell that a spreadsheet would take for a
formula gets an apostrophe in front; it is text, whatever the ad says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from adscan.records.review import Case, Review
from adscan.report.rows import (
    AD_COLUMNS,
    FAULT_COLUMNS,
    FORMULA_SIGNS,
    AdRow,
    Column,
    RowT,
    finding_rows,
    safe,
    unread,
)

BYTE_ORDER_MARK = "\ufeff"
# A row is about one finding: what sums up the findings of an ad stays out.
_OF_THE_AD = tuple(c for c in AD_COLUMNS if c.heading not in ("首要问题", "牵头部门"))


class Csv:
    """Rows as they come; holds one review at a time."""

    def render(self, cases: Iterable[Case]) -> Iterator[str]:
        """The headings, then the rows of each case."""
        headings = [column.heading for column in _OF_THE_AD]
        headings += [column.heading for column in FAULT_COLUMNS]
        yield BYTE_ORDER_MARK + csv_row([*headings, "未读出的内容"])
        for number, case in enumerate(cases, 1):
            yield "".join(map(csv_row, _rows(number, case.review)))


def _rows(number: int, review: Review) -> Iterator[list[str | float]]:
    ad = _cells(_OF_THE_AD, AdRow(number, review))
    faults = [_cells(FAULT_COLUMNS, row) for row in finding_rows(number, review)]
    for fault in faults or [[""] * len(FAULT_COLUMNS)]:
        yield [*ad, *fault, unread(review)]


def _cells(columns: Iterable[Column[RowT]], row: RowT) -> list[str | float]:
    return [column.cell(row) for column in columns]


def csv_row(values: Iterable[str | float]) -> str:
    """One line of the table, its end included; no cell is a formula."""
    line = io.StringIO()
    csv.writer(line).writerow([_text(value) for value in values])
    return line.getvalue()


def _text(value: str | float) -> str:
    text = safe(str(value))
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
