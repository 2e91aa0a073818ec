"""Many submissions at once: a table with a row for each, and a ZIP with their files.

Each row is a submission of its own: a faulty row costs only itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from adscan.errors import InputError
from adscan.ingest.archive import Archive, Budget, Entry
from adscan.ingest.saved_pages import is_system_file
from adscan.ingest.sniff import FileKind, sniff_container
from adscan.records.medium import MEDIA
from adscan.settings import Limits
from adscan.web.comparing.fingerprint import fingerprint_of
from adscan.web.kept.clock import now
from adscan.web.kept.states import Purpose, State
from adscan.web.kept.tables import Company, Submission, Version
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput
from adscan.web.store.database import Database
from adscan.web.submitting.bulk_table import BulkRow, find_columns, read_table
from adscan.web.submitting.submissions import (
    Content,
    Intake,
    Particulars,
    checked,
    clean,
    submit,
)
from adscan.web.submitting.uploads import PERMIT_KINDS, Upload, bare_name, keep

MOST_ROWS = 500  # of one table
SAME_WITHIN = timedelta(hours=24)  # a table sent again within the day is a slip, not a wish
# Where a submission is, or has got, what a repeated row asks for.
STANDING = (State.AWAITING_MACHINE, State.AWAITING_PERSON, State.APPROVED)
TABLE_ENDINGS = (".csv", ".xlsx", ".txt", ".tsv")
_BETWEEN_FILES = re.compile(r"[；;\n|]")
_MEDIUM_IDS = {name: key for key, name in MEDIA.items()}


@dataclass(frozen=True)
class Outcome:
    """What came of a row."""

    row: int  # as the table's program numbers it
    title: str
    submission_id: int | None = None
    number: str = ""
    fault: str = ""  # Chinese: why it was not submitted
    is_repeat: bool = False  # submission_id is the one that was there already


@dataclass(frozen=True)
class Parcel:
    """A table, and the files that its rows name."""

    rows: Sequence[BulkRow]
    files: Mapping[str, Entry] = field(default_factory=dict)  # by path in the ZIP, lower case
    archive: Archive | None = None
    loose: Mapping[str, bytes] = field(default_factory=dict)  # by name, lower case

    def read_all(self, names: Sequence[str], budget: RowBudget) -> tuple[Upload, ...]:
        """The files that a row names. Raises BadInput before more is unpacked than one may send."""
        return tuple([budget.spend(self.read(name)) for name in names])

    def read(self, name: str) -> Upload:
        """A file that a row names. Raises BadInput."""
        wanted = name.strip().replace("\\", "/").removeprefix("./").lower()
        if wanted in self.loose:
            return Upload(bare_name(name), self.loose[wanted])
        entry = self.files.get(wanted) or self._by_bare_name(name, wanted)
        if entry is None or self.archive is None:
            raise BadInput(f"没有文件“{name}”")
        try:
            return Upload(bare_name(entry.name), self.archive.read(entry))
        except InputError as error:
            raise BadInput(f"{name}：{error.message}") from error

    def _by_bare_name(self, name: str, wanted: str) -> Entry | None:
        """A name without its folder will do if only one file has it."""
        found = [entry for path, entry in self.files.items() if path.rpartition("/")[2] == wanted]
        if len(found) > 1:
            raise BadInput(f"ZIP 里有 {len(found)} 个文件都叫“{name}”，请写明文件夹")
        return found[0] if found else None


@dataclass
class RowBudget:
    """What one row may unpack: no more than one submission may have."""

    files: int
    size: int

    def spend(self, upload: Upload) -> Upload:
        """Count a file. Raises BadInput."""
        self.files -= 1
        self.size -= len(upload.data)
        if self.files < 0 or self.size < 0:
            raise BadInput("一行的文件太多或太大", hint="请分成几件送审")
        return upload


def open_parcel(uploads: Sequence[Upload], limits: Limits) -> Parcel:
    """What was sent: a ZIP with the table in it, or the two side by side. Raises BadInput."""
    zips = [upload for upload in uploads if _is_archive(upload)]
    others = [upload for upload in uploads if upload not in zips]
    tables = [upload for upload in others if upload.name.lower().endswith(TABLE_ENDINGS)]
    if len(zips) > 1:
        raise BadInput("一次只收一个 ZIP", hint="请分几次送审，或合成一个 ZIP")
    archive, files = _open_archive(zips[0], limits) if zips else (None, {})
    if not tables and archive is not None:
        tables = list(_tables_inside(archive, files))
    if len(tables) != 1:
        told = "没有找到表格" if not tables else f"找到 {len(tables)} 个表格，不知用哪一个"
        raise BadInput(told, hint="请附一个 CSV 或 XLSX 表格，可先下载模板")
    rows = list(read_table(tables[0], MOST_ROWS))
    loose = {one.name.lower(): one.data for one in others if one is not tables[0]}
    return Parcel(rows, files, archive, loose)


def submit_all(
    database: Database, identity: Identity, parcel: Parcel, intake: Intake
) -> Iterator[Outcome]:
    """Each row in a transaction of its own, in the table's order."""
    for row in parcel.rows:
        title = row.cells.get("title", "")[:200]
        try:
            if row.fault:
                raise BadInput(row.fault)
            web = intake.settings.web
            budget = RowBudget(web.max_files, web.max_upload_bytes)
            particulars, content = _of_row(row, parcel, budget)
            with database.writing() as session:
                earlier = _same(session, identity, particulars, content, intake)
                made = earlier or submit(session, identity, particulars, content, intake)
                done = Outcome(
                    row.number, title, made.id, made.number, is_repeat=earlier is not None
                )
            yield done
        except BadInput as problem:
            hint = f"，{problem.hint}" if problem.hint else ""
            yield Outcome(row.number, title, fault=f"{problem.message}{hint}")


