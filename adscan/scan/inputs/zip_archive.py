"""ZIP archives: members found through the archive's directory, read later by their offsets."""

from __future__ import annotations

import bz2
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import BinaryIO

from adscan.errors import DamagedFile, InputError, SetupError, TooLarge, UnsupportedFormat
from adscan.ingest import bounds
from adscan.ingest.archive import Budget, zip_name
from adscan.ingest.locations import DiskFile, shown
from adscan.records.ad import Source
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions, Place
from adscan.scan.inputs import HEAD_BYTES
from adscan.scan.inputs.ad_folder import METADATA
from adscan.scan.inputs.gather import Found, gather
from adscan.scan.inputs.inside import expand
from adscan.settings import Limits

_RATIO_COUNTS_FROM_BYTES = 5_000_000  # below, a high ratio is a flat picture or an empty table
_ENCRYPTED = 0x1  # ZIP general purpose flags, APPNOTE 4.4.4
_HEAD_PACKED_BYTES = 2 * HEAD_BYTES
_LOCAL_MARK = b"PK\x03\x04"
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # APPNOTE 4.3.7: mark, lengths of name and extra field


@dataclass(frozen=True)
class ZipMember:
    """A file in a ZIP archive; small to send to another process, read without the directory."""

    archive: Place
    path: str
    offset: int  # of its local header
    packed_bytes: int
    size: int  # bytes unpacked
    method: int
    crc: int
    limits: Limits

    @property
    def name(self) -> str:
        """As shown to the user."""
        return f"{self.archive.name}!/{shown(self.path)}"

    def open(self) -> BinaryIO:
        """Its bytes as a stream in memory. Raises InputError."""
        return BytesIO(self.read())

    def read(self) -> bytes:
        """Its bytes. Raises DamagedFile, TooLarge, UnsupportedFormat."""
        bounds.check("文件", self.size, "字节", self.limits, "max_file_bytes")
        data = self._unpacked(self.packed_bytes, self.size + 1)
        if len(data) != self.size or zlib.crc32(data) != self.crc:
            raise _broken_member()
        return data

    def head(self) -> bytes:
        """Its first bytes, unchecked. Raises DamagedFile, UnsupportedFormat."""
        packed = self.packed_bytes if self.method == zipfile.ZIP_BZIP2 else _HEAD_PACKED_BYTES
        return self._unpacked(min(packed, self.packed_bytes), HEAD_BYTES)

    def _unpacked(self, packed_bytes: int, most: int) -> bytes:
        with _stream_of(self.archive) as stream:
            try:
                stream.seek(self.offset)
                header = stream.read(_LOCAL_HEADER.size)
                mark, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
                stream.seek(name_bytes + extra_bytes, 1)
                if mark != _LOCAL_MARK:
                    raise _broken_member()
                return _unpacked(stream.read(packed_bytes), self.method, most)
            except (OSError, EOFError, struct.error, zlib.error, ValueError) as error:
                raise _broken_member() from error

    def beside(self, name: str) -> bytes | None:
        """Another member below this one's folder; None if there is none."""
        folder = posixpath.dirname(posixpath.normpath(self.path))
        target = posixpath.normpath(posixpath.join(folder, name.replace("\\", "/")))
        if folder and not target.startswith(folder + "/"):
            return None
        sibling = _members_by_path(self.archive, self.limits).get(target)
        return sibling.read() if sibling else None

    def source(self) -> Source:
        """The record of it."""
        return Source(self.name, self.read, self.beside)


def read_zip(place: Place, options: InputOptions) -> Iterator[Entry]:
    """See Input. Members come in order of names, so that folders stay together."""
    with place.open() as stream, _directory_of(stream, place) as opened:
        found = _found(opened, place, options)
        yield from gather(found, f"{place.name}!/", options)


def _directory_of(stream: BinaryIO, place: Place) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise SetupError(
            f"{place.name} 不是完整的 ZIP 压缩包", hint="请重新下载或重新打包"
        ) from error


