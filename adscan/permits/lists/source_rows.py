"""Lists within a list: an export of ours names for each permit the list that it was read from.

Rows without an institution describe these lists: whose, of which day, complete or not. They make
the export answer as the register did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from adscan.permits.lists.holders import Held
from adscan.permits.lists.intake import Intake, Outcome, note_snapshot
from adscan.permits.lists.profile import FieldName
from adscan.permits.lists.row_reader import RowReader
from adscan.permits.lists.tables import Row
from adscan.permits.lists.values import (
    ValueFault,
    place_of,
    read_day,
    read_items,
    read_text,
    read_yes,
)
from adscan.permits.places import NATION
from adscan.records.permit import Snapshot


class SourceRows:
    """The lists that the rows of one file are from."""

    def __init__(self, connection: sqlite3.Connection, snapshot: Snapshot, held: Held) -> None:
        self.intakes: dict[tuple[str, date], Intake] = {}
        self._db = connection
        self._held = held
        self._snapshot = snapshot  # of the file itself
        self._noted: set[tuple[str, date]] = set()

    def take_list(self, reader: RowReader, row: Row) -> bool:
        """Notes the list that a row describes; false if it is not such a row."""
        if "list_source" not in reader.layout.columns or _cell(reader, row, "name"):
            return False
        key = _key(reader, row)
        if key is None:
            return False
        source, taken = key
        told = Snapshot(
            source=source,
            taken=taken,
            complete=_yes(_cell(reader, row, "list_complete")),
            types=frozenset(read_items(_cell(reader, row, "list_types"))),
            region=place_of(_cell(reader, row, "list_region")),
            file_name=_cell(reader, row, "list_file"),
            file_sha256=_cell(reader, row, "list_sha256"),
            rows=int(_cell(reader, row, "list_rows") or 0),
        )
        note_snapshot(self._db, told)
        self._noted.add(key)
        return True

    def intake_of(self, reader: RowReader, row: Row) -> Intake | None:
        """Where a row goes that names its list; None if it names none."""
        if "list_source" not in reader.layout.columns:
            return None
        key = _key(reader, row)
        if key is None:
            return None
        if key not in self.intakes:
            source, taken = key
            told = replace(
                self._snapshot, source=source, taken=taken, complete=False, region=NATION
            )
            self.intakes[key] = Intake(self._db, told, self._held)
        return self.intakes[key]

    def finish(self) -> Iterator[Outcome]:
        """What became of them. A list that no row describes is noted as an incomplete one."""
        for key, intake in self.intakes.items():
            yield intake.finish(noted=key not in self._noted)


def _key(reader: RowReader, row: Row) -> tuple[str, date] | None:
    source, day = _cell(reader, row, "list_source"), _cell(reader, row, "list_day")
    try:
        taken = read_day(day)
    except ValueFault:
        return None
    return (source, taken) if source and taken else None


def _cell(reader: RowReader, row: Row, name: FieldName) -> str:
    columns = reader.layout.columns.get(name, ())
    return next(
        (text for at in columns if at < len(row.cells) and (text := read_text(row.cells[at]))), ""
    )


def _yes(text: str) -> bool:
    try:
        return read_yes(text)
    except ValueFault:
        return False