def _of_row(row: BulkRow, parcel: Parcel, budget: RowBudget) -> tuple[Particulars, Content]:
    cells = row.cells
    medium = cells.get("medium", "").strip()
    if medium and medium not in MEDIA and medium not in _MEDIUM_IDS:
        raise BadInput(f"没有媒介“{medium}”，可用的有：{'、'.join(MEDIA.values())}")
    if row.planned_from is None:
        raise BadInput("缺少开始日期，或写法不对，应如 2026-11-25")
    particulars = checked(
        Particulars(
            title=cells.get("title", ""),
            advertiser=cells.get("advertiser", ""),
            product=cells.get("product", ""),
            medium=_MEDIUM_IDS.get(medium, medium) or None,
            slot=cells.get("slot", ""),
            planned_from=row.planned_from,
            planned_until=row.planned_until,
        )
    )
    content = Content(
        text=cells.get("text", ""),
        creatives=parcel.read_all(_names(cells.get("creatives", "")), budget),
        permits=parcel.read_all(_names(cells.get("permits", "")), budget),
        note=cells.get("note", ""),
    )
    return particulars, content


def _names(cell: str) -> list[str]:
    return [name.strip() for name in _BETWEEN_FILES.split(cell) if name.strip()]


def _same(
    session: Session,
    identity: Identity,
    particulars: Particulars,
    content: Content,
    intake: Intake,
) -> Submission | None:
    """A first version of the company's, of the last day, that says the very same.

    One that was returned, refused or withdrawn may be sent again.
    The company is held meanwhile: of the same table sent twice at once, one waits here.
    """
    company = select(Company.id).where(Company.id == identity.company_id)
    session.execute(company.with_for_update(key_share=True))
    # The pasted words and files as `submit` would keep them: in the same order, each once.
    limits, store = intake.settings.limits, intake.store
    creatives = [keep(store, upload, limits).sha256 for upload in content.creatives]
    permits = [keep(store, upload, limits, PERMIT_KINDS).sha256 for upload in content.permits]
    fingerprint = fingerprint_of(clean(content.text), list(dict.fromkeys(creatives)))
    query = (
        select(Submission)
        .join(Version)
        .where(
            Submission.company_id == identity.company_id,
            Submission.created_at > now() - SAME_WITHIN,
            Version.number == 1,
            Version.fingerprint == fingerprint,
            Version.note == clean(content.note),
            Submission.state.in_(STANDING),
            Submission.title == particulars.title,
            Submission.advertiser == particulars.advertiser,
            Submission.product == particulars.product,
            Submission.slot == particulars.slot,
            Submission.planned_from == particulars.planned_from,
        )
        .order_by(Submission.id)
    )
    for found in session.scalars(query):
        there = (found.medium, found.planned_until, _permits(found.versions[0]))
        if there == (particulars.medium, particulars.planned_until, set(permits)):
            return found
    return None


def _permits(version: Version) -> set[str]:
    return {file.sha256 for file in version.files if file.purpose is Purpose.PERMIT}


def _is_archive(upload: Upload) -> bool:
    if upload.name.lower().endswith(".xlsx"):
        return False
    try:
        return sniff_container(BytesIO(upload.data)) is FileKind.ZIP
    except InputError as error:
        raise BadInput(f"{upload.name}：{error.message}", hint=error.hint) from error


def _open_archive(upload: Upload, limits: Limits) -> tuple[Archive, dict[str, Entry]]:
    archive = Archive(lambda: BytesIO(upload.data), FileKind.ZIP, limits)
    try:
        entries = archive.entries(Budget(limits))
    except InputError as error:
        raise BadInput(f"{upload.name}：{error.message}", hint=error.hint) from error
    named: dict[str, Entry] = {}
    for entry in entries:
        path = entry.name.replace("\\", "/").removeprefix("./").lower()
        if not is_system_file(entry.name):
            named.setdefault(path, entry)
    return archive, named


def _tables_inside(archive: Archive, files: Mapping[str, Entry]) -> Iterator[Upload]:
    """Tables of the ZIP with our columns; others are advertisements like any file."""
    for path, entry in files.items():
        if not path.endswith(TABLE_ENDINGS):
            continue
        try:
            upload = Upload(bare_name(entry.name), archive.read(entry))
            if find_columns(upload):
                yield upload
        except InputError:
            continue  # not readable as a table; a row may still name it
