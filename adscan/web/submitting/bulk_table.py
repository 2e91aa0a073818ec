"""The table of a bulk submission: CSV in UTF-8 or GBK, or XLSX; its columns are told by name."""

from __future__ import annotations

import csv
import logging
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook

from adscan.errors import ListError
from adscan.permits.lists.encoding import encoding_of
from adscan.permits.lists.tables import Row, open_list
from adscan.permits.lists.values import Cell, ValueFault, read_day, read_text
from adscan.records.medium import MEDIA
from adscan.report.workbook.file import save
from adscan.report.workbook.lists import styled
from adscan.report.workbook.styles import BODY, HEADING, new_sheet, register
from adscan.web.problems import BadInput
from adscan.web.submitting.uploads import Upload

log = logging.getLogger(__name__)

# Field, heading, width in the template, what to write there.
COLUMNS = (
    ("title", "标题", 24, "必填。便于查找的名称"),
    ("advertiser", "广告主", 26, "必填。营业执照上的全称，用于核对许可"),
    ("product", "产品", 18, "推广的产品或服务"),
    ("medium", "媒介", 12, f"可用：{'、'.join(MEDIA.values())}"),
    ("slot", "广告位", 14, "版面、时段或广告位"),
    (
        "planned_from",
        "开始日期",
        12,
        "必填。计划发布的第一天，如 2026-11-25；按这一天有效的法律审查",
    ),
    ("planned_until", "结束日期", 12, "最后一天；没有则留空"),
    ("text", "文字", 40, "广告的文字；与“文件”至少填一项，都填则合为一件"),
    ("creatives", "文件", 28, "ZIP 里的文件名，多个用；隔开"),
    ("permits", "许可证明", 24, "ZIP 里的文件名，多个用；隔开；PDF、图片或 Word"),
    ("note", "说明", 24, "给审核员的话"),
)
_BY_HEADING = {heading: key for key, heading, _, _ in COLUMNS}
_NEEDED = ("title", "advertiser", "planned_from")
_DAYS = ("planned_from", "planned_until")

MOST_TABLE_BYTES = 20_000_000
MOST_UNPACKED_BYTES = 100_000_000  # of a workbook
MOST_COLUMNS = 200
MOST_SHEET_ROWS = 20_000  # looked at; sheets are often formatted far below their last words
HEADING_WITHIN = 10  # rows: a title may stand above the headings


@dataclass(frozen=True)
class BulkRow:
    """A row, by our names of its columns."""

    number: int  # as the table's program shows it
    cells: dict[str, str] = field(default_factory=dict)
    planned_from: date | None = None
    planned_until: date | None = None
    fault: str = ""  # Chinese: why it cannot be used


def read_table(upload: Upload, most: int) -> Iterator[BulkRow]:
    """The rows that say anything. Raises BadInput if it is no table of ours or has too many."""
    count = 0
    with tempfile.TemporaryDirectory(prefix="adscan-bulk-") as folder:
        columns: dict[str, int] = {}
        for row in _from_heading(_rows(upload, Path(folder))):
            if not columns:
                columns = _columns(row.cells)
                continue
            if not any(read_text(cell) for cell in row.cells):
                continue
            count += 1
            if count > most:
                raise BadInput(f"表格超过 {most} 行", hint="请分成几个表格送审")
            yield _read(row, columns)
    if not columns:
        raise BadInput(
            f"{upload.name} 里没有找到表头",
            hint="第一行应有“标题、广告主、开始日期”等列名，可下载模板",
        )
    if not count:
        raise BadInput(f"{upload.name} 里没有内容", hint="请在表头下面逐行填写")


def find_columns(upload: Upload) -> bool:
    """Whether it is a table with our headings."""
    with tempfile.TemporaryDirectory(prefix="adscan-bulk-") as folder:
        try:
            return any(True for _ in _from_heading(_rows(upload, Path(folder))))
        except BadInput:
            return False


def template_csv() -> bytes:
    """The headings, in the encoding that office programs open rightly."""
    return ("\ufeff" + ",".join(_BY_HEADING) + "\r\n").encode()


def template_xlsx() -> bytes:
    """The headings, and a second sheet that explains them."""
    book = Workbook(write_only=True)
    register(book)
    sheet = new_sheet(book, "批量送审", [width for _, _, width, _ in COLUMNS])
    sheet.append([styled(sheet, heading, HEADING) for _, heading, _, _ in COLUMNS])
    told = new_sheet(book, "填写说明", [14, 90])
    told.append([styled(told, word, HEADING) for word in ("列名", "怎样填")])
    for _, heading, _, how in COLUMNS:
        told.append([styled(told, heading, BODY), styled(told, how, BODY)])
    file = BytesIO()
    save(book, file, "", title="批量送审模板")
    return file.getvalue()


