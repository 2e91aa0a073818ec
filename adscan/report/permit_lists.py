"""Rows of the permit register as CSV, a workbook or JSON lines. Every cell is text."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from adscan.report.document import as_json
from adscan.report.formats.csv import BYTE_ORDER_MARK, csv_row
from adscan.report.rows import Column

Row = Mapping[str, str]
BINARY = frozenset({"xlsx"})  # bytes that no terminal can show
_PIECE_BYTES = 1_000_000
_WIDTH = 18  # characters of a column on a printed sheet


def render_rows(
    headings: Sequence[str], rows: Iterable[Row], format_name: str, title: str
) -> Iterator[str | bytes]:
    """Rows by heading as `csv`, `xlsx` or `jsonl`; JSON lines leave out what is empty."""
    match format_name:
        case "csv":
            return _csv(headings, rows)
        case "xlsx":
            return _xlsx(headings, rows, title)
        case _:
            return (as_json({k: v for k, v in row.items() if v}) + "\n" for row in rows)


def _csv(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    first = iter([BYTE_ORDER_MARK + csv_row(headings)])
    return chain(first, (csv_row(row[heading] for heading in headings) for row in rows))


def _xlsx(headings: Sequence[str], rows: Iterable[Row], title: str) -> Iterator[bytes]:
    from openpyxl import Workbook  # noqa: PLC0415 - the other formats do without it

    from adscan.report.workbook.file import save  # noqa: PLC0415
    from adscan.report.workbook.lists import MAX_ROWS, SheetList  # noqa: PLC0415
    from adscan.report.workbook.styles import register  # noqa: PLC0415

    book = Workbook(write_only=True)
    register(book)
    columns = tuple(Column(heading, _WIDTH, _of(heading)) for heading in headings)
    sheet = SheetList(book, title, columns, MAX_ROWS)
    for row in rows:
        sheet.add(row)
    sheet.close()
    with tempfile.TemporaryFile() as file:
        save(book, file, "", title)
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _of(heading: str) -> Callable[[Row], str]:
    return lambda row: row[heading]
