"""Where a source's bytes lie: on disk, in an archive, or in memory; each can be read again."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from adscan.errors import DamagedFile
from adscan.ingest import bounds
from adscan.ingest.archive import Archive, Entry
from adscan.records.ad import Source
from adscan.settings import Limits

_DRIVE = re.compile(r"[A-Za-z]:")
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def shown(name: str) -> str:
    """A name safe to print: no control, direction or broken characters."""
    return _UNPRINTABLE.sub("\ufffd", name)


@dataclass(frozen=True)
class DiskFile:
    """A file named by its path."""

    path: Path
    limits: Limits

    @property
    def name(self) -> str:
        """As shown to the user."""
        return shown(str(self.path))

    def open(self) -> BinaryIO:
        """The file as a stream. Raises DamagedFile."""
        try:
            return self.path.open("rb")
        except OSError as error:
            raise cannot_open(error) from error

    def read(self) -> bytes:
        """The whole file. Raises DamagedFile, TooLarge (before reading)."""
        with self.open() as stream:
            try:
                bounds.check(
                    "文件", self.path.stat().st_size, "字节", self.limits, "max_file_bytes"
                )
                data = stream.read(self.limits.max_file_bytes + 1)
            except OSError as error:
                raise cannot_open(error) from error
        bounds.check("文件", len(data), "字节", self.limits, "max_file_bytes")
        return data

    def beside(self, name: str) -> bytes | None:
        """A file below this one's folder; None if there is none or `name` leads out of it."""
        name = name.replace("\\", "/")
        if not name or name.startswith("/") or _DRIVE.match(name) or "\x00" in name:
            return None
        try:
            folder = self.path.parent.resolve()
            target = (folder / name).resolve()
            if not target.is_relative_to(folder) or not target.is_file():
                return None
        except (OSError, RuntimeError):  # a name too long, a loop of links
            return None
        return DiskFile(target, self.limits).read()

    def source(self) -> Source:
        """The record of it."""
        return Source(self.name, self.read, self.beside)


@dataclass(frozen=True)
class Member:
    """A file in an archive."""

    container: str  # the archive's own shown name
    archive: Archive
    entry: Entry
    siblings: dict[str, Entry] = field(repr=False, compare=False)  # by normalised path

    @property
    def name(self) -> str:
        """As shown to the user; a path that leads out is shown, and leads nowhere."""
        return f"{self.container}!/{shown(self.entry.name)}"

    def open(self) -> BinaryIO:
        """The member as a seekable stream in memory. Raises InputError."""
        return BytesIO(self.read())

    def read(self) -> bytes:
        """The member's bytes. Raises InputError."""
        return self.archive.read(self.entry)

    def beside(self, name: str) -> bytes | None:
        """Another member below this one's folder; None if there is none."""
        folder = posixpath.dirname(posixpath.normpath(self.entry.name))
        target = posixpath.normpath(posixpath.join(folder, name.replace("\\", "/")))
        inside = not folder or target.startswith(folder + "/")
        if not inside or target.startswith(("/", "../")) or target not in self.siblings:
            return None
        return self.archive.read(self.siblings[target])

    def source(self) -> Source:
        """The record of it."""
        return Source(self.name, self.read, self.beside)


@dataclass(frozen=True)
class InMemory:
    """Bytes that came without a file."""

    name: str
    data: bytes = field(repr=False)

    def open(self) -> BinaryIO:
        """The bytes as a stream."""
        return BytesIO(self.data)

    def read(self) -> bytes:
        """The bytes."""
        return self.data

    def beside(self, name: str) -> bytes | None:
        """Nothing lies beside."""
        return None

    def source(self) -> Source:
        """The record of it."""
        return Source(self.name, self.read, self.beside)


Location = DiskFile | Member | InMemory


def cannot_open(error: OSError) -> DamagedFile:
    """Why the system would not open a path, in Chinese."""
    match error:
        case FileNotFoundError():
            return DamagedFile("找不到这个文件或文件夹", hint="请检查路径是否写对")
        case PermissionError():
            return DamagedFile("没有读取权限", hint="请修改权限，或换一个有权限的账户运行")
        case _:
            return DamagedFile(f"打不开：{error.strerror or error}", hint="请检查路径和磁盘")