def _found(opened: zipfile.ZipFile, place: Place, options: InputOptions) -> Iterator[Found | Entry]:
    infos = sorted((one for one in opened.infolist() if not one.is_dir()), key=_in_order)
    if not isinstance(place, DiskFile):  # an archive named by the user may hold any number
        budget = Budget(options.limits)
        for info in infos:
            budget.spend(info.file_size)
    before, copies = "", 0
    for info in infos:
        name = zip_name(info)
        copies = copies + 1 if name == before else 0
        before = name
        member = _member(info, f"{name}@{copies + 1}" if copies else name, place, options.limits)
        path = posixpath.normpath(name).lstrip("/")
        trouble = _trouble(info, options.limits)
        if trouble:
            yield Found(path, member.name, trouble)
        else:
            yield from expand(member, path, options, member.head)


def _in_order(info: zipfile.ZipInfo) -> list[str]:
    """Names in order, each folder's metadata file before its other files."""
    *folders, name = zip_name(info).split("/")
    return [*folders, "" if name.lower() in METADATA else name]


def _member(info: zipfile.ZipInfo, path: str, place: Place, limits: Limits) -> ZipMember:
    return ZipMember(
        archive=place,
        path=path,
        offset=info.header_offset,
        packed_bytes=info.compress_size,
        size=info.file_size,
        method=info.compress_type,
        crc=info.CRC,
        limits=limits,
    )


def _trouble(info: zipfile.ZipInfo, limits: Limits) -> InputError | None:
    """Why a member must not or cannot be unpacked."""
    if info.flag_bits & _ENCRYPTED:
        return DamagedFile("压缩包内的文件设有密码", hint="请解压后扫描解压出的文件夹")
    try:
        bounds.check("文件", info.file_size, "字节", limits, "max_file_bytes")
    except TooLarge as error:
        return error
    ratio = info.file_size / max(1, info.compress_size)
    if info.file_size > _RATIO_COUNTS_FROM_BYTES and ratio > limits.max_archive_ratio:
        return TooLarge(
            f"压缩比达到 {ratio:,.0f} 倍，超过上限 {limits.max_archive_ratio:,.0f} 倍，"
            "可能是压缩炸弹",
            hint="确认安全后可解压再扫描，或调大设置 ADSCAN_LIMITS__MAX_ARCHIVE_RATIO",
        )
    return None


def _stream_of(archive: Place) -> BinaryIO:
    if isinstance(archive, DiskFile):
        return archive.open()
    return BytesIO(_unpacked_archive(archive))


@lru_cache(maxsize=1)
def _unpacked_archive(archive: Place) -> bytes:
    """An archive inside an archive, while its members are read one after the other."""
    with archive.open() as stream:
        return stream.read()


@lru_cache(maxsize=1)
def _members_by_path(archive: Place, limits: Limits) -> dict[str, ZipMember]:
    """All members of an archive that has web pages, while the pages are read."""
    with _stream_of(archive) as stream, _directory_of(stream, archive) as opened:
        return {
            posixpath.normpath(name): _member(info, name, archive, limits)
            for info in opened.infolist()
            if not info.is_dir() and not _trouble(info, limits)
            for name in (zip_name(info),)
        }


def _unpacked(packed: bytes, method: int, most: int) -> bytes:
    """At most so many bytes. Raises UnsupportedFormat, and what the libraries raise."""
    match method:
        case zipfile.ZIP_STORED:
            return packed[:most]
        case zipfile.ZIP_DEFLATED:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
        case zipfile.ZIP_BZIP2:
            return bz2.BZ2Decompressor().decompress(packed, most)
        case _:
            raise UnsupportedFormat("压缩包用了不支持的压缩方法", hint="请解压，或改存为普通 ZIP")


def _broken_member() -> DamagedFile:
    return DamagedFile("压缩包内的这个文件已损坏，读不出", hint="请重新下载或重新打包")
