"""The contract of a reader: bytes of one kind of file into sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from adscan.records.ad import AdKind, Sheet, Source
from adscan.records.part import Notice
from adscan.settings import Limits


@dataclass(frozen=True)
class Content:
    """What a reader got out of a file."""

    kind: AdKind
    sheets: tuple[Sheet, ...]
    title: str | None = None
    account: str | None = None
    page_date: date | None = None
    notices: tuple[Notice, ...] = ()


class Reader(Protocol):
    """Reads one kind of file."""

    def read(self, data: bytes, source: Source, limits: Limits) -> Content:
        """Sheets and what the file says about itself.

        `source` is for files beside this one (`source.beside`). Something in the file that cannot
        be read becomes a sheet with `unread` or a notice with `unread`, never nothing.

        Raises DamagedFile, TooLarge.
        """
        ...
