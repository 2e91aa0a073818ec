"""TAR archives, plain or packed, read once from front to back."""

from __future__ import annotations

import posixpath
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import BinaryIO

from adscan.errors import DamagedFile, InputError, TooLarge
from adscan.ingest import bounds
from adscan.ingest.locations import shown
from adscan.records.ad import Source
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions, Place
from adscan.scan.inputs import HEAD_BYTES
from adscan.scan.inputs.gather import Found, gather
from adscan.scan.inputs.inside import expand
from adscan.scan.inputs.seen import Seen
from adscan.scan.inputs.tar_again import read_again
from adscan.scan.inputs.tar_stream import UNREADABLE, extracted, infos, opened
from adscan.settings import Limits


@dataclass(frozen=True)
class TarMember:
    """A file in a TAR archive: its bytes, or where they lie in an archive that is not packed."""

    archive: Place
    path: str
    size: int
    limits: Limits
    offset: int = 0
    data: bytes | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """As shown to the user."""
        return f"{self.archive.name}!/{shown(self.path)}"

    def open(self) -> BinaryIO:
        """Its bytes as a stream in memory. Raises InputError."""
        return BytesIO(self.read())

    def read(self) -> bytes:
        """Its bytes. Raises DamagedFile, TooLarge."""
        bounds.check("文件", self.size, "字节", self.limits, "max_file_bytes")
        data = self._first(self.size)
        if len(data) != self.size:
            raise DamagedFile("压缩包不完整，这个文件读不全", hint="请重新下载或重新打包")
        return data

    def head(self) -> bytes:
        """Its first bytes. Raises DamagedFile."""
        return self._first(min(self.size, HEAD_BYTES))

    def _first(self, size: int) -> bytes:
        if self.data is not None:
            return self.data[:size]
        with self.archive.open() as stream:
            stream.seek(self.offset)
            return stream.read(size)

    def beside(self, name: str) -> bytes | None:
        """Another member below this one's folder; None if there is none."""
        folder = posixpath.dirname(posixpath.normpath(self.path))
        target = posixpath.normpath(posixpath.join(folder, name.replace("\\", "/")))
        if folder and not target.startswith(folder + "/"):
            return None
        return read_again(self.archive, target, self.limits)

    def source(self) -> Source:
        """The record of it."""
        return Source(self.name, self.read, self.beside)


def read_tar(place: Place, options: InputOptions) -> Iterator[Entry]:
    """See Input."""
    lost: list[Entry] = []
    yield from gather(_found(place, options, lost), f"{place.name}!/", options)
    yield from lost


def _found(place: Place, options: InputOptions, lost: list[Entry]) -> Iterator[Found | Entry]:
    """Every file; into `lost`, what an archive that is not whole has lost."""
    seen = Seen()
    number = 0
    try:
        for info, data in _walk(place, options.limits):
            number += 1
            path = posixpath.normpath(info.name).lstrip("/")
            name = f"{info.name}@{number}" if seen.before(info.name) else info.name
            member = TarMember(place, name, info.size, options.limits, info.offset_data)
            if isinstance(data, InputError):
                yield Found(path, member.name, data)
            elif data is None:
                yield from expand(member, path, options, member.head)
            else:
                held = replace(member, data=data)
                yield from expand(held, path, options, held.head, held_bytes=len(data))
    except UNREADABLE:
        said = f"压缩包在第 {number} 个文件之后中断或损坏，后面的内容读不到"
        hint = "请重新下载或重新打包；前面的文件已照常扫描"
        lost.append(Entry(place.name, trouble=DamagedFile(said, hint=hint)))


def _walk(
    place: Place, limits: Limits
) -> Iterator[tuple[tarfile.TarInfo, bytes | InputError | None]]:
    """Each member that is no folder: its bytes, None if they can be read later, or its trouble."""
    with opened(place) as (tar, later):
        for info in infos(tar):
            if info.isdir():
                continue
            yield info, _bytes_of(tar, info, limits, later)


def _bytes_of(
    tar: tarfile.TarFile, info: tarfile.TarInfo, limits: Limits, later: bool
) -> bytes | InputError | None:
    if not info.isfile():
        return DamagedFile("这一项是链接或设备，不是普通文件", hint="请解压后扫描解压出的文件夹")
    try:
        bounds.check("文件", info.size, "字节", limits, "max_file_bytes")
    except TooLarge as error:
        return error
    if later and not info.issparse():
        return None
    return extracted(tar, info)
