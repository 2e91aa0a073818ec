"""Entries of a list go into the register: what is new is added, what has vanished is closed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from adscan.permits.company_name import name_key
from adscan.permits.lists.entry import Entry
from adscan.permits.lists.holders import Held, Holders
from adscan.permits.lists.permit_history import PermitHistory
from adscan.records.permit import Snapshot


@dataclass(frozen=True)
class Clash:
    """A row that contradicts what is known."""

    row: int
    reason: str  # Chinese


@dataclass
class Outcome:
    """What an import did."""

    institutions: int = 0  # new ones
    permits: int = 0  # new ones
    changed: int = 0  # permits that look different from before
    unchanged: int = 0
    closed: int = 0  # permits that a complete list no longer has
    clashes: list[Clash] = field(default_factory=list)


class Intake:
    """Takes the entries of one list into an open transaction."""

    def __init__(
        self, connection: sqlite3.Connection, snapshot: Snapshot, held: Held | None = None
    ) -> None:
        """`held` is that of another intake in the same transaction."""
        self.outcome = Outcome()
        self.holders = Holders(connection, snapshot.taken.isoformat(), held)
        self._history = PermitHistory(connection, snapshot)
        self._db = connection
        self._snapshot = snapshot
        self._named: dict[str, str] = {}  # credit code: the name this list gives it
        self._seen: dict[int, tuple[int, int]] = {}  # permit: its row and a hash of what it says
        self._types: set[str] = set()

    def known(self) -> bool:
        """Whether this very list was imported before."""
        row = self._db.execute(
            "SELECT 1 FROM snapshot"
            " WHERE source = ? AND taken = ? AND file_sha256 = ? AND complete >= ?",
            (
                self._snapshot.source,
                self._snapshot.taken.isoformat(),
                self._snapshot.file_sha256,
                self._snapshot.complete,
            ),
        ).fetchone()
        return row is not None

    def take(self, entries: Iterable[Entry]) -> Outcome:
        """All entries; then, if the list is complete, what it lacks is closed."""
        for entry in entries:
            self.add(entry)
        return self.finish()

    def add(self, entry: Entry) -> Clash | None:
        """One entry. What contradicts the list itself stays out and is returned."""
        reason = self._clash(entry)
        if not reason:
            holder, new = self.holders.find_or_add(entry)
            reason = self._permit(holder, entry, new=new) if entry.type else ""
        if not reason:
            return None
        clash = Clash(entry.row, reason)
        self.outcome.clashes.append(clash)
        return clash

    def finish(self, *, whole: bool = True, noted: bool = True) -> Outcome:
        """After the last entry: what a complete list lacks is closed, and the list is noted.

        A list of which a row could not be read (`whole` is false) or taken does not count as
        complete: what it seems to lack may stand in that row.
        """
        complete = self._snapshot.complete and whole and not self.outcome.clashes
        types = self._snapshot.types or frozenset(self._types)
        self.outcome.institutions = self.holders.added
        if complete:
            self.outcome.closed = self._history.close_all_but(self._seen, types)
        if noted:
            note_snapshot(
                self._db,
                replace(self._snapshot, complete=complete, types=types, rows=len(self._seen)),
            )
        return self.outcome

    def _clash(self, entry: Entry) -> str:
        code = entry.credit_code
        if code is None:
            return ""
        other = self._named.setdefault(code, entry.name)
        if other is entry.name:
            return ""
        if name_key(other) != name_key(entry.name) and other not in entry.former:
            return f"统一社会信用代码 {code} 在这份名录里已属于“{other}”，不能再属于“{entry.name}”"
        return ""

    def _permit(self, holder: int, entry: Entry, *, new: bool) -> str:
        """Takes the permit. Gives the reason if another row of the list contradicts this one."""
        self._types.add(entry.type)
        fields = self._history.fields(entry)
        permit = None if new else self._history.find(holder, entry)
        if permit in self._seen:
            row, before = self._seen[permit]
            same = before == hash(fields)
            self.outcome.unchanged += same
            return "" if same else f"与第 {row} 行是同一机构的同一许可，内容却不同"
        if permit is None:
            permit = self._history.add(holder, entry, fields)
            self.outcome.permits += 1
        elif self._history.renew(permit, entry, fields):
            self.outcome.changed += 1
        else:
            self.outcome.unchanged += 1
        self._seen[permit] = (entry.row, hash(fields))
        return ""


def note_snapshot(connection: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Writes a list into the register's table of lists; one that stands there stays as it is."""
    connection.execute(
        "INSERT OR IGNORE INTO snapshot"
        " (source, taken, complete, types, region, file_name, file_sha256, rows)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            snapshot.source,
            snapshot.taken.isoformat(),
            snapshot.complete,
            json.dumps(sorted(snapshot.types)),
            snapshot.region,
            snapshot.file_name,
            snapshot.file_sha256,
            snapshot.rows,
        ),
    )
