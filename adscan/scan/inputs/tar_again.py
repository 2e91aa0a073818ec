"""Members of a TAR looked up by name, for web pages whose pictures lie beside them."""

from __future__ import annotations

import posixpath
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import BinaryIO, cast

from adscan.ingest import bounds
from adscan.scan.input import Place
from adscan.scan.inputs.tar_stream import UNREADABLE, Header, extracted, infos, opened
from adscan.settings import Limits

_PIECE_BYTES = 1 << 20


def read_again(archive: Place, path: str, limits: Limits) -> bytes | None:
    """The member at a normalised path, None if there is none. Raises InputError.

    The first call in a process unpacks a packed archive into a temporary file, up to the limit
    for unpacked archives; in a larger one every call walks from the beginning.
    """
    copy = _unpacked(archive, limits)
    if copy is None:
        return _walked(archive, path, limits)
    offset, size = copy.places.get(path, (0, -1))
    if size < 0:
        return None
    bounds.check("文件", size, "字节", limits, "max_file_bytes")
    return copy.read(offset, size)


class _Copy:
    """A plain TAR as an open file, with its members' offsets and sizes by path."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.places: dict[str, tuple[int, int]] = {}
        stream.seek(0)
        with suppress(*UNREADABLE), tarfile.open(fileobj=stream, mode="r:", tarinfo=Header) as tar:
            for info in infos(tar):
                if info.isfile() and not info.issparse():
                    self.places[posixpath.normpath(info.name)] = (info.offset_data, info.size)

    def read(self, offset: int, size: int) -> bytes:
        self._stream.seek(offset)
        return self._stream.read(size)

    def __del__(self) -> None:
        self._stream.close()


@lru_cache(maxsize=1)
def _unpacked(archive: Place, limits: Limits) -> _Copy | None:
    """The archive while its pages are read; None if it is larger than the limit."""
    with opened(archive) as (_, is_plain):
        pass
    if is_plain:
        return _Copy(archive.open())
    copy = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - _Copy closes it
    with suppress(*UNREADABLE), _packed(archive) as packed:
        while piece := packed.read(_PIECE_BYTES):
            copy.write(piece)
            if copy.tell() > limits.max_archive_bytes:
                copy.close()
                return None
    return _Copy(copy)


@contextmanager
def _packed(archive: Place) -> Iterator[BinaryIO]:
    """The unpacked bytes of an archive."""
    with archive.open() as stream, tarfile.open(fileobj=stream, mode="r:*") as tar:
        unpacked = cast(BinaryIO, tar.fileobj)
        unpacked.seek(0)
        yield unpacked


def _walked(archive: Place, path: str, limits: Limits) -> bytes | None:
    with suppress(*UNREADABLE), opened(archive) as (tar, _):
        for info in infos(tar):
            if info.isfile() and posixpath.normpath(info.name) == path:
                bounds.check("文件", info.size, "字节", limits, "max_file_bytes")
                return extracted(tar, info)
    return None
