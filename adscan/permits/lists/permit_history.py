"""What lists said of permits, and when: versions, and the stretches in which a permit was listed.

Lists may come in any order. An older one that comes later changes what holds from its day on, up to
the next list that says otherwise.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container
from datetime import timedelta

from adscan.permits.lists.entry import Entry, iso
from adscan.records.permit import Snapshot

Fields = tuple[str | None, ...]  # of the table `version`, from `source` on

_VERSION = (
    "permit_id, since, source, authority, scope, region, valid_from, valid_to, state, state_since)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class PermitHistory:
    """The versions and stretches of permits, as one list adds to them in an open transaction."""

    def __init__(self, connection: sqlite3.Connection, snapshot: Snapshot) -> None:
        self._db = connection
        self._snapshot = snapshot
        self._taken = snapshot.taken.isoformat()
        newest = connection.execute("SELECT max(taken) FROM snapshot").fetchone()[0]
        self._newest = str(newest or "")  # day of the newest list
        self._later_complete: dict[str, list[str]] = {}  # permit type: days, earliest first

    def find(self, holder: int, entry: Entry) -> int | None:
        """The permit of an institution that an entry is about; None if it is new."""
        row = self._db.execute(
            "SELECT id FROM permit WHERE institution_id = ? AND type = ? AND number = ?",
            (holder, entry.type, entry.number),
        ).fetchone()
        return row[0] if row else None

    def add(self, holder: int, entry: Entry, fields: Fields) -> int:
        """A permit that no list had before."""
        cursor = self._db.execute(
            "INSERT INTO permit (institution_id, type, number) VALUES (?, ?, ?)",
            (holder, entry.type, entry.number),
        )
        assert cursor.lastrowid is not None
        self._write_version(cursor.lastrowid, fields)
        self._list(cursor.lastrowid, entry, new=True)
        return cursor.lastrowid

    def renew(self, permit: int, entry: Entry, fields: Fields) -> bool:
        """A permit that a list had before. Whether this one says something else of it."""
        changed = self._renew(permit, fields)
        self._list(permit, entry, new=False)
        return changed

    def fields(self, entry: Entry) -> Fields:
        """What an entry says of its permit."""
        return (
            self._snapshot.source,
            entry.authority,
            json.dumps(entry.scope, ensure_ascii=False),
            entry.region,
            iso(entry.valid_from),
            iso(entry.valid_to),
            entry.state.value,
            iso(entry.state_since),
        )

    def close_all_but(self, seen: Container[int], types: frozenset[str]) -> int:
        """Ends what an earlier list of this source had and this one has not; how many."""
        rows = self._db.execute(
            "SELECT l.permit_id, l.since, l.until, l.last, p.type"
            " FROM listing l JOIN permit p ON p.id = l.permit_id"
            " WHERE l.source = ? AND l.since < ? AND (l.until IS NULL OR l.until > ?)",
            (self._snapshot.source, self._taken, self._taken),
        ).fetchall()
        gone = [row for row in rows if row[4] in types and row[0] not in seen]
        for permit, since, until, last, _ in gone:
            self._db.execute(
                "UPDATE listing SET until = ?, last = min(last, ?)"
                " WHERE permit_id = ? AND source = ? AND since = ?",
                (self._taken, self._before(), permit, self._snapshot.source, since),
            )
            if last > self._taken:  # newer lists, imported already, have it again
                self._db.execute(
                    "INSERT INTO listing (permit_id, source, since, until, last) SELECT ?1, ?2,"
                    " coalesce((SELECT min(taken) FROM snapshot WHERE source = ?2"
                    " AND taken > ?3 AND taken <= ?5), ?5), ?4, ?5",
                    (permit, self._snapshot.source, self._taken, until, last),
                )
        return len(gone)

    def _renew(self, permit: int, fields: Fields) -> bool:
        """A new version, if the newest one up to this list says something else."""
        before = self._db.execute(
            "SELECT source, authority, scope, region, valid_from, valid_to, state, state_since"
            " FROM version WHERE permit_id = ? AND since <= ? ORDER BY since DESC LIMIT 1",
            (permit, self._taken),
        ).fetchone()
        if before == fields:
            return False
        if before is not None and self._newest > self._taken:
            self._keep_later(permit, before)
        self._write_version(permit, fields)
        return True

    def _keep_later(self, permit: int, before: Fields) -> None:
        """What newer lists said, imported already, goes on to hold from the first of them."""
        (day,) = self._db.execute(
            "SELECT min(s.taken) FROM listing l JOIN snapshot s ON s.source = l.source"
            " AND s.taken > ? AND s.taken BETWEEN l.since AND l.last WHERE l.permit_id = ?",
            (self._taken, permit),
        ).fetchone()
        if day is not None:
            self._db.execute(f"INSERT OR IGNORE INTO version ({_VERSION}", (permit, day, *before))

    def _write_version(self, permit: int, fields: Fields) -> None:
        self._db.execute(
            f"INSERT OR REPLACE INTO version ({_VERSION}", (permit, self._taken, *fields)
        )

    def _list(self, permit: int, entry: Entry, *, new: bool) -> None:
        """Notes that the list has the permit: within a known stretch, or from now on anew."""
        source, taken = self._snapshot.source, self._taken
        stretch = None
        if not new:
            stretch = self._db.execute(
                "SELECT since, until, last FROM listing WHERE permit_id = ? AND source = ?"
                " AND (until IS NULL OR until > ?) ORDER BY since LIMIT 1",
                (permit, source, taken),
            ).fetchone()
        lacking = self._first_lacking(entry.type, before=stretch[0] if stretch else None)
        until = iso(entry.listed_until) or lacking
        if stretch is None or (stretch[0] > taken and lacking):
            self._db.execute(
                "INSERT OR REPLACE INTO listing (permit_id, source, since, until, last)"
                " VALUES (?, ?, ?, ?, ?)",
                (permit, source, taken, until, taken),
            )
        elif stretch[0] > taken:  # an older list: the stretch began earlier than known
            self._db.execute(
                "UPDATE listing SET since = ? WHERE permit_id = ? AND source = ? AND since = ?",
                (taken, permit, source, stretch[0]),
            )
        elif stretch[2] < taken:
            self._db.execute(
                "UPDATE listing SET last = ?, until = coalesce(?, until)"
                " WHERE permit_id = ? AND source = ? AND since = ?",
                (taken, iso(entry.listed_until), permit, source, stretch[0]),
            )

    def _first_lacking(self, kind: str, before: str | None) -> str | None:
        """The first complete list after this one, known already, that has not the permit."""
        if kind not in self._later_complete:
            rows = self._db.execute(
                "SELECT taken, types FROM snapshot"
                " WHERE source = ? AND taken > ? AND complete ORDER BY taken",
                (self._snapshot.source, self._taken),
            )
            self._later_complete[kind] = [
                day for day, types in rows.fetchall() if kind in json.loads(types)
            ]
        for day in self._later_complete[kind]:
            if before is None or day < before:
                return day
        return None

    def _before(self) -> str:
        """The day before this list."""
        return (self._snapshot.taken - timedelta(days=1)).isoformat()
