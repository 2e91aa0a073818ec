"""One list file into the register, in one transaction: all good rows, or, after an error, nothing.

A list of our own export names the lists that its permits are from; each row goes in as of that
list, and the lists are noted as they were.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from adscan.errors import ListError
from adscan.permits.lists.entry import Entry
from adscan.permits.lists.intake import Intake, Outcome
from adscan.permits.lists.profile import (
    HEADER_WITHIN,
    HOW_TO_MAP,
    Layout,
    Profile,
    find_layouts,
    load_profiles,
    read_profile,
    recognise,
)
from adscan.permits.lists.row_reader import RowFault, RowReader
from adscan.permits.lists.source_rows import SourceRows
from adscan.permits.lists.tables import ListFile, Row, open_list
from adscan.permits.lists.values import first_day, read_text
from adscan.permits.places import NATION, place_name
from adscan.permits.register import Register
from adscan.records.permit import Snapshot

EACH = 1000  # rows between two reports of progress
PIECE_BYTES = 1 << 20
_DATED = re.compile(r"截至|截止|更新|公示日期|发布日期|名录日期")


@dataclass(frozen=True)
class Order:
    """How a list is to be taken."""

    today: date
    profile: str | None = None  # id; None: told by the headers
    mapping: Path | None = None  # a user's own layout
    snapshot: date | None = None  # the day of the list; None: as the file says, else today
    complete: bool = False  # it has every permit of its types
    region: str = NATION  # place code of the whole list


@dataclass
class Import:
    """What became of a list."""

    profile: Profile
    source: str
    taken: date
    told_by: str  # Chinese: where the day is from
    notes: list[str] = field(default_factory=list)  # Chinese
    outcome: Outcome = field(default_factory=Outcome)
    faults: list[RowFault] = field(default_factory=list)
    rows: int = 0  # with an institution, good or not
    left_out: int = 0  # of these
    known: bool = False  # this very file was imported before

    @property
    def changed(self) -> bool:
        """Whether the register says anything new."""
        out = self.outcome
        return bool(out.institutions or out.permits or out.changed or out.closed)


def import_list(
    path: Path, register: Register, order: Order, watch: Callable[[int], object] = lambda row: None
) -> Import:
    """Takes a file into the register. `watch` hears how many rows are done.

    Raises ListError if the file cannot be used, RegisterError if the register cannot be written.
    """
    with open_list(path) as file:
        profile = _profile(file, order)
        layouts = find_layouts(file, profile)
        if order.complete and profile.regional and order.region == NATION:
            raise ListError(
                f"{profile.source}一省一份，不说明地区就不知道完整的是哪一省的",
                hint="请加 --region，例如 --region 浙江省",
            )
        digest = _sha256(path)
        taken, told_by = _day(file, layouts, register, digest, order)
        done = Import(profile, _source(profile, order.region), taken, told_by, list(file.notes))
        done.notes += _unused(layouts)
        snapshot = Snapshot(
            done.source, taken, order.complete, frozenset(), order.region, path.name, digest, 0
        )
        _take(register, done, snapshot, layouts, watch)
    return done


def _take(
    register: Register,
    done: Import,
    snapshot: Snapshot,
    layouts: Iterable[Layout],
    watch: Callable[[int], object],
) -> None:
    with register.writing() as connection:
        main = Intake(connection, snapshot)
        done.known = main.known()
        if done.known:
            return
        sources = SourceRows(connection, snapshot, main.holders.held)
        for layout in layouts:
            reader = RowReader(layout, done.profile, snapshot.region)
            _take_table(done, reader, main, sources, watch)
        if not done.rows:
            raise ListError("名录里一个机构也没有", hint="请检查表头下面有没有内容")
        if done.left_out == done.rows:
            return
        whole = done.left_out == 0
        own = not sources.intakes or bool(main.outcome.unchanged or main.outcome.permits)
        outcomes = [main.finish(whole=whole, noted=own), *sources.finish()]
        if snapshot.complete and not whole:
            done.notes.append("有行没有导入，这份名录不能算完整，名录里缺少的许可没有关闭")
        done.outcome = _sum(outcomes)


def _take_table(
    done: Import,
    reader: RowReader,
    main: Intake,
    sources: SourceRows,
    watch: Callable[[int], object],
) -> None:
    for row in reader.layout.table.rows():
        if row.number <= reader.layout.header.number or reader.is_remark(row):
            continue
        if sources.take_list(reader, row):
            continue
        done.rows += 1
        faults = _take_row(reader, row, main, sources)
        done.faults += faults
        done.left_out += bool(faults)
        if done.rows % EACH == 0:
            watch(done.rows)


def _take_row(reader: RowReader, row: Row, main: Intake, sources: SourceRows) -> list[RowFault]:
    """Why the row stays out; empty if it went in."""
    entry = reader.read(row)
    if entry is None:
        return reader.faults
    intake = sources.intake_of(reader, row) or main
    clash = intake.add(entry)
    if clash is None:
        return []
    return [RowFault(reader.layout.table.name, row.number, "", _told(entry), clash.reason)]


def _told(entry: Entry) -> str:
    return f"{entry.name} {entry.credit_code or ''}".strip()


def _profile(file: ListFile, order: Order) -> Profile:
    if order.mapping:
        return read_profile(order.mapping)
    if order.profile is None:
        return recognise(file)
    if order.profile not in load_profiles():
        raise ListError(
            f"没有版式 {order.profile}", hint=f"可用 {'、'.join(load_profiles())}；{HOW_TO_MAP}"
        )
    return load_profiles()[order.profile]


def _source(profile: Profile, region: str) -> str:
    return f"{profile.source}（{place_name(region)}）" if region else profile.source


def _day(
    file: ListFile, layouts: Iterable[Layout], register: Register, digest: str, order: Order
) -> tuple[date, str]:
    """The day of the list, and what tells it."""
    if order.snapshot:
        return order.snapshot, "--snapshot"
    for layout in layouts:
        for row in islice(layout.table.rows(), HEADER_WITHIN):
            if row.number >= layout.header.number:
                break
            told = " ".join(read_text(cell) for cell in row.cells)
            day = first_day(told) if _DATED.search(told) else None
            if day:
                return day, "表头上方的日期"
    if day := first_day(file.path.stem):
        return day, "文件名里的日期"
    earlier = [s.taken for s in register.snapshots() if s.file_sha256 == digest]
    if earlier:
        return earlier[0], "上次导入这份文件时的日期"
    return order.today, "今天；名录若是别的日子的，请用 --snapshot 写明"


def _unused(layouts: Iterable[Layout]) -> list[str]:
    unused = dict.fromkeys(header for layout in layouts for header in layout.unused)
    return [f"没有用到的列：{'、'.join(unused)}"] if unused else []


def _sum(outcomes: Iterable[Outcome]) -> Outcome:
    total = Outcome()
    for one in outcomes:
        total.institutions += one.institutions
        total.permits += one.permits
        total.changed += one.changed
        total.unchanged += one.unchanged
        total.closed += one.closed
        total.clashes += one.clashes
    return total


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()
