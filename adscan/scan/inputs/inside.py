"""A file met inside a folder or archive: an ad, or a table or archive whose ads come instead."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Protocol

from adscan.errors import DamagedFile, InputError, SetupError, TooLarge
from adscan.records.ad import Source
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions, Place
from adscan.scan.inputs import input_named, kind_inside
from adscan.scan.inputs.ad_folder import METADATA
from adscan.scan.inputs.gather import Found


class File(Place, Protocol):
    """A place that may be an ad itself."""

    def source(self) -> Source:
        """It as a file of an ad."""
        ...


def expand(
    file: File,
    path: str,
    options: InputOptions,
    head: Callable[[], bytes] | None = None,
    held_bytes: int = 0,
) -> Iterator[Found | Entry]:
    """The file as found at `path`, or the ads in it.

    `head` gives its first bytes where that is cheaper than to open it; `held_bytes` is what its
    source carries along.
    """
    try:
        is_metadata = posixpath.basename(path).lower() in METADATA
        kind = None if is_metadata else kind_inside(file, head() if head else None)
        if kind is None or kind == "sqlite":
            yield Found(path, file.name, file.source(), held_bytes)
            return
        if kind in ("zip", "tar") and _depth(file) >= options.limits.max_archive_depth:
            raise TooLarge(
                f"压缩包嵌套超过 {options.limits.max_archive_depth} 层",
                hint="请先解压内层，或调大设置 ADSCAN_LIMITS__MAX_ARCHIVE_DEPTH",
            )
        yield from input_named(kind)(file, options)
    except SetupError as error:  # it costs this file only: the user named what it lies in
        yield Entry(file.name, trouble=DamagedFile(error.message, hint=error.hint))
    except InputError as error:
        yield Found(path, file.name, error)


def _depth(file: Place) -> int:
    """How many archives lie around a file."""
    around: Place | None = getattr(file, "archive", None)
    return 1 + _depth(around) if around is not None else 0
