"""Lists to take away: submissions and findings as CSV and workbook, a page of rows at a time.

Each page is read in a session of its own, so a long export holds up nobody.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from openpyxl import Workbook
from sqlalchemy import Select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from adscan.records.part import Part
from adscan.records.review import Finding
from adscan.records.rule import Decision
from adscan.report import rows as cells
from adscan.report import wording
from adscan.report.formats.csv import BYTE_ORDER_MARK, csv_row
from adscan.report.places import place
from adscan.report.rows import Column
from adscan.report.workbook.file import save
from adscan.report.workbook.lists import MAX_ROWS, SheetList
from adscan.report.workbook.styles import register
from adscan.report.workbook.values import Day, Percent
from adscan.web.deciding.search import Filters, matching
from adscan.web.kept.recorded import finding_of, parts_of
from adscan.web.kept.states import STATE_NAMES, STEP_NAMES, VERDICT_NAMES, Step, Verdict
from adscan.web.kept.tables import Ruling, Submission, Version, VersionFinding
from adscan.web.people.identity import Identity
from adscan.web.store.database import Database

PAGE = 100  # submissions read at a time
PIECE_BYTES = 1_000_000

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class FindingRow:
    """A finding with what it belongs to."""

    submission: Submission
    version: Version
    number: int  # within the version, from 1
    row: VersionFinding
    finding: Finding
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Export:
    """One list."""

    title: str
    columns: tuple[Column[Any], ...]
    rows: Callable[[Database, Identity, Filters], Iterator[Any]]


def as_csv(export: Export, rows: Iterable[Any]) -> Iterator[str]:
    """Headings, then a piece a row; Excel opens it at a double click, no cell is a formula."""
    yield BYTE_ORDER_MARK + csv_row(column.heading for column in export.columns)
    for row in rows:
        yield csv_row(column.cell(row) for column in export.columns)


def as_workbook(
    export: Export, rows: Iterable[Any], made_at: datetime, max_rows: int = MAX_ROWS
) -> Iterator[bytes]:
    """The workbook in pieces; rows go straight to disk."""
    book = Workbook(write_only=True)
    register(book)
    listed: SheetList[Any] = SheetList(book, export.title, export.columns, max_rows)
    for row in rows:
        listed.add(row)
    listed.close()
    with tempfile.TemporaryFile() as file:
        save(book, file, made_at.isoformat(), f"广告预审{export.title}")
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            yield piece


def submission_rows(
    database: Database, identity: Identity, filters: Filters
) -> Iterator[Submission]:
    """The submissions that the list shows, newest first, with what their columns need."""
    versions = selectinload(Submission.versions)
    query = matching(identity, filters).options(
        joinedload(Submission.company),
        joinedload(Submission.created_by),
        joinedload(Submission.reviewer),
        versions.options(defer(Version.review), defer(Version.text)),
        versions.selectinload(Version.files),
        versions.selectinload(Version.findings).load_only(VersionFinding.verdict),
        selectinload(Submission.rulings).joinedload(Ruling.by),
    )
    return paged(database, query)


def finding_rows(database: Database, identity: Identity, filters: Filters) -> Iterator[FindingRow]:
    """The findings of all versions of those submissions."""
    versions = selectinload(Submission.versions)
    findings = versions.selectinload(Version.findings)
    query = matching(identity, filters).options(
        joinedload(Submission.company),
        versions.undefer(Version.review),
        findings.joinedload(VersionFinding.added_by),
        findings.joinedload(VersionFinding.decided_by),
    )
    for submission in paged(database, query):
        for version in submission.versions:
            parts = parts_of(version.review) if version.review else ()
            for number, row in enumerate(version.findings, 1):
                finding = finding_of(row.document)
                yield FindingRow(submission, version, number, row, finding, parts)


def paged(
    database: Database, query: Select[tuple[Submission]], size: int = PAGE
) -> Iterator[Submission]:
    """All submissions of a query, newest first; what it does not load is not there."""
    before: int | None = None
    while True:
        page = query.order_by(Submission.id.desc()).limit(size)
        if before is not None:
            page = page.where(Submission.id < before)
        with database.reading() as session:
            found = _detached(session, page)
        yield from found
        if len(found) < size:
            return
        before = found[-1].id


def _detached(session: Session, query: Select[tuple[Submission]]) -> Sequence[Submission]:
    found: Sequence[Any] = session.scalars(query).all()
    session.expunge_all()
    return found


def _count(submission: Submission, verdict: Verdict) -> int:
    return sum(finding.verdict is verdict for finding in submission.latest.findings)


def _moment(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else ""


def _machine(version: Version) -> str:
    return wording.DECISIONS[Decision(version.decision)] if version.decision else ""


def _last(submission: Submission) -> Ruling | None:
    return submission.rulings[-1] if submission.rulings else None


def _of_last(tell: Callable[[Ruling], str]) -> Callable[[Submission], str]:
    def cell(submission: Submission) -> str:
        last = _last(submission)
        return tell(last) if last else ""

    return cell


def _approved_by_two(submission: Submission) -> str:
    steps = [ruling.step for ruling in submission.rulings[-2:]]
    return submission.rulings[-2].by.name if steps == [Step.PROPOSE, Step.APPROVE] else ""


def _until(submission: Submission) -> str:
    return Day(submission.planned_until.isoformat()) if submission.planned_until else ""


SUBMISSION_COLUMNS: tuple[Column[Submission], ...] = (
    Column("编号", 14, lambda s: s.number),
    Column("标题", 24, lambda s: s.title),
    Column("送审单位", 22, lambda s: s.company.name),
    Column("送审人", 10, lambda s: s.created_by.name),
    Column("广告主", 22, lambda s: s.advertiser),
    Column("产品", 16, lambda s: s.product),
    Column("媒介", 10, lambda s: wording.medium(s.medium)),
    Column("版位", 14, lambda s: s.slot),
    Column("计划开始", 12, lambda s: Day(s.planned_from.isoformat())),
    Column("计划结束", 12, _until),
    Column("状态", 10, lambda s: STATE_NAMES[s.state]),
    Column("此状态起", 16, lambda s: _moment(s.waiting_since)),
    Column("首次提交", 16, lambda s: _moment(s.created_at)),
    Column("版本数", 7, lambda s: len(s.versions)),
    Column("最近提交", 16, lambda s: _moment(s.latest.created_at)),
    Column("机审完成", 16, lambda s: _moment(s.latest.reviewed_at)),
    Column("机审结论", 12, lambda s: _machine(s.latest)),
    Column("风险", 7, lambda s: "" if s.latest.risk is None else round(s.latest.risk, 2)),
    Column("问题", 6, lambda s: len(s.latest.findings)),
    Column("认定", 6, lambda s: _count(s, Verdict.CONFIRMED)),
    Column("不认定", 7, lambda s: _count(s, Verdict.DISMISSED)),
    Column("待处理", 7, lambda s: _count(s, Verdict.OPEN)),
    Column("审核人", 10, lambda s: s.reviewer.name if s.reviewer else ""),
    Column("复核前提请人", 12, _approved_by_two),
    Column("最近处理", 12, _of_last(lambda ruling: STEP_NAMES[ruling.step])),
    Column("处理人", 10, _of_last(lambda ruling: ruling.by.name)),
    Column("处理时间", 16, _of_last(lambda ruling: _moment(ruling.at))),
    Column("理由", 34, _of_last(lambda ruling: ruling.reason)),
    Column("文件数", 7, lambda s: len(s.latest.files)),
    Column("广告指纹（SHA-256）", 24, lambda s: s.latest.fingerprint),
)


def _source(row: FindingRow) -> str:
    return f"人工补充（{row.row.added_by.name}）" if row.row.added_by else "机审"


def _confidence(row: FindingRow) -> str:
    return "" if row.row.added_by else Percent.of(row.finding.confidence)


def _places(row: FindingRow) -> str:
    return "；".join(dict.fromkeys(place(one, row.parts) for one in row.finding.evidence))


FINDING_COLUMNS: tuple[Column[FindingRow], ...] = (
    Column("编号", 14, lambda r: r.submission.number),
    Column("标题", 22, lambda r: r.submission.title),
    Column("送审单位", 20, lambda r: r.submission.company.name),
    Column("广告主", 20, lambda r: r.submission.advertiser),
    Column("状态", 10, lambda r: STATE_NAMES[r.submission.state]),
    Column("版本", 6, lambda r: r.version.number),
    Column("问题", 6, lambda r: r.number),
    Column("规则", 20, lambda r: r.finding.title),
    Column("规则编号", 18, lambda r: r.row.rule),
    Column("严重程度", 9, lambda r: wording.SEVERITIES[r.finding.severity]),
    Column("来源", 14, _source),
    Column("置信度", 8, _confidence),
    Column("原文", 30, lambda r: cells.words(r.finding.evidence) or "针对整篇内容"),
    Column("位置", 16, _places),
    Column("依据", 44, lambda r: cells.provisions(r.finding.legal_basis)),
    Column("说明", 32, lambda r: r.finding.explanation),
    Column("怎样改", 32, lambda r: r.finding.remedy),
    Column("人工意见", 10, lambda r: VERDICT_NAMES[r.row.verdict]),
    Column("意见理由", 28, lambda r: r.row.reason),
    Column("审核人", 10, lambda r: r.row.decided_by.name if r.row.decided_by else ""),
    Column("意见时间", 16, lambda r: _moment(r.row.decided_at)),
    Column("沿用上一版", 10, lambda r: "是" if r.row.carried_from_id else ""),
)

EXPORTS = {
    "submissions": Export("送审件", SUBMISSION_COLUMNS, submission_rows),
    "findings": Export("问题", FINDING_COLUMNS, finding_rows),
}
