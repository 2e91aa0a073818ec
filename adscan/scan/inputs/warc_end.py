"""Whether a WARC is whole: FastWARC takes a file that was cut off for one that ends there."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

_GZIP_MARK = b"\x1f\x8b"
_PIECE_BYTES = 1 << 20
_LONGEST_HEADER = 1 << 16
_LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)


def end_of_record(stream: BinaryIO, offset: int) -> int | None:
    """Where the record at `offset` ends; None if the file ends before it does."""
    size = stream.seek(0, 2)
    stream.seek(offset)
    packed = stream.read(2) == _GZIP_MARK
    stream.seek(offset)
    end = _end_of_packed(stream) if packed else _end_of_plain(stream)
    return None if end is None or end > size else end


def is_blank_from(stream: BinaryIO, offset: int) -> bool:
    """Whether nothing but line ends and zeros follows."""
    stream.seek(offset)
    return not stream.read(_PIECE_BYTES).strip(b"\r\n\0")


def _end_of_packed(stream: BinaryIO) -> int | None:
    """Where a gzip member ends; None if it does not."""
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    while piece := stream.read(_PIECE_BYTES):
        try:
            while piece and not unpacker.eof:
                unpacker.decompress(piece, _PIECE_BYTES)
                piece = unpacker.unconsumed_tail
        except zlib.error:
            return None
        if unpacker.eof:
            return stream.tell() - len(unpacker.unused_data)
    return None


def _end_of_plain(stream: BinaryIO) -> int | None:
    """Where a record's body ends, as its header says; None if that is cut off."""
    begin = stream.tell()
    header, separator, _ = stream.read(_LONGEST_HEADER).partition(b"\r\n\r\n")
    length = _LENGTH.search(header)
    if not separator or not length:
        return None
    return begin + len(header) + len(separator) + int(length.group(1))
