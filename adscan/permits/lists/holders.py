"""Who the rows of a list are about: institutions found again or added, with their names."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from adscan.language.pinyin import sound_of
from adscan.permits.company_name import name_key, take_apart
from adscan.permits.lists.entry import Entry, iso
from adscan.records.permit import NameKind


@dataclass(frozen=True)
class Held:
    """What the register has already. The rest need not be sought: of a first list that is all."""

    codes: set[str]  # credit codes
    keys: set[str]  # company_name.name_key of every name


def load_held(connection: sqlite3.Connection) -> Held:
    """The codes and names as they are now; an intake adds what it writes."""
    codes = connection.execute("SELECT credit_code FROM institution WHERE credit_code IS NOT NULL")
    keys = connection.execute("SELECT key FROM name")
    return Held({code for (code,) in codes}, {key for (key,) in keys})


class Holders:
    """The institutions of the register, as an open transaction sees them."""

    def __init__(self, connection: sqlite3.Connection, taken: str, held: Held | None) -> None:
        """`taken` is the day of the list, `held` that of another list in the same transaction."""
        self.added = 0
        self.held = held or load_held(connection)
        self._db = connection
        self._taken = taken

    def find_or_add(self, entry: Entry) -> tuple[int, bool]:
        """Who the entry is about, and whether it was unknown before."""
        key = name_key(entry.name)
        row = None
        if entry.credit_code and entry.credit_code in self.held.codes:
            row = self._db.execute(
                "SELECT id, name FROM institution WHERE credit_code = ?", (entry.credit_code,)
            ).fetchone()
        if row is None and key in self.held.keys:
            row = self._db.execute(
                "SELECT i.id, i.name FROM name n JOIN institution i ON i.id = n.institution_id"
                " WHERE n.key = ? AND n.kind = 'full' AND n.until IS NULL"
                " AND (i.credit_code IS NULL OR ? IS NULL) ORDER BY i.id",
                (key, entry.credit_code),
            ).fetchone()
        new = row is None
        if row is None:
            holder = self._found(entry)
        else:
            holder, name = row
            if name_key(name) != key:
                self._rename(holder, entry, name)
            if entry.credit_code or entry.place:
                self.held.codes.update((entry.credit_code,) if entry.credit_code else ())
                self._db.execute(
                    "UPDATE institution SET credit_code = coalesce(credit_code, ?),"
                    " region = CASE region WHEN '' THEN ? ELSE region END WHERE id = ?"
                    " AND (credit_code IS NULL OR region = '')",
                    (entry.credit_code, entry.place, holder),
                )
        for former in entry.former:
            self._name(holder, NameKind.FORMER, former, entry.last_days.get(former))
        for kind, text in entry.other_names:
            self._name(holder, kind, text)
        if entry.head and name_key(entry.head) != key:
            self._belongs(holder, entry.head)
        return holder, new

    def _found(self, entry: Entry) -> int:
        """A new institution."""
        cursor = self._db.execute(
            "INSERT INTO institution (name, credit_code, region) VALUES (?, ?, ?)",
            (entry.name, entry.credit_code, entry.place),
        )
        assert cursor.lastrowid is not None
        if entry.credit_code:
            self.held.codes.add(entry.credit_code)
        self._name(cursor.lastrowid, NameKind.FULL, entry.name)
        self.added += 1
        return cursor.lastrowid

    def _rename(self, holder: int, entry: Entry, name: str) -> None:
        """The name of a newer list becomes the full name, of an older one a former name."""
        newest = self._db.execute(
            "SELECT max(v.since) FROM version v JOIN permit p ON p.id = v.permit_id"
            " WHERE p.institution_id = ?",
            (holder,),
        ).fetchone()[0]
        if newest and newest > self._taken:
            self._name(holder, NameKind.FORMER, entry.name)
            return
        outgrown = self._db.execute(
            "SELECT 1 FROM name WHERE institution_id = ? AND kind = 'former' AND key = ?"
            " AND until >= ?",
            (holder, name_key(entry.name), self._taken),
        ).fetchone()
        if outgrown:  # this list is of a day on which it still went by its former name
            return
        self._db.execute(
            "UPDATE OR REPLACE name SET kind = 'former', until = date(?, '-1 day')"
            " WHERE institution_id = ? AND kind = 'full' AND key = ?",
            (self._taken, holder, name_key(name)),
        )
        self._db.execute("UPDATE institution SET name = ? WHERE id = ?", (entry.name, holder))
        self._db.execute(
            "DELETE FROM name WHERE institution_id = ? AND kind = 'former' AND key = ?",
            (holder, name_key(entry.name)),
        )
        self._name(holder, NameKind.FULL, entry.name)

    def _name(self, holder: int, kind: NameKind, text: str, last_day: date | None = None) -> None:
        parts = take_apart(text)
        self.held.keys.add(parts.key)
        trade = parts.trade or parts.key
        until = iso(last_day)
        self._db.execute(
            "INSERT INTO name (institution_id, kind, text, key, trade, sound, until)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (institution_id, kind, key)"
            " DO UPDATE SET until = coalesce(until, excluded.until)",
            (holder, kind.value, text, parts.key, trade, sound_of(trade), until),
        )

    def _belongs(self, branch: int, head: str) -> None:
        row = self._db.execute(
            "SELECT institution_id FROM name WHERE key = ? AND kind IN ('full', 'former')"
            " ORDER BY kind DESC, institution_id",
            (name_key(head),),
        ).fetchone()
        owner = row[0] if row else self._found(Entry(0, head, ""))
        if owner != branch:
            self._db.execute("UPDATE institution SET head_id = ? WHERE id = ?", (owner, branch))
