"""Which encoding a list file is in. Permits are evidence: one broken character refuses the file."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from adscan.errors import ListError

PIECE_BYTES = 1 << 20
SAMPLE_BYTES = 200_000  # what a guess looks at
SURELY_UTF8 = (
    10  # characters beyond ASCII that read as UTF-8: no other encoding does that by chance
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path) -> str:
    """The encoding in which the whole file can be read. Raises ListError, naming the line."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _demand(path, encoding)
    fault = _first_fault(path, "utf-8")
    if fault is None:
        return "utf-8"
    line, before = fault
    if before >= SURELY_UTF8:
        raise _unreadable(path, "UTF-8", line)
    for encoding in ("gb18030", *_guessed(head)):
        if _first_fault(path, encoding) is None:
            return encoding
    raise _unreadable(path, "UTF-8、GB18030", line)


def _demand(path: Path, encoding: str) -> str:
    fault = _first_fault(path, encoding)
    if fault is not None:
        raise _unreadable(path, encoding.upper().removesuffix("-SIG"), fault[0])
    return encoding


def _guessed(head: bytes) -> Iterator[str]:
    from charset_normalizer import from_bytes  # noqa: PLC0415  (0.1 s)

    best = from_bytes(head).best()
    if best is not None and best.encoding != "utf_8":
        yield best.encoding


def _first_fault(path: Path, encoding: str) -> tuple[int, int] | None:
    """Line of the first byte that does not fit, and how many characters beyond ASCII came before.

    A NUL does not fit either: a text has none.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    line, beyond = 1, 0
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            try:
                text = decoder.decode(piece, len(piece) < PIECE_BYTES)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, errors="ignore")
                return line + good.count("\n"), beyond + _beyond_ascii(good)
            if "\x00" in text:
                return line + text[: text.index("\x00")].count("\n"), beyond
            line += text.count("\n")
            beyond += _beyond_ascii(text) if beyond < SURELY_UTF8 else 0
    return None


def _beyond_ascii(text: str) -> int:
    return sum(1 for char in text[:10_000] if char > "\x7f")


def _unreadable(path: Path, tried: str, line: int) -> ListError:
    return ListError(
        f"{path} 第 {line} 行有按 {tried} 读不出的字节",
        hint="文件可能损坏或不是文字；请重新下载，或另存为 UTF-8 的 CSV",
    )
