"""Pictures as tables give them: paths, addresses, bytes; each becomes a source."""

from __future__ import annotations

import json
import math
import ntpath
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adscan.errors import DamagedFile
from adscan.ingest.locations import DiskFile, InMemory, shown
from adscan.ingest.page.resources import data_of
from adscan.records.ad import Source
from adscan.scan.input import Place
from adscan.settings import Limits

_ADDRESS = re.compile(r"(?:https?:)?//|ftp:", re.IGNORECASE)
_SEPARATORS = re.compile(r"[;；\n]")

FindPicture = Callable[[str], Source]  # from a path as written to its file


@dataclass(frozen=True)
class Unreadable:
    """A file that the archive names and that cannot be read."""

    name: str
    message: str
    hint: str

    def read(self) -> bytes:
        """Raises DamagedFile."""
        raise DamagedFile(self.message, hint=self.hint)

    def beside(self, name: str) -> bytes | None:
        """Nothing lies beside."""
        return None

    def source(self) -> Source:
        """The record of it."""
        return Source(self.name, self.read, self.beside)


@dataclass(frozen=True)
class PictureFolder:
    """The folder where the picture paths of a table begin; none of them may lead out of it."""

    root: Path
    limits: Limits

    def find(self, path: str) -> Source:
        """The file of a path, not yet looked for."""
        if _ADDRESS.match(path):
            return _not_fetched(path)
        inside = self._inside(path)
        if inside is None:
            message = f"图片路径“{path[:200]}”指到了文件夹 {shown(str(self.root))} 之外，没有读取"
            return Unreadable(
                shown(path), message, "请用 --image-root 指明图片所在的文件夹"
            ).source()
        return DiskFile(self.root / inside, self.limits).source()

    def _inside(self, path: str) -> str | None:
        given = path.replace("\\", "/")
        root = self.root.absolute().as_posix().rstrip("/") + "/"
        if given.startswith(root):
            given = given[len(root) :]
        normal = posixpath.normpath(given)
        leads_out = normal.startswith(("/", "../")) or normal in (".", "..") or "\x00" in normal
        return None if leads_out or ntpath.splitdrive(normal)[0] else normal


@dataclass(frozen=True)
class PackedPictures:
    """The pictures that lie beside a table inside an archive."""

    table: Place

    def find(self, path: str) -> Source:
        """The file of a path, not yet looked for."""
        return _not_fetched(path) if _ADDRESS.match(path) else _Packed(self.table, path).source()


@dataclass(frozen=True)
class _Packed:
    table: Place
    path: str

    def read(self) -> bytes:
        beside = getattr(self.table, "beside", _nothing)(self.path)
        if beside is None:
            raise DamagedFile(
                f"压缩包里没有图片“{self.path[:200]}”", hint="图片路径从表格所在的文件夹算起"
            )
        return bytes(beside)

    def source(self) -> Source:
        folder = self.table.name.rpartition("/")[0]
        return Source(f"{folder}/{shown(self.path)}", self.read, _nothing)


def _nothing(name: str) -> bytes | None:
    return None


def _not_fetched(address: str) -> Source:
    message = f"图片是网址（{address[:200]}），adscan 不联网下载"
    hint = "请先下载到文件夹，再把路径写进表里，用 --image-root 指明文件夹"
    return Unreadable(shown(address), message, hint).source()


def picture_sources(cell: Any, row: str, find: FindPicture) -> tuple[Source, ...]:
    """The pictures of one cell in order; `row` is the ad's name. Empty cell: none."""
    return tuple(
        _source(one, f"{row}/image-{number}", find)
        for number, one in enumerate(_several(cell), start=1)
    )


def _source(given: Any, name: str, find: FindPicture) -> Source:
    match given:
        case bytes() | bytearray() | memoryview():
            return InMemory(name, bytes(given)).source()
        case {"bytes": bytes() as data}:  # as data sets of pictures keep them
            return InMemory(name, data).source()
        case {"path": str() as path}:
            return find(path)
        case str() if given[:5].lower() == "data:":
            carried = data_of(given)
            if carried:
                return InMemory(name, carried).source()
            return Unreadable(name, "data: 地址里的图片不完整", "请重新导出这一行").source()
        case str():
            return find(given)
        case _:
            kind = type(given).__name__
            message = f"图片列里是 {kind}，不是路径、网址或图片数据"
            return Unreadable(name, message, "请用 --columns image=列名 指明图片列").source()


def _several(cell: Any) -> Iterator[Any]:
    match cell:
        case None:
            return
        case float() if math.isnan(cell):
            return
        case list() | tuple():
            yield from (one for one in cell if one not in (None, "", b""))
        case bytes() | bytearray() | memoryview():
            if len(cell):
                yield cell
        case str():
            yield from _several_written(cell.strip())
        case _:
            yield cell


def _several_written(cell: str) -> Iterator[Any]:
    if cell.startswith("["):
        try:
            listed = json.loads(cell)
        except ValueError:
            listed = None  # a file name may begin with a bracket
        if isinstance(listed, list):
            yield from (one for one in listed if one)
            return
    if cell[:5].lower() == "data:":
        yield cell
        return
    yield from (part.strip() for part in _SEPARATORS.split(cell) if part.strip())
