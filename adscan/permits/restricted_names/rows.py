"""Rows of a CSV, TXT or XLSX file, one after the other; the file is never held whole.

What a file is shows in its content. Only between CSV and a plain list its name has a say: both are
text, and a name may hold commas.
"""

from __future__ import annotations

import codecs
import csv
import warnings
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from adscan.errors import DamagedFile, TooLarge, UnsupportedFormat
from adscan.permits.restricted_names.headings import HEAD_ROWS, has_heading
from adscan.settings import Limits

HEAD_BYTES = 32_768  # what the guess of the encoding looks at, from the first byte beyond ASCII on
MAX_LINE = 200_000  # characters; a longer line is no row of names
MAX_JOINED = 50  # lines that one quoted cell may go over; more is a stray quotation mark
BROKEN = "\ufffd"
_MAX_BROKEN = 0.05  # share of the characters beyond ASCII that may be broken
_FEW = 2  # broken characters that a short text may have
_MAX_CONTROLS = 0.01  # share of control characters above which it is no text
_COMMON = 0.8  # share of GB 2312 characters; Big5 read as GB 18030 stays far below
_GUESSED = ["big5hkscs", "utf_16_le", "utf_16_be"]
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TABLES = {".csv", ".tsv", ".tab"}
_DELIMITERS = ",\t;|"
_ADVICE = "支持 CSV、TXT（一行一个名称）和 XLSX，请另存为其中一种再试"


@dataclass(frozen=True)
class Row:
    """One row."""

    number: int  # of the line or row, from 1
    cells: list[str]
    sheet: str = ""
    fault: str = ""  # why it may not have been read as it should be


@dataclass(frozen=True)
class Table:
    """Rows that belong together: a text file, or one sheet of a workbook."""

    rows: Iterator[Row]
    sheet: str = ""


