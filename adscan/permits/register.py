"""The permit register: a SQLite file of institutions, their names and permits, with their history.

Whatever is asked is asked as of a day. Reading needs no lock; one process writes at a time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from adscan.permits.company_name import POSSIBLE, likeness, name_key, take_apart
from adscan.permits.places import covers
from adscan.permits.register_fault import fault_of
from adscan.permits.register_queries import OF_ALL, OF_ONE, PERMITS, VERSIONS
from adscan.records.permit import (
    Institution,
    KnownName,
    NameKind,
    PermitLine,
    PermitState,
    Snapshot,
)

MOST_ALIKE = 200  # institutions of one trade name that are compared


@dataclass(frozen=True)
class Match:
    """An institution found by a name."""

    institution: Institution
    name: KnownName  # the name of it that fits
    likeness: float  # 1: written the same


@dataclass(frozen=True)
class Stretch:
    """Days on which the lists of a source had a permit."""

    type: str
    number: str
    source: str
    since: date  # the first list that has it
    last: date  # the newest list that has it
    until: date | None  # the first complete list that no longer has it


class Register:
    """An open register file."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    @cached_property
    def version(self) -> str:
        """For the provenance of a review: a digest over the lists that were imported."""
        rows = self.connection.execute(
            "SELECT source, taken, complete, region, file_sha256 FROM snapshot"
            " ORDER BY 1, 2, 3, 4, 5"
        ).fetchall()
        return f"sha256:{hashlib.sha256(json.dumps(rows).encode()).hexdigest()}"

    @cached_property
    def newest_lists(self) -> dict[str, date]:
        """The day of the newest list of each source."""
        return {snapshot.source: snapshot.taken for snapshot in reversed(self.snapshots())}

    def snapshots(self, permit_type: str | None = None) -> list[Snapshot]:
        """The imported lists, newest first; only those that hold a type, if one is named."""
        rows = self.connection.execute(
            "SELECT source, taken, complete, types, region, file_name, file_sha256, rows"
            " FROM snapshot ORDER BY taken DESC, source, id"
        )
        found = (
            Snapshot(s, date.fromisoformat(t), bool(c), frozenset(json.loads(ts)), r, f, h, n)
            for s, t, c, ts, r, f, h, n in rows
        )
        return [s for s in found if permit_type is None or permit_type in s.types]

    def named(self, name: str, day: date | None = None) -> list[Match]:
        """The institutions that bear exactly this name, on `day` if one is given."""
        rows = self.connection.execute(
            "SELECT institution_id, text, kind, since, until FROM name WHERE key = ?"
            " ORDER BY institution_id, kind",
            (name_key(name),),
        )
        found: dict[int, Match] = {}
        for institution_id, *fields in rows.fetchall():
            known = _name(fields)
            if day is None or _borne(known, day):
                match = Match(self.institution(institution_id), known, 1.0)
                found.setdefault(institution_id, match)
        return list(found.values())

    def alike(self, name: str) -> list[Match]:
        """Institutions whose name may be this one, likeliest first."""
        parts = take_apart(name)
        rows = self.connection.execute(
            "SELECT institution_id, text, kind, since, until FROM name WHERE trade = ? LIMIT ?",
            (parts.trade or parts.key, MOST_ALIKE),
        )
        best: dict[int, tuple[float, KnownName]] = {}
        for institution_id, *fields in rows.fetchall():
            known = _name(fields)
            score = likeness(name, known.text)
            if score >= POSSIBLE and score > best.get(institution_id, (0.0, known))[0]:
                best[institution_id] = (score, known)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        found = [Match(self.institution(key), known, score) for key, (score, known) in ranked]
        return [match for match in found if not _elsewhere(parts.region, match.institution.name)]

    def sounding(self, letters: str, limit: int = 20) -> list[Match]:
        """Institutions whose trade name begins with these pinyin letters."""
        rows = self.connection.execute(
            "SELECT institution_id, text, kind, since, until FROM name"
            " WHERE sound >= ? AND sound < ? ORDER BY sound, institution_id LIMIT ?",
            (letters, letters + "~", limit),
        )
        found: dict[int, Match] = {}
        for institution_id, *fields in rows.fetchall():
            match = Match(self.institution(institution_id), _name(fields), POSSIBLE)
            found.setdefault(institution_id, match)
        return list(found.values())

    def by_kind(self, kinds: Sequence[NameKind]) -> Iterator[tuple[str, int]]:
        """Every name of these kinds, with the id of the institution that bears it."""
        marks = ", ".join("?" for _ in kinds)
        rows = self.connection.execute(
            f"SELECT text, institution_id FROM name WHERE kind IN ({marks}) ORDER BY 1, 2",
            [kind.value for kind in kinds],
        )
        yield from rows.fetchall()

    def coded(self, credit_code: str) -> Institution | None:
        """The institution with this credit code."""
        row = self.connection.execute(
            "SELECT id FROM institution WHERE credit_code = ?", (credit_code,)
        ).fetchone()
        return self.institution(row[0]) if row else None

    def numbered(self, number: str) -> list[tuple[Institution, str]]:
        """Whose permits bear this number, and of which type each is."""
        rows = self.connection.execute(
            "SELECT institution_id, type FROM permit WHERE number = ? ORDER BY 1, 2", (number,)
        )
        return [(self.institution(holder), kind) for holder, kind in rows.fetchall()]

    def institution(self, institution_id: int) -> Institution:
        """One institution with its names."""
        row = self.connection.execute(
            "SELECT i.name, i.credit_code, head.name, i.region FROM institution i"
            " LEFT JOIN institution head ON head.id = i.head_id WHERE i.id = ?",
            (institution_id,),
        ).fetchone()
        names = self.connection.execute(
            "SELECT text, kind, since, until FROM name WHERE institution_id = ?"
            " ORDER BY kind, text",
            (institution_id,),
        )
        name, code, head, region = row
        known = tuple(map(_name, names.fetchall()))
        return Institution(institution_id, name, code, head, region, known)

    def head_of(self, institution: Institution) -> Institution:
        """The legal person behind a branch; others are their own."""
        row = self.connection.execute(
            "SELECT head_id FROM institution WHERE id = ?", (institution.id,)
        ).fetchone()
        return self.institution(row[0]) if row and row[0] else institution

    def permits(self, institution: Institution, day: date) -> list[PermitLine]:
        """What the register knows of an institution's permits as of a day.

        Of each permit the newest version that was listed by then; where all lists are younger, the
        oldest one. What a younger list dates back to the day or before counts too.
        """
        asked = {"day": day.isoformat(), "holder": institution.id}
        rows = self.connection.execute(PERMITS + OF_ONE, asked)
        lines = [_line(row[2:]) for row in rows.fetchall()]
        later = [line for line in self.versions(institution) if line.snapshot > day]
        return [_dated_back(line, later, day) for line in lines]

    def usable_permits(self, institution: Institution, day: date) -> list[PermitLine]:
        """Its own permits, and of a branch those of its legal person too."""
        lines = self.permits(institution, day)
        head = self.head_of(institution)
        return lines if head.id == institution.id else lines + self.permits(head, day)

    def all_permits(self, day: date) -> Iterator[tuple[int, str, PermitLine]]:
        """The same of every institution: its id, the place code of its seat, a line; by names."""
        for row in self.connection.execute(PERMITS + OF_ALL, {"day": day.isoformat()}):
            yield row[0], row[1], _line(row[2:])

    def versions(self, institution: Institution) -> list[PermitLine]:
        """All that was ever known of its permits, each line from the day of its list on."""
        rows = self.connection.execute(VERSIONS, (institution.id,))
        return [_line(row) for row in rows.fetchall()]

    def stretches(self, institution: Institution) -> list[Stretch]:
        """When its permits stood in which lists."""
        rows = self.connection.execute(
            "SELECT p.type, p.number, l.source, l.since, l.last, l.until"
            " FROM listing l JOIN permit p ON p.id = l.permit_id WHERE p.institution_id = ?"
            " ORDER BY 1, 2, 4, 3",
            (institution.id,),
        )
        return [
            Stretch(k, n, s, date.fromisoformat(f), date.fromisoformat(t), _day(u))
            for k, n, s, f, t, u in rows.fetchall()
        ]

    def branches(self, institution: Institution) -> list[Institution]:
        """Its branches, by their names."""
        rows = self.connection.execute(
            "SELECT id FROM institution WHERE head_id = ? ORDER BY name", (institution.id,)
        )
        return [self.institution(key) for (key,) in rows.fetchall()]

    def institutions(self) -> Iterator[Institution]:
        """All of them, in order of their names."""
        for (key,) in self.connection.execute("SELECT id FROM institution ORDER BY name, id"):
            yield self.institution(key)

    def count(self) -> tuple[int, int]:
        """How many institutions and permits there are."""
        row: tuple[int, int] = self.connection.execute(
            "SELECT (SELECT count(*) FROM institution), (SELECT count(*) FROM permit)"
        ).fetchone()
        return row

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing. Raises RegisterError if another one writes."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise fault_of(self.path, error) from error
        try:
            yield self.connection
            self.connection.commit()
        except sqlite3.DatabaseError as error:  # a full disk, a damaged page
            self.connection.rollback()
            raise fault_of(self.path, error) from error
        except BaseException:
            self.connection.rollback()
            raise
        for cached in ("version", "newest_lists"):
            self.__dict__.pop(cached, None)


