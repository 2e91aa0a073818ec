"""ZIP and TAR files as containers: what is in them, read one member at a time, nothing unpacked."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO

from adscan.errors import DamagedFile, InputError, TooLarge, UnsupportedFormat
from adscan.ingest import bounds
from adscan.ingest.sniff import FileKind
from adscan.settings import Limits

Opener = Callable[[], BinaryIO]  # the archive's bytes as a seekable stream, opened anew

# Below this a high ratio is a flat picture or an empty table, not a bomb; the total still counts.
_RATIO_COUNTS_FROM_BYTES = 5_000_000
_ENCRYPTED = 0x1  # ZIP general purpose flags, APPNOTE 4.4.4
_UTF8_NAME = 0x800


@dataclass(frozen=True)
class Entry:
    """One member that is a file."""

    name: str  # with '/' between folders
    index: int  # position among all members
    size: int  # bytes unpacked, as the archive says
    trouble: str = ""  # why it cannot be read; empty if it can


@dataclass
class Budget:
    """What a whole tree of nested archives has used up of the limits."""

    limits: Limits
    files: int = 0
    unpacked_bytes: int = 0

    def spend(self, size: int) -> None:
        """Count one more member. Raises TooLarge."""
        self.files += 1
        self.unpacked_bytes += size
        bounds.check("压缩包内", self.files, "个文件", self.limits, "max_archive_files")
        bounds.check("解压后", self.unpacked_bytes, "字节", self.limits, "max_archive_bytes")


class Archive:
    """One archive. Members are quick to read inside `with`; outside, each read opens it again.

    It can be pickled (without its open stream), so sources may travel to another process.
    """

    def __init__(self, opener: Opener, kind: FileKind, limits: Limits) -> None:
        self._opener = opener
        self._kind = kind
        self._limits = limits
        self._open: _Zip | _Tar | None = None
        self._last: tuple[int, bytes] | None = None  # a member is sniffed first and then read

    def __enter__(self) -> Archive:
        self._open = self._opened()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open:
            self._open.close()
            self._open = self._last = None

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_open": None, "_last": None}

    def entries(self, budget: Budget) -> list[Entry]:
        """Its files, in the archive's order. Raises DamagedFile; TooLarge over the budget."""
        found: list[Entry] = []
        with _Borrowed(self) as opened, _Damage():
            for entry in opened.entries():
                budget.spend(entry.size)
                found.append(entry)
        return found

    def read(self, entry: Entry) -> bytes:
        """One member's bytes. Raises DamagedFile, TooLarge."""
        if entry.trouble:
            raise DamagedFile(entry.trouble, hint="请解压后直接检查该文件")
        if self._last and self._last[0] == entry.index:
            return self._last[1]
        bounds.check("文件", entry.size, "字节", self._limits, "max_file_bytes")
        with _Borrowed(self) as opened, _Damage():
            self._check_ratio(entry, opened.packed_bytes(entry))
            data = opened.read(entry)
        if self._open:
            self._last = (entry.index, data)
        return data

    def _check_ratio(self, entry: Entry, packed: int) -> None:
        ratio = entry.size / max(1, packed)
        if entry.size > _RATIO_COUNTS_FROM_BYTES and ratio > self._limits.max_archive_ratio:
            raise TooLarge(
                f"压缩比达到 {ratio:,.0f} 倍，超过上限 {self._limits.max_archive_ratio:,.0f} 倍，"
                "可能是压缩炸弹",
                hint="确认安全后可解压再检查，或调大设置 ADSCAN_LIMITS__MAX_ARCHIVE_RATIO",
            )

    def _opened(self) -> _Zip | _Tar:
        with _Damage():
            stream = self._opener()
            try:
                if self._kind is FileKind.ZIP:
                    return _Zip(stream)
                return _Tar(stream, self._limits)
            except BaseException:
                stream.close()
                raise


class _Borrowed:
    """The archive's open form: its own inside `with archive`, one for the moment outside."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._own: _Zip | _Tar | None = None

    def __enter__(self) -> _Zip | _Tar:
        if self._archive._open:
            return self._archive._open
        self._own = self._archive._opened()
        return self._own

    def __exit__(self, *_: object) -> None:
        if self._own:
            self._own.close()


class _Damage:
    """Whatever the libraries raise on broken bytes leaves as DamagedFile."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotImplementedError):
            raise UnsupportedFormat(
                "压缩包用了不支持的压缩方法", hint="请解压，或改存为普通 ZIP"
            ) from error
        if isinstance(error, Exception) and not isinstance(error, InputError):
            raise DamagedFile(
                "压缩包已损坏或不完整，读不出其中的文件", hint="请重新下载或重新打包"
            ) from error


class _Zip:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._zip = zipfile.ZipFile(stream)
        self._infos = self._zip.infolist()

    def entries(self) -> Iterator[Entry]:
        for index, info in enumerate(self._infos):
            if not info.is_dir():
                trouble = "压缩包内的文件设有密码" if info.flag_bits & _ENCRYPTED else ""
                yield Entry(zip_name(info), index, info.file_size, trouble)

    def packed_bytes(self, entry: Entry) -> int:
        return self._infos[entry.index].compress_size

    def read(self, entry: Entry) -> bytes:
        return self._zip.read(self._infos[entry.index])

    def close(self) -> None:
        self._zip.close()
        self._stream.close()


class _Tar:
    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._packed_bytes = stream.seek(0, 2)
        stream.seek(0)
        self._tar = tarfile.open(fileobj=stream)  # noqa: SIM115 - closed in close()
        self._infos: list[tarfile.TarInfo] = []  # as far as it has been walked

    def entries(self) -> Iterator[Entry]:
        index = 0
        while (info := self._info(index)) is not None:
            if not info.isdir():
                trouble = "" if info.isfile() else "这一项是链接或设备，不是普通文件"
                yield Entry(info.name, index, info.size, trouble)
            index += 1

    def packed_bytes(self, entry: Entry) -> int:
        return self._packed_bytes  # members are packed together

    def read(self, entry: Entry) -> bytes:
        info = self._info(entry.index)
        stream = self._tar.extractfile(info) if info else None
        if stream is None:
            raise DamagedFile("压缩包内的这一项不是普通文件", hint="请解压后直接检查该文件")
        with stream:
            data = stream.read()
        if len(data) != entry.size:
            raise DamagedFile("压缩包不完整", hint="请重新下载或重新打包")
        return data

    def _info(self, index: int) -> tarfile.TarInfo | None:
        """The member at `index`; the archive is unpacked no further than that."""
        while len(self._infos) <= index:
            info = self._tar.next()
            if info is None:
                self._check_end()
                return None
            self._infos.append(info)
        return self._infos[index]

    def _check_end(self) -> None:
        """An archive ends with zeros; tarfile takes a broken header for an end, too."""
        stream = self._tar.fileobj
        if stream is not None:
            stream.seek(self._tar.offset)
            if stream.read(512).strip(b"\0"):
                raise DamagedFile("压缩包中间已损坏", hint="请重新下载或重新打包")

    def close(self) -> None:
        self._tar.close()
        self._stream.close()


def zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; ZIPs made on Chinese Windows write it in GBK without saying so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename
