"""JSON Lines: one object a line, one ad an object; also a small JSON file that holds ads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Any, BinaryIO

from adscan.errors import DamagedFile, InputError, SetupError, TooLarge
from adscan.ingest import bounds
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions, Place
from adscan.scan.inputs.columns import find_columns, pick, usual_columns
from adscan.scan.inputs.packed import CUT_SHORT, open_unpacked, was_cut
from adscan.scan.inputs.rows import row_entry, row_name, table_pictures

_LOOKED_AT = 200  # lines from which the keys are learnt
_LONGEST_MESSAGE = 120

Line = tuple[int, dict[str, Any] | DamagedFile | TooLarge]  # from 1


def read_json_lines(place: Place, options: InputOptions) -> Iterator[Entry]:
    """See Input."""
    with open_unpacked(place) as stream:
        lines = _lines(stream, options)
        first = list(islice(lines, _LOOKED_AT))
        if first and isinstance(first[0][1], InputError):
            document = _document(place, options)
            first, lines = (document, iter(())) if document else (first, lines)
        columns = _columns(first, options, place)
        told = {field: columns[field] for field in options.columns if field in columns}
        find = table_pictures(place, options)
        for number, line in chain(first, lines):
            if isinstance(line, dict):
                row = pick(line, {**_usual(tuple(line)), **told})
                yield row_entry(row_name(place.name, number, row), row, find)
            else:
                yield Entry(f"{place.name}#{number}", trouble=line)


@lru_cache(maxsize=64)
def _usual(keys: tuple[str, ...]) -> dict[str, str]:
    """What the keys say: lines of one file may have different ones."""
    return usual_columns(keys)


def _columns(first: list[Line], options: InputOptions, place: Place) -> dict[str, str]:
    """Which keys say what, from the first lines. Raises SetupError."""
    keys: dict[str, None] = {}
    for _, line in first:
        if isinstance(line, dict):
            keys.update(dict.fromkeys(line))
    if first and not keys:
        raise SetupError(
            f"{place.name} 的前 {len(first)} 行没有一行是 JSON 对象",
            hint='JSONL 每行应是一个对象，如 {"text": "……"}；很大的 JSON 数组请先转成 JSONL',
        )
    return find_columns(keys, options, place.name) if keys else {}


def _lines(stream: BinaryIO, options: InputOptions) -> Iterator[Line]:
    """Each line that is not empty, with its number: its object, or what is wrong with it."""
    number = 0
    while True:
        number += 1
        try:
            raw = stream.readline(options.limits.max_file_bytes + 1)
        except (OSError, EOFError) as error:
            if not was_cut(error):
                raise
            said = f"文件不完整，第 {number} 行起的内容读不到"
            yield number, DamagedFile(said, hint=CUT_SHORT)
            return
        if not raw:
            return
        if len(raw) > options.limits.max_file_bytes and not raw.endswith(b"\n"):
            yield number, _too_long(stream, len(raw), options)
        elif raw.strip():
            yield number, _object(raw, number)


def _document(place: Place, options: InputOptions) -> list[Line] | None:
    """The objects of a file that is one JSON object or array; None if it is not, or is large."""
    most = options.limits.max_text_bytes
    with open_unpacked(place) as stream:
        try:
            raw = stream.read(most + 1)
            whole = json.loads(raw.decode("utf-8-sig")) if len(raw) <= most else None
        except (ValueError, RecursionError, OSError, EOFError):
            return None  # said line by line
    if not isinstance(whole, dict | list):
        return None
    fault = DamagedFile("这一项不是 JSON 对象", hint="请在原文件中改正")
    items = [whole] if isinstance(whole, dict) else whole
    return [(n, one if isinstance(one, dict) else fault) for n, one in enumerate(items, start=1)]


def _object(raw: bytes, number: int) -> dict[str, Any] | DamagedFile:
    hint = "请在原文件中改正这一行"
    try:
        line = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return DamagedFile(f"第 {number} 行有不是 UTF-8 的字节", hint=hint)
    except RecursionError:
        return DamagedFile(f"第 {number} 行嵌套过深", hint=hint)
    except ValueError as error:
        return DamagedFile(f"第 {number} 行不是 JSON（{str(error)[:_LONGEST_MESSAGE]}）", hint=hint)
    if not isinstance(line, dict):
        return DamagedFile(f"第 {number} 行不是 JSON 对象", hint=hint)
    return line


def _too_long(stream: BinaryIO, length: int, options: InputOptions) -> DamagedFile | TooLarge:
    """The fault of an overlong line, whose rest is passed over."""
    while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
        length += len(rest)
    try:
        bounds.check("这一行", length, "字节", options.limits, "max_file_bytes")
    except TooLarge as error:
        return error
    return DamagedFile("这一行过长", hint="请拆分后再扫描")