def read_tables(path: Path, limits: Limits) -> Iterator[Table]:
    """The tables of a file. Each one's rows must be used up before the next is asked for.

    Raises DamagedFile, UnsupportedFormat or TooLarge.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(0)
            sample = _sample(file)
        if not head.strip():
            raise DamagedFile(f"{path.name} 是空的", hint="请确认文件里有名称")
        if head.startswith(b"PK\x03\x04"):
            yield from _sheets(path, limits)
        else:
            _demand_text(path, head)
            with path.open(encoding=guess_encoding(path.name, sample), errors="replace") as text:
                yield Table(_text_rows(path, text))
    except OSError as error:
        raise DamagedFile(
            f"打不开 {path}（{error.strerror or error}）", hint="请检查路径和权限"
        ) from error


def _demand_text(path: Path, head: bytes) -> None:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnsupportedFormat(
            f"{path.name} 是旧版 Excel（.xls）或加密的文件", hint="请去掉密码并另存为 .xlsx 再试"
        )
    if head.startswith(
        (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z")
    ):
        raise UnsupportedFormat(f"{path.name} 不是名称清单", hint=_ADVICE)


# Text

_Line = tuple[int, str, str]  # number, text without its end, fault


def _text_rows(path: Path, text: TextIO) -> Iterator[Row]:
    head = [line for _ in range(HEAD_ROWS) if (line := text.readline(MAX_LINE))]
    text.seek(0)
    delimiter = _delimiter(path, head)
    lines = _lines(text)
    if not delimiter:
        return (Row(number, [line.strip()], "", fault) for number, line, fault in lines)
    return _csv_rows(lines, delimiter)


def _sample(file: BinaryIO) -> bytes:
    """The beginning of the file, or the lines with the first bytes that tell encodings apart."""
    sample = piece = file.read(HEAD_BYTES)
    while piece and piece.isascii() and b"\0" not in piece:
        sample = piece = file.read(HEAD_BYTES)
    begins = next((at for at, byte in enumerate(sample) if byte > 0x7F), 0)
    start = sample.rfind(b"\n", 0, begins) + 1 if b"\0" not in sample else 0
    return sample[start:] + (file.readline(HEAD_BYTES) if sample else b"")


def guess_encoding(name: str, sample: bytes) -> str:
    """The encoding of a text. Raises UnsupportedFormat if it reads as no text in any."""
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _reads(sample, encoding):
            return encoding
    from charset_normalizer import from_bytes  # noqa: PLC0415 - hardly ever needed

    best = from_bytes(sample, cp_isolation=_GUESSED).best()
    if best is not None and _reads(sample, best.encoding):
        return best.encoding
    raise UnsupportedFormat(
        f"认不出 {name} 的文字编码，或者它不是文字文件",
        hint=f"{_ADVICE}；文字文件请存为 UTF-8 或 GB18030",
    )


def _reads(sample: bytes, encoding: str) -> bool:
    """Whether the bytes are a Chinese text with hardly a broken character."""
    text = sample.decode(encoding, errors="replace")
    beyond = [character for character in text if character > "\x7f"]
    broken = text.count(BROKEN)
    controls = sum(1 for character in text if character < " " and character not in "\r\n\t")
    if controls > _MAX_CONTROLS * len(text) or broken > max(_FEW, _MAX_BROKEN * len(beyond)):
        return False
    if encoding == "utf-8":  # other encodings hardly ever fit it by chance
        return len(beyond) > broken or not beyond
    common = sum(1 for character in beyond if character.encode("gb2312", "ignore"))
    return encoding != "gb18030" or common >= _COMMON * len(beyond)


def _delimiter(path: Path, head: list[str]) -> str:
    """What parts the cells; empty: a line is one name."""
    if path.suffix.lower() in _TABLES:
        first = next((line for line in head if line.strip()), "")
        most = max(_DELIMITERS, key=first.count)
        return most if most in first else ","
    for delimiter in _DELIMITERS:
        rows = [line.strip().split(delimiter) for line in head]
        if any(len(cells) > 1 and has_heading(cells) for cells in rows):
            return delimiter
    return ""


def _lines(text: TextIO) -> Iterator[_Line]:
    """The lines, each held to MAX_LINE."""
    number = 0
    while line := text.readline(MAX_LINE):
        number += 1
        fault = "有读不出的字符" if BROKEN in line else ""
        if len(line) == MAX_LINE and not line.endswith("\n"):
            fault = f"超过 {MAX_LINE} 个字符，只看了开头"
            while (rest := text.readline(MAX_LINE)) and not rest.endswith("\n"):
                pass
        yield number, line.rstrip("\n").replace("\0", ""), fault


def _csv_rows(lines: Iterator[_Line], delimiter: str) -> Iterator[Row]:
    """Cells by RFC 4180; a quotation mark that is never closed costs its own line only."""
    waiting: deque[_Line] = deque()
    while here := waiting.popleft() if waiting else next(lines, None):
        number, line, fault = here
        if '"' not in line:
            yield Row(number, line.split(delimiter), "", fault)
            continue
        joined = [here]
        while _is_open(joined, delimiter) and len(joined) < MAX_JOINED:
            more = waiting.popleft() if waiting else next(lines, None)
            if more is None:
                break
            joined.append(more)
        cells = _cells("\n".join(text for _, text, _ in joined), delimiter)
        if cells is None:
            waiting.extendleft(reversed(joined[1:]))
            bare = [cell.strip('"') for cell in line.split(delimiter)]
            yield Row(number, bare, "", fault or "引号没有配对")
        else:
            faults = filter(None, (told for _, _, told in joined))
            yield Row(number, cells, "", next(faults, ""))


def _is_open(lines: list[_Line], delimiter: str) -> bool:
    """Whether a quoted cell that begins in the first line is still open after the last."""
    first = lines[0][1]
    opens = first.startswith('"') or f'{delimiter}"' in first
    return opens and sum(text.count('"') for _, text, _ in lines) % 2 == 1


def _cells(text: str, delimiter: str) -> list[str] | None:
    """None if the quotation marks do not fit."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [""])
    except csv.Error:
        return None


# Workbooks


def _sheets(path: Path, limits: Limits) -> Iterator[Table]:
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy

    _demand_workbook(path, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles, which are not read
            book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises many kinds on broken files
        raise DamagedFile(f"{path.name} 打不开", hint="请用 Excel 打开后另存为 .xlsx") from error
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its size is often wrong
            yield Table(_sheet_rows(sheet.iter_rows(values_only=True), sheet.title), sheet.title)
    finally:
        book.close()


def _sheet_rows(values: Iterator[tuple[object, ...]], sheet: str) -> Iterator[Row]:
    number = 0
    while True:
        try:
            cells = next(values, None)
        except Exception:  # see above
            yield Row(number + 1, [], sheet, "从这一行起读不出来")
            return
        if cells is None:
            return
        number += 1
        yield Row(number, ["" if cell is None else str(cell).strip() for cell in cells], sheet)


def _demand_workbook(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            size = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        raise DamagedFile(f"{path.name} 已损坏或不完整", hint="请重新下载或重新导出") from error
    if "xl/workbook.xml" not in names:
        raise UnsupportedFormat(f"{path.name} 不是 Excel 工作簿", hint=_ADVICE)
    if size > limits.max_archive_bytes:
        raise TooLarge(
            f"{path.name} 解开后有 {size} 字节，超过 {limits.max_archive_bytes}",
            hint="请分成几个文件，或改用 CSV，或调大设置 limits.max_archive_bytes",
        )
