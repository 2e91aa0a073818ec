"""CSV and its like: a heading, then one row an ad; comma, semicolon or tab between."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import TextIO

from adscan.errors import DamagedFile, SetupError
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions, Place
from adscan.scan.inputs.columns import find_columns, pick
from adscan.scan.inputs.packed import CUT_SHORT, open_unpacked, was_cut
from adscan.scan.inputs.rows import row_entry, row_name, table_pictures

_SAMPLE_BYTES = 1 << 20
_BROKEN_SHARE = 0.01  # of the characters beyond ASCII; more means another encoding
_DELIMITERS = (",", "\t", ";", "；", "|")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_BROKEN = re.compile(r"[\udc80-\udcff]")  # a byte that did not fit, as surrogateescape keeps it


def read_csv(place: Place, options: InputOptions) -> Iterator[Entry]:
    """See Input."""
    encoding = _encoding(place)
    csv.field_size_limit(options.limits.max_text_bytes)
    with io.TextIOWrapper(
        open_unpacked(place), encoding=encoding, errors="surrogateescape", newline=""
    ) as stream:
        heading, delimiter = _heading(stream, place)
        columns = find_columns([name for name in heading if name], options, place.name)
        find = table_pictures(place, options)
        for number, cells in enumerate(_rows(stream, delimiter, len(heading)), start=1):
            if isinstance(cells, DamagedFile):
                yield Entry(f"{place.name}#{number}", trouble=cells)
                continue
            row = pick(dict(zip(heading, cells, strict=True)), columns)
            yield row_entry(row_name(place.name, number, row), row, find)


def _heading(stream: TextIO, place: Place) -> tuple[list[str], str]:
    """The names of the columns, and what stands between cells."""
    lines = []
    while True:  # a quoted heading may run over lines
        line = stream.readline()
        lines.append(line)
        if not line or (line.strip() and "".join(lines).count('"') % 2 == 0):
            break
    written = "".join(lines).lstrip("\ufeff\r\n")
    bare = _QUOTED.sub("", written)
    delimiter = max(_DELIMITERS, key=bare.count)
    heading = next(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter), [])
    if not any(heading) or _BROKEN.search(written):
        raise SetupError(
            f"{place.name} 没有可读的表头", hint="第一行应是各列的名称；请另存为 UTF-8 的 CSV"
        )
    return [name.strip() for name in heading], delimiter


def _rows(stream: TextIO, delimiter: str, width: int) -> Iterator[list[str] | DamagedFile]:
    """The cells of each row, or what is wrong with it."""
    reader = csv.reader(stream, delimiter=delimiter)
    while True:
        first = reader.line_num + 2  # the heading is line 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _damaged(f"读不出（{error}）", first, reader.line_num + 1)
            continue
        except (OSError, EOFError) as error:
            if not was_cut(error):
                raise
            yield DamagedFile(f"文件不完整，第 {first} 行起的内容读不到", hint=CUT_SHORT)
            return
        if not cells:
            continue  # an empty line is no row
        fault = _fault(cells, width)
        yield _damaged(fault, first, reader.line_num + 1) if fault else cells


def _fault(cells: list[str], width: int) -> str:
    if len(cells) != width:
        return f"有 {len(cells)} 格，表头有 {width} 格"
    if any(_BROKEN.search(cell) for cell in cells):
        return "有读不出的字节"
    return ""


def _damaged(fault: str, first: int, last: int) -> DamagedFile:
    lines = f"第 {first} 行" if last <= first else f"第 {first} 至 {last} 行"
    return DamagedFile(f"{lines}{fault}", hint="请在原表中改正这一行（引号、分隔符、编码）")


def _encoding(place: Place) -> str:
    with open_unpacked(place) as stream:
        try:
            sample = stream.read(_SAMPLE_BYTES)
        except (OSError, EOFError) as error:
            if not was_cut(error):
                raise
            sample = b""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-8" if _is_utf8(sample) else "gb18030"


def _is_utf8(sample: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    text = decoder.decode(sample)  # a character cut at the end of the sample is not counted
    beyond = sum(character > "\x7f" for character in text)
    return text.count("\ufffd") <= _BROKEN_SHARE * beyond + (1 if beyond > 20 else 0)