def _elsewhere(region: str, full_name: str) -> bool:
    """Whether a full name says another place: its short name may leave the place out."""
    other = take_apart(full_name).region
    return bool(region and other) and not (covers(region, other) or covers(other, region))


def _dated_back(line: PermitLine, later: Sequence[PermitLine], day: date) -> PermitLine:
    """The line as younger lists correct it: a state since the day or before, or a renewal."""
    for newer in later:
        if (newer.type, newer.number) != (line.type, line.number):
            continue
        turned = newer.state is not PermitState.ACTIVE and newer.state_since is not None
        if turned and newer.state_since is not None and newer.state_since <= day:
            line = replace(line, state=newer.state, state_since=newer.state_since)
        ended = line.valid_to is not None and line.valid_to < day
        begun = newer.valid_from is not None and newer.valid_from <= day
        if ended and begun and (newer.valid_to is None or day <= newer.valid_to):
            line = replace(newer, state=line.state, state_since=line.state_since)
    return line


def _name(fields: Sequence[str | None]) -> KnownName:
    text, kind, since, until = fields
    return KnownName(str(text), NameKind(kind), _day(since), _day(until))


def _borne(name: KnownName, day: date) -> bool:
    return (name.since is None or name.since <= day) and (name.until is None or day <= name.until)


def _line(row: Sequence[str | None]) -> PermitLine:
    holder, kind, number, authority, scope, region, *days = row
    since, until, state, state_since, source, seen, gone = days
    return PermitLine(
        holder=str(holder),
        type=str(kind),
        number=str(number),
        authority=str(authority),
        scope=tuple(json.loads(str(scope))),
        region=str(region),
        valid_from=_day(since),
        valid_to=_day(until),
        state=PermitState(state),
        state_since=_day(state_since),
        source=str(source),
        snapshot=date.fromisoformat(str(seen)),
        listed_until=None if gone is None or gone == "9999" else date.fromisoformat(gone),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
