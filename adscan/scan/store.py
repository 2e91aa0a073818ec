"""The result folder's Parquet files: rows gather in the journal's spool until a file is full.

A file is written beside its name, synced and renamed; only then does the journal say that it
stands. What is found without the journal knowing it was cut off on the way, and is removed.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adscan.scan.journal import Journal, StoredAt
from adscan.scan.recipe import Edition
from adscan.scan.tables import TABLES
from adscan.scan.task import Row, Rows

FILE_ADS = 20_000  # rows of `ads` in one file
FILE_BYTES = 48_000_000  # of its spool, compressed: posters fill a file sooner
GROUP_ROWS = 500  # of `readings` and `parts`, which are looked up one at a time
BY_ONE = ("readings", "parts")
_OURS = re.compile(r"[a-z]+-\d{6}\.(?:parquet|part)")
_IPC = pa.ipc.IpcWriteOptions(compression="zstd")


class Store:
    """Writes rows of one edition; looks readings up."""

    def __init__(
        self, folder: Path, journal: Journal, edition: Edition, file_ads: int = FILE_ADS
    ) -> None:
        self.folder = folder
        self._journal = journal
        self._edition = edition
        self._file_ads = file_ads
        self._rows: dict[str, list[Row]] = {name: [] for name in TABLES}
        self._written: Counter[str] = Counter()  # rows of the open file
        self._bytes = 0
        self._batches: list[tuple[int, int, int]] = []  # reading and part rows before, place
        self._clear_away()
        self.current = {n for n, made_by, _, _ in journal.files() if made_by == edition}
        self._open = self._reopen()
        self._group = lru_cache(maxsize=8)(self._read_group)

    @property
    def file(self) -> int:
        """Number of the file that new rows go to."""
        return self._open

    def add(self, table: str, row: Row) -> None:
        """A row for the open file; safe after the next commit."""
        self._rows[table].append(row)
        self._written[table] += 1

    def place_of_next(self) -> tuple[int, int]:
        """Where the next rows of `readings` and `parts` will stand in the open file."""
        return self._written["readings"], self._written["parts"]

    def commit(self) -> None:
        """Make everything so far permanent; close the file if it is full."""
        streams = {name: _pack(name, rows) for name, rows in self._rows.items() if rows}
        if streams:
            before = [self._written[name] - len(self._rows[name]) for name in BY_ONE]
            self._batches.append((before[0], before[1], self._journal.add_to_spool(streams)))
            self._bytes += sum(map(len, streams.values()))
            for rows in self._rows.values():
                rows.clear()
        self._journal.commit()
        if self._written["ads"] >= self._file_ads or self._bytes >= FILE_BYTES:
            self.close_file()

    def close_file(self) -> None:
        """Write the open file's tables and begin another. Everything must be committed."""
        for name in TABLES:
            table = _table(name, self._journal.spooled(name))
            if table.num_rows:
                self._write(name, self._open, table)
        self._journal.close_file(self._open)
        self._open = self._begin()
        self._journal.commit()

    def reading(self, at: StoredAt) -> Rows:
        """The rows of `readings` and `parts` of one reading that `holds`."""
        if at.file == self._open:
            batch = bisect_right(self._batches, at.row, key=itemgetter(0)) - 1
            readings, parts, place = self._batches[batch]
            return {
                "readings": self._spooled("readings", place, at.row - readings, 1),
                "parts": self._spooled("parts", place, at.part_row - parts, at.parts),
            }
        return {
            "readings": self._slice("readings", at.file, at.row, 1),
            "parts": self._slice("parts", at.file, at.part_row, at.parts),
        }

    def ads(self, number: int) -> Iterator[Row]:
        """The ads of a closed file, in order."""
        path = self._path("ads", number)
        if path.is_file():
            for batch in pq.ParquetFile(path).iter_batches(1000):
                yield from batch.to_pylist()

    def holds(self, at: StoredAt) -> bool:
        """Whether a reading can be looked up; one of this very moment must be committed first."""
        spooled = self._written["readings"] - len(self._rows["readings"])
        return at.file != self._open or at.row < spooled

    def tidy(self) -> None:
        """Rewrite closed files without the rows that a later one took the place of.

        Reviews that no ad has any more are forgotten first: a file that is cut off on the way then
        holds too much, never too little, and is still marked.
        """
        dirty = [
            number for number, _, closed, is_dirty in self._journal.files() if closed and is_dirty
        ]
        for number in dirty:
            self._rewrite("ads", "ad_id", number, partial(self._last_rows, number))
        mine = {number: self._reviews_of(number) for number in dirty}
        named = self._named(set().union(*mine.values()))
        for number in dirty:
            for review_id in mine[number] - named:
                self._journal.forget_review(review_id)
        self._journal.commit()
        for number in dirty:
            kept = mine[number] & named
            self._rewrite("findings", "review_id", number, partial(_among, kept))
            self._journal.mark_clean(number)
        self._stamp_empty_files()
        self._journal.commit()

    def _stamp_empty_files(self) -> None:
        """Files of another edition without any verdict left are as good as of this one."""
        empty = [
            number
            for number, made_by, closed, _ in self._journal.files()
            if closed and made_by != self._edition and not self._path("ads", number).is_file()
        ]
        if empty:
            self._journal.forget_reviews_of(empty)
        for number in empty:
            self._journal.restamp(number, self._edition)

    def _last_rows(self, number: int, ad_ids: Sequence[str]) -> list[bool]:
        """Which rows are the last of their ad, and it has none in a later file."""
        last = {ad_id: at for at, ad_id in enumerate(ad_ids)}
        known = map(self._journal.ad, ad_ids)
        return [
            one is not None and one.file == number and last[ad_id] == at
            for at, (ad_id, one) in enumerate(zip(ad_ids, known, strict=True))
        ]

    def _reviews_of(self, number: int) -> set[str]:
        """Reviews whose findings stand in this file and in no later one."""
        path = self._path("findings", number)
        if not path.is_file():
            return set()
        ids = set(pq.read_table(path, columns=["review_id"])["review_id"].to_pylist())
        return {review_id for review_id in ids if self._journal.file_of_review(review_id) == number}

    def _named(self, review_ids: set[str]) -> set[str]:
        """Those that an ad has."""
        wanted, named = pa.array(sorted(review_ids), pa.string()), set()
        for path in sorted((self.folder / "ads").glob("*.parquet")) if review_ids else ():
            column = pq.read_table(path, columns=["review_id"])["review_id"]
            named.update(column.filter(pc.is_in(column, wanted)).to_pylist())
        return named

    def _rewrite(
        self, name: str, key: str, number: int, which: Callable[[Sequence[str]], list[bool]]
    ) -> None:
        path = self._path(name, number)
        if not path.is_file():
            return
        table = pq.read_table(path)
        kept = table.filter(pa.array(which(table[key].to_pylist()), pa.bool_()))
        if kept.num_rows:
            self._write(name, number, kept)
        else:
            path.unlink()
            sync_folder(path.parent)

    def _spooled(self, name: str, place: int, first: int, count: int) -> list[Row]:
        stream = self._journal.spooled_at(name, place)
        rows: list[Row] = _unpack(stream).slice(first, count).to_pylist() if stream else []
        return rows

    def _slice(self, name: str, number: int, first: int, count: int) -> list[Row]:
        rows: list[Row] = []
        while count > 0:
            group, at = divmod(first, GROUP_ROWS)
            table = self._group(name, number, group)
            piece = table.slice(at, count).to_pylist()
            rows += piece
            first, count = first + len(piece), count - len(piece)
        return rows

    def _read_group(self, name: str, number: int, group: int) -> pa.Table:
        return pq.ParquetFile(self._path(name, number)).read_row_group(group)

    def _reopen(self) -> int:
        """The file that was being filled; one of another edition is closed first."""
        for number, made_by, closed, _ in self._journal.files():
            if closed:
                continue
            self._open = number
            self._recount()
            if made_by == self._edition:
                return number
            self.close_file()
            return self._open
        number = self._begin()
        self._journal.commit()
        return number

    def _recount(self) -> None:
        """What the spool holds, after a run that was cut off."""
        for place in self._journal.places_in_spool():
            self._batches.append((self._written["readings"], self._written["parts"], place))
            for name in TABLES:
                stream = self._journal.spooled_at(name, place)
                if stream:
                    self._written[name] += _unpack(stream).num_rows
                    self._bytes += len(stream)

    def _begin(self) -> int:
        self._written.clear()
        self._batches.clear()
        self._bytes = 0
        number = self._journal.open_file(self._edition)
        self.current.add(number)
        return number

    def _clear_away(self) -> None:
        """Files that the journal does not know, from a run that was cut off while writing."""
        standing = {number for number, _, closed, _ in self._journal.files() if closed}
        for name in TABLES:
            (self.folder / name).mkdir(exist_ok=True)
            known = {self._path(name, number) for number in standing}
            for path in (self.folder / name).iterdir():
                if _OURS.fullmatch(path.name) and path not in known:
                    path.unlink()

    def _path(self, name: str, number: int) -> Path:
        return self.folder / name / f"{name}-{number:06d}.parquet"

    def _write(self, name: str, number: int, table: pa.Table) -> None:
        rows = GROUP_ROWS if name in BY_ONE else None
        write_table(table, self._path(name, number), rows)


def _among(wanted: set[str], ids: Sequence[str]) -> list[bool]:
    return [one in wanted for one in ids]


def write_table(table: pa.Table, path: Path, row_group_size: int | None = None) -> None:
    """A Parquet file that is there whole or not at all, whatever happens."""
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        pq.write_table(
            table, file, compression="zstd", row_group_size=row_group_size, store_schema=True
        )
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder last through a loss of power, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _pack(name: str, rows: list[Row]) -> bytes:
    table = pa.Table.from_pylist(rows, TABLES[name])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_IPC) as writer:
        writer.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _unpack(stream: bytes) -> pa.Table:
    return pa.ipc.open_stream(stream).read_all()


def _table(name: str, streams: Iterator[bytes]) -> pa.Table:
    tables = [_unpack(stream) for stream in streams]
    return pa.concat_tables(tables) if tables else TABLES[name].empty_table()
