"""TAR as a stream of members, none of them kept; an end that is no end is told."""

from __future__ import annotations

import lzma
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from adscan.ingest.locations import DiskFile
from adscan.scan.input import Place

if TYPE_CHECKING:
    from typing_extensions import Self  # in typing from Python 3.11

_BLOCK = 512  # bytes


class CutShort(Exception):
    """The archive ends, or is broken, where a header should be."""


# What tarfile and the unpackers raise on broken bytes.
UNREADABLE = (CutShort, tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError)


class Header(tarfile.TarInfo):
    """tarfile takes a missing or broken header for the end; only a block of zeros is that."""

    @classmethod
    def frombuf(  # noqa: D102 - tarfile's own
        cls, buf: bytes | bytearray, encoding: str, errors: str
    ) -> Self:
        if len(buf) == _BLOCK and not buf.strip(b"\0"):
            return super().frombuf(buf, encoding, errors)  # raises what means the end
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            raise CutShort from error


@contextmanager
def opened(place: Place) -> Iterator[tuple[tarfile.TarFile, bool]]:
    """The archive, and whether its members can be read again by their offsets."""
    with place.open() as stream:
        later = isinstance(place, DiskFile) and stream.read(_BLOCK)[257:262] == b"ustar"
        stream.seek(0)
        mode: Literal["r:", "r|*"] = "r:" if later else "r|*"
        with tarfile.open(fileobj=stream, mode=mode, tarinfo=Header) as tar:
            yield tar, later


def extracted(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    """The bytes of a member. Raises CutShort."""
    stream = tar.extractfile(info)
    data = stream.read() if stream else b""
    if len(data) != info.size:
        raise CutShort
    return data


def infos(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Every member, none of them kept: tarfile by itself keeps them all."""
    while (info := tar.next()) is not None:
        kept: list[tarfile.TarInfo] = vars(tar)["members"]
        kept.clear()
        yield info
