"""Tables that are packed with gzip, opened as if they were not."""

from __future__ import annotations

import gzip
import zlib
from typing import BinaryIO, cast

from adscan.scan.input import Place

GZIP_MARK = b"\x1f\x8b"
CUT_SHORT = "请重新下载或重新导出；前面的各行已照常扫描"


def open_unpacked(place: Place) -> BinaryIO:
    """The bytes of a table. Raises InputError if it cannot be opened."""
    stream = place.open()
    head = stream.read(2)
    stream.close()
    stream = place.open()
    if head == GZIP_MARK:
        return cast(BinaryIO, _ClosingGzip(stream))
    return stream


def was_cut(error: Exception) -> bool:
    """Whether reading failed because the packed bytes end too early or are broken."""
    return isinstance(error, EOFError | gzip.BadGzipFile | zlib.error)


class _ClosingGzip(gzip.GzipFile):
    """Closes the file below it, too."""

    def __init__(self, stream: BinaryIO) -> None:
        self._below = stream
        super().__init__(fileobj=stream, mode="rb")

    def close(self) -> None:
        super().close()
        self._below.close()
