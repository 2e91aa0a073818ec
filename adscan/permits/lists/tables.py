"""The rows of a list file with their positions: CSV, XLSX, JSON and JSON lines, told by content.

A file has one table, a workbook one for each visible sheet. Nothing is known here of headers; rows
are read anew at each call, so the header can be sought first.
"""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from adscan.errors import ListError
from adscan.permits.lists.encoding import encoding_of
from adscan.permits.lists.values import Cell

WHOLE_BOOK_BYTES = 20_000_000  # a workbook below is opened whole, so its merged cells are known
WHOLE_BOOK_UNPACKED = 300_000_000  # bytes of XML; beyond it whole reading would take gigabytes
MOST_UNPACKED = 4_000_000_000  # bytes; beyond it this is no list but a bomb
MOST_LINES = 20  # of one CSV row; a longer one has lost a quotation mark
DELIMITERS = ",\t;|"
_LISTS_AT = ("data", "rows", "records", "list", "content")  # where objects keep the list
_BOOK_FAULTS = (BadZipFile, KeyError, ValueError, TypeError, IndexError, OSError, ParseError)


@dataclass(frozen=True)
class Row:
    """One row as it stands in the file."""

    number: int  # line of a CSV or JSON lines file, row of a sheet, object of a JSON list; from 1
    cells: Sequence[Cell]
    fault: str = ""  # why it cannot be read at all


@dataclass(frozen=True)
class Table:
    """A table of a list file."""

    name: str  # of the sheet; empty if the file has but one table
    rows: Callable[[], Iterator[Row]]


@dataclass(frozen=True)
class ListFile:
    """An open list file."""

    path: Path
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()  # Chinese: what of it was not looked at


@contextmanager
def open_list(path: Path) -> Iterator[ListFile]:
    """The tables of a file. Raises ListError if it is of no kind that can be read."""
    with ExitStack() as stack:
        yield _open(path, stack)


def _open(path: Path, stack: ExitStack) -> ListFile:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise ListError(f"打不开 {path}（{error.strerror}）", hint="请检查路径和权限") from error
    if head.startswith(b"PK"):
        return _open_book(path, stack)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ListError(
            f"{path} 是旧式 .xls 或加了密码的工作簿", hint="请另存为不加密的 .xlsx 或 CSV 再导入"
        )
    if head.startswith((b"%PDF", b"<")) or head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise ListError(
            f"{path} 不是表格，是网页或 PDF", hint="请把其中的表格另存为 .xlsx 或 CSV 再导入"
        )
    if not head.strip():
        raise ListError(f"{path} 是空文件", hint="请重新下载名录")
    encoding = encoding_of(path)
    with path.open(encoding=encoding) as file:
        first = file.read(4096).lstrip()
    if first.startswith(("{", "[")):
        return ListFile(path, (_json_table(path, encoding),))
    delimiter = _delimiter(path, encoding)
    return ListFile(path, (Table("", lambda: _csv_rows(path, encoding, delimiter)),))


def _delimiter(path: Path, encoding: str) -> str:
    """The sign that parts the first lines into the most columns."""
    with path.open(encoding=encoding, newline="") as file:
        lines = [line for line, _ in zip(file, range(30), strict=False)]
    counts = {
        sign: max((len(row) for row in csv.reader(lines, delimiter=sign)), default=0)
        for sign in DELIMITERS
    }
    return max(counts, key=lambda sign: counts[sign])


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        line = 0
        try:
            for cells in reader:
                first, line = line + 1, reader.line_num
                long = line - first >= MOST_LINES
                fault = f"到第 {line} 行才结束，引号没有成对" if long else ""
                yield Row(first, cells, fault)
        except csv.Error as error:
            raise ListError(
                f"{path} 第 {line + 1} 行起读不下去（{error}）",
                hint="请检查那一行的引号和特殊字符",
            ) from error


def _json_table(path: Path, encoding: str) -> Table:
    text = path.read_text(encoding=encoding)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        if _is_object(next(filter(str.strip, lines), "")):
            return _objects_table([_parsed_line(n, line) for n, line in enumerate(lines, 1)])
        raise ListError(
            f"{path} 不是完整的 JSON：第 {error.lineno} 行第 {error.colno} 个字符处不对",
            hint="请重新下载，或改用 CSV",
        ) from error
    objects = _listed(content)
    if objects is None:
        raise ListError(
            f'{path} 里没有名录：应是对象的列表，或 {{"data": [...]}}', hint="请检查导出方式"
        )
    return _objects_table([_parsed(n, item) for n, item in enumerate(objects, 1)])


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except json.JSONDecodeError:
        return False


