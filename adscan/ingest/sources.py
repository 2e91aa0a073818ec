"""From what the user named to single sources: files, folders, and archives inside archives."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adscan.errors import DamagedFile, InputError, TooLarge
from adscan.ingest.archive import Archive, Budget
from adscan.ingest.locations import DiskFile, InMemory, Location, Member, cannot_open, shown
from adscan.ingest.saved_pages import in_page_folder, is_system_file, page_folders
from adscan.ingest.sniff import FileKind, sniff_container
from adscan.records.ad import Source
from adscan.settings import Limits


@dataclass(frozen=True)
class Refused:
    """Something named or found that cannot even be opened."""

    name: str
    error: InputError


def find_sources(paths: Iterable[str | Path], limits: Limits) -> Iterator[Source | Refused]:
    """Every file to read, one at a time: folders in sorted order, archives in their own.

    Consume it as it goes: a member of a packed archive is quick to read while its archive is
    being walked and slow later. Support folders of saved pages and the operating system's own
    files are left out; everything else comes, readable or not.
    """
    for path in paths:
        found = False
        for source in _from_path(Path(path), limits):
            found = True
            yield source
        if not found:
            error = DamagedFile("里面没有可检查的文件", hint="请确认路径是否写对")
            yield Refused(shown(str(path)), error)


def text_source(text: str) -> Source:
    """The text of `--text`. Bytes that the terminal's encoding did not cover come back as bytes."""
    try:
        data = text.encode("utf-8", errors="surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", errors="replace")
    return InMemory("<text>", data).source()


def expand(data: bytes, limits: Limits, name: str = "<stdin>") -> Iterator[Source | Refused]:
    """The sources in bytes that came without a file: one, or an archive's members."""
    yield from _expand(InMemory(name, data), Budget(limits), depth=0)


def _from_path(path: Path, limits: Limits) -> Iterator[Source | Refused]:
    try:
        if path.is_dir():
            yield from _walk(path, limits)
        elif path.exists() and not path.is_file():
            yield from expand(_read_stream(path, limits), limits, shown(str(path)))
        else:
            yield from _expand(DiskFile(path, limits), Budget(limits), depth=0)
    except (OSError, ValueError) as error:  # ValueError: a null character in a path
        trouble = error if isinstance(error, OSError) else OSError(str(error))
        yield Refused(shown(str(path)), cannot_open(trouble))
    except InputError as error:
        yield Refused(shown(str(path)), error)


def _read_stream(path: Path, limits: Limits) -> bytes:
    """A pipe named by the user, such as `<(command)`; never more than a file may have."""
    with path.open("rb") as stream:
        return stream.read(limits.max_file_bytes + 1)


def _walk(folder: Path, limits: Limits) -> Iterator[Source | Refused]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield Refused(shown(str(folder)), cannot_open(error))
        return
    belonging = page_folders(entry.name for entry in entries if not entry.is_dir())
    for entry in entries:
        if is_system_file(entry.name):
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if entry.name.lower() not in belonging:
                yield from _walk(path, limits)
        elif path.is_file():
            yield from _expand(DiskFile(path, limits), Budget(limits), depth=0)
        else:
            yield Refused(shown(entry.path), _no_plain_file(path))


def _no_plain_file(path: Path) -> DamagedFile:
    if path.is_dir():
        return DamagedFile("是指向文件夹的链接，没有进入", hint="如需检查请直接给出该文件夹")
    return DamagedFile("不是普通文件（管道、设备或失效的链接）", hint="请改为普通文件再检查")


def _expand(location: Location, budget: Budget, depth: int) -> Iterator[Source | Refused]:
    """The location itself, or what is in it if it is a container."""
    try:
        kind = _container_kind(location)
        if kind is None:
            yield location.source()
            return
        if depth >= budget.limits.max_archive_depth:
            raise TooLarge(
                f"压缩包嵌套超过 {budget.limits.max_archive_depth} 层",
                hint="请先解压内层，或调大设置 ADSCAN_LIMITS__MAX_ARCHIVE_DEPTH",
            )
        yield from _members(location, kind, budget, depth)
    except InputError as error:
        yield Refused(location.name, error)


def _container_kind(location: Location) -> FileKind | None:
    with location.open() as stream:
        return sniff_container(stream)


def _members(
    location: Location, kind: FileKind, budget: Budget, depth: int
) -> Iterator[Source | Refused]:
    with Archive(location.open, kind, budget.limits) as archive:
        entries = archive.entries(budget)
        siblings = {posixpath.normpath(entry.name): entry for entry in entries}
        belonging = page_folders(siblings)
        for entry in entries:
            if is_system_file(entry.name) or in_page_folder(entry.name, belonging):
                continue
            yield from _expand(Member(location.name, archive, entry, siblings), budget, depth + 1)
