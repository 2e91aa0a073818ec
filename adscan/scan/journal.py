"""The scan's memory on disk: which ads are done, and where their rows are."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import pyarrow as pa

from adscan.scan.recipe import Edition
from adscan.scan.review_rows import SETTLED
from adscan.scan.tables import ADS, TABLES
from adscan.scan.task import Row

# What is not written of a summary: most ads have nothing to tell, and there are millions.
_EMPTY: Row = {name: [] if pa.types.is_list(ADS.field(name).type) else None for name in SETTLED}
_EMPTY |= {"decision": "pass", "risk": 0.0, "finding_count": 0, "unread": False}


@dataclass(frozen=True)
class StoredAt:
    """Where a reading's rows are."""

    file: int
    row: int
    part_row: int
    parts: int


@dataclass(frozen=True)
class KnownAd:
    """An ad that is done."""

    review_id: str
    file: int  # that has its row
    run: int  # that first met it


class Journal:
    """An open journal. Changes are kept by `commit`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def close(self) -> None:
        """Let go of the folder; what was not committed is forgotten."""
        self._sql.rollback()
        self._sql.close()

    def commit(self) -> None:
        """Make everything so far permanent."""
        self._sql.commit()

    def meta(self, key: str) -> str | None:
        """A fact about the folder."""
        row = self._sql.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Note a fact about the folder."""
        self._sql.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # ----------------------------------------------------------------- runs

    def runs(self) -> list[Row]:
        """All runs, oldest first."""
        rows = self._sql.execute("SELECT number, started, finished, counts FROM runs ORDER BY 1")
        return [
            {
                "number": number,
                "started": started,
                "finished": finished,
                **json.loads(counts or "{}"),
            }
            for number, started, finished, counts in rows
        ]

    def begin_run(self, started: str) -> tuple[int, str]:
        """Number and beginning of the run: of the one that was cut off, or of a new one."""
        row = self._sql.execute(
            "SELECT number, started FROM runs WHERE finished IS NULL ORDER BY number DESC"
        ).fetchone()
        if row:
            return row[0], row[1]
        cursor = self._sql.execute("INSERT INTO runs (started) VALUES (?)", (started,))
        return int(cursor.lastrowid or 0), started

    def note_run(self, number: int, counts: Row, finished: str | None = None) -> None:
        """What came of a run so far."""
        self._sql.execute(
            "UPDATE runs SET counts = ?, finished = ? WHERE number = ?",
            (json.dumps(counts), finished, number),
        )

    # ---------------------------------------------------------------- files

    def files(self) -> list[tuple[int, Edition, bool, bool]]:
        """Number, edition, closed, dirty."""
        rows = self._sql.execute("SELECT number, edition, closed, dirty FROM files ORDER BY 1")
        return [(n, Edition(**json.loads(e)), bool(c), bool(d)) for n, e, c, d in rows]

    def open_file(self, edition: Edition) -> int:
        """A new file for rows of this edition; its number is never given again."""
        number = int(self.meta("files") or 0) + 1
        self.set_meta("files", str(number))
        self._sql.execute("INSERT INTO files (number, edition) VALUES (?, '')", (number,))
        self.restamp(number, edition)
        return number

    def restamp(self, number: int, edition: Edition) -> None:
        """The verdicts of a file are those of this edition."""
        self._sql.execute(
            "UPDATE files SET edition = ? WHERE number = ?",
            (json.dumps(asdict(edition), sort_keys=True), number),
        )

    def close_file(self, number: int) -> None:
        """Its Parquet files stand: the spool is no longer needed."""
        self._sql.execute("UPDATE files SET closed = 1 WHERE number = ?", (number,))
        self._sql.execute("DELETE FROM spool")

    def mark_dirty(self, number: int) -> None:
        """Some of its rows are out of date."""
        self._sql.execute("UPDATE files SET dirty = 1 WHERE number = ?", (number,))

    def mark_clean(self, number: int) -> None:
        """Its rows are up to date again."""
        self._sql.execute("UPDATE files SET dirty = 0 WHERE number = ?", (number,))

    def add_to_spool(self, streams: dict[str, bytes]) -> int:
        """One commit's rows of the open file; their place."""
        marks = ", ".join("?" for _ in TABLES)
        cursor = self._sql.execute(
            f"INSERT INTO spool ({', '.join(TABLES)}) VALUES ({marks})",
            [streams.get(name) for name in TABLES],
        )
        return int(cursor.lastrowid or 0)

    def places_in_spool(self) -> list[int]:
        """Of all commits in the spool, in order."""
        return [seq for (seq,) in self._sql.execute("SELECT seq FROM spool ORDER BY seq")]

    def spooled_at(self, table: str, place: int) -> bytes | None:
        """One commit's rows of a table; None if it had none."""
        row = self._sql.execute(f"SELECT {table} FROM spool WHERE seq = ?", (place,)).fetchone()
        return row[0] if row else None

    def spooled(self, table: str) -> Iterator[bytes]:
        """The open file's rows of one table, in order."""
        rows = self._sql.execute(
            f"SELECT {table} FROM spool WHERE {table} IS NOT NULL ORDER BY seq"
        )
        for (stream,) in rows:
            yield stream

    # --------------------------------------------------- ads, reviews, readings

    def meet(self, ad_id: str, review_id: str, run: int) -> bool:
        """Note that the archive has it in this run. False if it has another ad of that name too."""
        key, review = bytes.fromhex(ad_id), bytes.fromhex(review_id)
        met = self._sql.execute("SELECT review_id, run FROM names WHERE ad_id = ?", (key,))
        known = met.fetchone()
        if known == (review, run):
            return True
        if known and known[1] == run:
            return False
        self._sql.execute("INSERT OR REPLACE INTO names VALUES (?, ?, ?)", (key, review, run))
        return True

    def count_absent(self, run: int) -> int:
        """Ads of earlier runs that the archive no longer has in this one."""
        counted = self._sql.execute("SELECT count(*) FROM names WHERE run < ?", (run,))
        return int(counted.fetchone()[0])

    def ad(self, ad_id: str) -> KnownAd | None:
        """What is known of an ad; None if it is not done."""
        row = self._sql.execute(
            "SELECT review_id, file, run FROM ads WHERE ad_id = ?", (bytes.fromhex(ad_id),)
        ).fetchone()
        return KnownAd(row[0].hex(), row[1], row[2]) if row else None

    def put_ad(self, ad_id: str, known: KnownAd) -> None:
        """The ad's row stands there."""
        self._sql.execute(
            "INSERT OR REPLACE INTO ads VALUES (?, ?, ?, ?)",
            (bytes.fromhex(ad_id), bytes.fromhex(known.review_id), known.file, known.run),
        )

    def review(self, review_id: str) -> tuple[int, Row] | None:
        """File of a review's findings, and what the rows of its ads say."""
        row = self._sql.execute(
            "SELECT file, summary FROM reviews WHERE review_id = ?", (bytes.fromhex(review_id),)
        ).fetchone()
        if row is None:
            return None
        told = _EMPTY | json.loads(zlib.decompress(row[1]))
        return row[0], told | {"not_checked": self._gaps(told["not_checked"])}

    def put_review(self, review_id: str, file: int, summary: Row) -> None:
        """The review's findings stand in `file`."""
        told = {name: value for name, value in summary.items() if value != _EMPTY.get(name)}
        told["not_checked"] = self._number_of(json.dumps(summary["not_checked"]))
        packed = zlib.compress(json.dumps(told, ensure_ascii=False).encode(), 1)
        self._sql.execute(
            "INSERT OR REPLACE INTO reviews VALUES (?, ?, ?)",
            (bytes.fromhex(review_id), file, packed),
        )

    def _number_of(self, rules: str) -> int:
        """The number of a list of gaps, given now if it is a new one."""
        row = self._sql.execute("SELECT number FROM gaps WHERE rules = ?", (rules,)).fetchone()
        if row:
            return int(row[0])
        cursor = self._sql.execute("INSERT INTO gaps (rules) VALUES (?)", (rules,))
        return int(cursor.lastrowid or 0)

    def _gaps(self, number: int) -> list[str]:
        row = self._sql.execute("SELECT rules FROM gaps WHERE number = ?", (number,)).fetchone()
        rules: list[str] = json.loads(row[0])
        return rules

    def file_of_review(self, review_id: str) -> int | None:
        """Where a review's findings stand."""
        row = self._sql.execute(
            "SELECT file FROM reviews WHERE review_id = ?", (bytes.fromhex(review_id),)
        ).fetchone()
        return row[0] if row else None

    def forget_review(self, review_id: str) -> None:
        """No ad has it any more."""
        self._sql.execute("DELETE FROM reviews WHERE review_id = ?", (bytes.fromhex(review_id),))

    def forget_reviews_of(self, files: Sequence[int]) -> None:
        """No ad has any of the reviews of these files any more."""
        marks = ", ".join("?" for _ in files)
        self._sql.execute(f"DELETE FROM reviews WHERE file IN ({marks})", list(files))

    def reading(self, reading_id: str) -> StoredAt | None:
        """Where a reading stands; None if it was never made."""
        row = self._sql.execute(
            "SELECT file, row, part_row, parts FROM readings WHERE reading_id = ?",
            (bytes.fromhex(reading_id),),
        ).fetchone()
        return StoredAt(*row) if row else None

    def put_reading(self, reading_id: str, at: StoredAt) -> None:
        """A reading's rows stand there."""
        self._sql.execute(
            "INSERT INTO readings VALUES (?, ?, ?, ?, ?)",
            (bytes.fromhex(reading_id), at.file, at.row, at.part_row, at.parts),
        )
