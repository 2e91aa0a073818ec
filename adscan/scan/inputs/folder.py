"""Folders and single files on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from adscan.errors import DamagedFile, InputError, SetupError
from adscan.ingest.locations import DiskFile, cannot_open, shown
from adscan.ingest.saved_pages import is_system_file
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions, Place
from adscan.scan.inputs.ad_folder import METADATA
from adscan.scan.inputs.gather import Found, gather
from adscan.scan.inputs.inside import expand


def read_folder(place: Place, options: InputOptions) -> Iterator[Entry]:
    """See Input. A folder comes in order of names; tables and archives in it are read as such."""
    assert isinstance(place, DiskFile)
    if not place.path.is_dir():
        yield Entry(place.name, (place.source(),))
        return
    root = place.path
    try:
        os.scandir(root).close()
    except OSError as error:
        trouble = cannot_open(error)
        raise SetupError(f"{place.name}：{trouble.message}", hint=trouble.hint) from error
    empty = True
    for entry in gather(_walk(root, root, options), place.name, options):
        empty = False
        yield entry
    if empty:
        raise SetupError(f"{place.name} 里没有可扫描的文件", hint="请确认路径是否写对")


def _walk(folder: Path, root: Path, options: InputOptions) -> Iterator[Found | Entry]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=_in_order)
    except OSError as error:
        yield Entry(shown(str(folder)), trouble=cannot_open(error))
        return
    for entry in entries:
        path = Path(entry.path)
        if is_system_file(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, root, options)
        elif path.is_file():
            yield from expand(
                DiskFile(path, options.limits), path.relative_to(root).as_posix(), options
            )
        else:
            yield _refused(path)


def _in_order(entry: os.DirEntry[str]) -> tuple[bool, str]:
    """By name, the folder's metadata file first."""
    return entry.name.lower() not in METADATA, entry.name


def _refused(path: Path) -> Entry:
    error: InputError
    if path.is_dir():
        error = DamagedFile("是指向文件夹的链接，没有进入", hint="如需扫描请直接给出该文件夹")
    else:
        error = DamagedFile("不是普通文件（管道、设备或失效的链接）", hint="请改为普通文件再扫描")
    return Entry(shown(str(path)), trouble=error)