def _listed(content: object) -> list[object] | None:
    if isinstance(content, list):
        return content
    if isinstance(content, dict):
        for key in _LISTS_AT:
            if isinstance(content.get(key), list):
                return list(content[key])
        if isinstance(content.get("data"), dict):
            return _listed(content["data"])
        return [content] if content and not any(map(_nested, content.values())) else None
    return None


def _nested(value: object) -> bool:
    return isinstance(value, dict | list)


_Parsed = tuple[int, dict[str, object], str]


def _parsed_line(number: int, line: str) -> _Parsed:
    if not line.strip():
        return number, {}, ""
    try:
        return _parsed(number, json.loads(line))
    except json.JSONDecodeError as error:
        return number, {}, f"不是 JSON：第 {error.colno} 个字符处不对"


def _parsed(number: int, item: object) -> _Parsed:
    if isinstance(item, dict):
        return number, item, ""
    return number, {}, "不是 JSON 对象"


def _objects_table(objects: Sequence[_Parsed]) -> Table:
    """Objects as a table: the keys of all of them are the header, on row 0."""
    keys = list(dict.fromkeys(key for _, item, _ in objects for key in item))

    def rows() -> Iterator[Row]:
        yield Row(0, keys)
        for number, item, fault in objects:
            yield Row(number, [_of_json(item.get(key)) for key in keys], fault)

    return Table("", rows)


def _of_json(value: object) -> Cell:
    match value:
        case bool():
            return "是" if value else "否"
        case None | str() | int() | float():
            return value
        case list():
            return "；".join(str(_of_json(item)) for item in value if item is not None)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _open_book(path: Path, stack: ExitStack) -> ListFile:
    from openpyxl import load_workbook  # noqa: PLC0415  (0.3 s)

    try:
        with ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise ListError(f"{path} 解压后太大", hint="请拆成几个文件，或另存为 CSV")
        whole = path.stat().st_size < WHOLE_BOOK_BYTES and unpacked < WHOLE_BOOK_UNPACKED
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which do not matter here
            book = load_workbook(path, read_only=not whole, data_only=True)
    except _BOOK_FAULTS as error:
        raise ListError(
            f"{path} 不是完整的 .xlsx 工作簿（{error}）", hint="请重新下载，或另存为 CSV"
        ) from error
    stack.callback(book.close)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    notes = [] if whole else ["工作簿较大，合并单元格没有向下填充"]
    hidden = [sheet.title for sheet in book.worksheets if sheet not in sheets]
    notes += [f"没有读隐藏的工作表：{'、'.join(hidden)}"] if hidden else []
    tables = tuple(Table(sheet.title, _reader(path, sheet, whole=whole)) for sheet in sheets)
    return ListFile(path, tables, tuple(notes))


def _reader(path: Path, sheet: Any, *, whole: bool) -> Callable[[], Iterator[Row]]:
    if not whole:
        sheet.reset_dimensions()  # some programs write them wrong, and rows would be missed

    def rows() -> Iterator[Row]:
        above = _merged_down(sheet) if whole else {}
        try:
            for number, cells in enumerate(sheet.iter_rows(), 1):
                values = [_of_book(cell) for cell in cells]
                for column, value in above.get(number, {}).items():
                    if column < len(values):
                        values[column] = value
                yield Row(number, values)
        except _BOOK_FAULTS as error:
            raise ListError(
                f"{path} 的工作表“{sheet.title}”读不下去（{error}）",
                hint="请重新下载，或另存为 CSV",
            ) from error

    return rows


def _merged_down(sheet: Any) -> dict[int, dict[int, Cell]]:
    """What cells merged over several rows say in each of them: row, column from 0, value.

    Columns merged side by side stay as they are: the title of a list says nothing of a column.
    """
    filled: dict[int, dict[int, Cell]] = {}
    for area in sheet.merged_cells.ranges:
        value = _of_book(sheet.cell(area.min_row, area.min_col))
        for number in range(area.min_row + 1, area.max_row + 1):
            filled.setdefault(number, {})[area.min_col - 1] = value
    return filled


def _of_book(cell: Any) -> Cell:
    value = cell.value
    match value:
        case None | str():
            return None if cell.data_type == "e" else value
        case bool():
            return "是" if value else "否"
        case int():
            pattern = cell.number_format
            return str(value).zfill(len(pattern)) if pattern.strip("0") == "" else value
        case datetime():
            return value.date()
        case float() | date():
            return value
        case _:
            return str(value)