def _from_heading(rows: Iterable[Row]) -> Iterator[Row]:
    """The row of headings and all after it; nothing if there is none."""
    found = False
    for at, row in enumerate(rows):
        found = found or _is_heading(row.cells)
        if found:
            yield row
        elif at >= HEADING_WITHIN:
            return


def _is_heading(cells: Sequence[Cell]) -> bool:
    names = {_BY_HEADING.get(_heading(cell)) for cell in cells}
    return names.issuperset(_NEEDED)


def _columns(cells: Sequence[Cell]) -> dict[str, int]:
    """Where each of our columns stands. Raises BadInput for a heading that is there twice."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        key = _BY_HEADING.get(_heading(cell))
        if key in found:
            raise BadInput(f"有两列都叫“{_heading(cell)}”", hint="请删去一列")
        if key:
            found[key] = at
    return found


def _heading(cell: Cell) -> str:
    return "".join(read_text(cell).replace("（必填）", "").replace("*", "").split())


def _read(row: Row, columns: dict[str, int]) -> BulkRow:
    cells = {key: row.cells[at] for key, at in columns.items() if at < len(row.cells)}
    words = {
        key: read_text(cell).replace("\0", "") for key, cell in cells.items() if key not in _DAYS
    }
    if row.fault:
        return BulkRow(row.number, words, fault=row.fault)
    days: dict[str, date | None] = {}
    for key in _DAYS:
        try:
            days[key] = read_day(cells.get(key))
        except ValueFault as fault:
            heading = next(name for name, known in _BY_HEADING.items() if known == key)
            return BulkRow(row.number, words, fault=f"{heading}写法不对：{fault}")
    return BulkRow(row.number, words, days["planned_from"], days["planned_until"])


def _rows(upload: Upload, folder: Path) -> Iterator[Row]:
    if len(upload.data) > MOST_TABLE_BYTES:
        raise BadInput(f"{upload.name}：表格超过 {MOST_TABLE_BYTES // 1_000_000} MB")
    path = folder / ("table.xlsx" if upload.data.startswith(b"PK") else "table.csv")
    path.write_bytes(upload.data)
    try:
        if upload.data.startswith(b"PK"):
            yield from _book_rows(upload, path)
        elif upload.data.startswith(b"\xd0\xcf\x11\xe0"):
            raise BadInput(f"{upload.name} 是旧式 .xls 或加了密码", hint="请另存为 .xlsx 或 CSV")
        else:
            yield from _csv_rows(path)
    except (ListError, csv.Error) as error:
        told = str(error.message if isinstance(error, ListError) else "表格读不下去")
        raise BadInput(
            told.replace(str(path), upload.name), hint="请用 UTF-8 或 GBK 的 CSV，或 .xlsx"
        ) from error


def _book_rows(upload: Upload, path: Path) -> Iterator[Row]:
    """The first visible sheet that has our headings."""
    try:
        with ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (BadZipFile, OSError) as error:
        raise BadInput(f"{upload.name} 已损坏，读不出来", hint="请重新保存") from error
    if unpacked > MOST_UNPACKED_BYTES:
        raise BadInput(f"{upload.name} 解压后太大", hint="请拆成几个表格，或另存为 CSV")
    try:
        rows = _sheet_rows(path)
    except ListError:
        raise
    except Exception as error:  # a broken workbook makes the library stumble in many ways
        log.info("workbook: %r", error)
        raise BadInput(f"{upload.name} 已损坏，读不出来", hint="请重新保存") from error
    yield from rows


def _sheet_rows(path: Path) -> list[Row]:
    with open_list(path) as opened:
        for table in opened.tables:
            if any(True for _ in _from_heading(table.rows())):
                rows = islice(table.rows(), MOST_SHEET_ROWS)
                return [Row(row.number, row.cells[:MOST_COLUMNS], row.fault) for row in rows]
    return []


def _csv_rows(path: Path) -> Iterator[Row]:
    """By the sign that parts the headings: what parts the words in a cell does not matter."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        lines = [line for line, _ in zip(file, range(HEADING_WITHIN), strict=False)]
    delimiter = next(
        (s for s in ",\t;" if any(_is_heading(line.split(s)) for line in _bare(lines))), ","
    )
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        line = 0
        for cells in reader:
            yield Row(line + 1, cells[:MOST_COLUMNS])
            line = reader.line_num


def _bare(lines: Sequence[str]) -> list[str]:
    return [line.replace('"', "").strip() for line in lines]
