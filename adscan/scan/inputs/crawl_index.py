"""What a crawl captured and where it lies: an index in a temporary file, so memory stays flat."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import TracebackType
from urllib.parse import unquote, urldefrag, urljoin

_MOST_HOPS = 5  # of redirects, as browsers allow about twenty and pictures need one or two
_BATCH = 1000
_SCHEMA = """
CREATE TABLE captures (
    number INTEGER PRIMARY KEY, key TEXT, address TEXT, offset INTEGER, kind TEXT, target TEXT,
    day TEXT
);
"""
_COLUMNS = "number, address, offset, kind, target, day"


class Kind(str, Enum):
    """What a record holds."""

    PAGE = "page"
    DOCUMENT = "document"  # PDF, Word: an ad by itself
    RESOURCE = "resource"  # a picture, a style: part of the pages that refer to it
    REDIRECT = "redirect"
    PAGE_AGAIN = "page_again"  # unchanged since an earlier capture, which has the body
    RESOURCE_AGAIN = "resource_again"


_ADS = (Kind.PAGE, Kind.DOCUMENT, Kind.PAGE_AGAIN)
_ELSEWHERE = (Kind.REDIRECT, Kind.PAGE_AGAIN, Kind.RESOURCE_AGAIN)


@dataclass(frozen=True)
class Capture:
    """One record of the crawl."""

    number: int  # from 1
    address: str
    offset: int
    kind: Kind
    target: str = ""  # where a redirect leads, or what has the body
    day: date | None = None  # of the crawl
    copy: int = 1  # how often its address came as an ad by then


def key_of(address: str) -> str:
    """An address as looked up: without scheme and fragment, unquoted."""
    plain = unquote(urldefrag(address.strip())[0])
    return plain.partition("://")[2] or plain


class CrawlIndex:
    """The captures of one WARC; the file goes away with it."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("")  # SQLite's name for a temporary file of its own
        self._base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._pending: list[tuple[object, ...]] = []
        self.size = 0

    def __enter__(self) -> CrawlIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._base.close()

    def add(self, address: str, offset: int, kind: Kind, target: str, day: date | None) -> None:
        """Note a record."""
        self.size += 1
        written = day.isoformat() if day else None
        row = (self.size, key_of(address), address, offset, kind.value, target, written)
        self._pending.append(row)
        if len(self._pending) >= _BATCH:
            self._write()

    def close(self) -> None:
        """No more records come."""
        self._write()
        self._base.execute("CREATE INDEX by_key ON captures (key, number)")

    def drop_last(self, offset: int) -> None:
        """The record at `offset`, the last one, is not whole."""
        dropped = self._base.execute("DELETE FROM captures WHERE offset = ?", (offset,))
        self.size -= dropped.rowcount

    def ads(self) -> Iterator[Capture]:
        """Pages and documents in order of the crawl."""
        kinds = ", ".join(f"'{kind.value}'" for kind in _ADS)
        copies = (
            "SELECT count(*) FROM captures AS other WHERE other.key = captures.key AND "
            f"other.address = captures.address AND other.number <= captures.number "
            f"AND other.kind IN ({kinds})"
        )
        query = f"SELECT {_COLUMNS}, ({copies}) FROM captures WHERE kind IN ({kinds})"
        for row in self._base.execute(f"{query} ORDER BY number"):
            yield _capture(row)

    def find(self, address: str, near: int) -> Capture | None:
        """What has the body of an address: of several captures, the one closest to number `near`.

        Redirects are followed. None if the crawl has none.
        """
        for _ in range(_MOST_HOPS):
            found = self._closest(address, near)
            if found is None or found.kind not in _ELSEWHERE:
                return found
            is_again = found.kind is not Kind.REDIRECT
            address = found.target or found.address
            if is_again:
                return self._closest(address, near, with_body=True)
        return None

    def _closest(self, address: str, near: int, with_body: bool = False) -> Capture | None:
        excluded = ", ".join(f"'{kind.value}'" for kind in _ELSEWHERE)
        only = f" AND kind NOT IN ({excluded})" if with_body else ""
        query = (
            f"SELECT {_COLUMNS}, 1 FROM captures WHERE key = ?{only} "
            "ORDER BY abs(number - ?), number LIMIT 1"
        )
        row = self._base.execute(query, (key_of(address), near)).fetchone()
        return _capture(row) if row else None

    def _write(self) -> None:
        self._base.executemany("INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?)", self._pending)
        self._pending.clear()


def resolved(base: str, address: str) -> str:
    """An address of a page made whole; as it is if it cannot be."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return address


def _capture(row: tuple[int, str, int, str, str, str | None, int]) -> Capture:
    number, address, offset, kind, target, day, copy = row
    parsed = date.fromisoformat(day) if day else None
    return Capture(number, address, offset, Kind(kind), target, parsed, copy)
