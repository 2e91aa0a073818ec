"""A scan as a workbook to filter and print; its rows go from the result files straight to disk.

Figures first, with the share that was not read; then the lists, and how it all was made. Passes
have no row of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
from openpyxl import Workbook

from adscan.overview import figures, stored
from adscan.overview.books import Fact, add_facts, new_book, pieces
from adscan.overview.groups import Group
from adscan.overview.listings import (
    ADS,
    ADVERTISERS,
    CAMPAIGNS,
    FINDINGS,
    RELEASED,
    UNREAD,
    Listing,
)
from adscan.records.rule import Decision
from adscan.report import wording
from adscan.report.rows import Column
from adscan.report.workbook.lists import MAX_ROWS, SheetList
from adscan.report.workbook.summary import NOTE
from adscan.report.workbook.values import Percent

SUMMARY, NOTES = "汇总", "说明"
LISTINGS = (CAMPAIGNS, ADS, FINDINGS, ADVERTISERS, RELEASED, UNREAD)

# What ads are counted by; the page shows the same figures.
_SECTIONS = (
    ("规则", figures.by_rule),
    ("最重的问题", figures.by_severity),
    ("渠道", figures.by_medium),
    ("业务", figures.by_activity),
    ("资质核验", figures.by_permit),
    ("月份", figures.by_month),
)


@dataclass(frozen=True)
class SummaryRow:
    """Ads that share something."""

    section: str
    group: Group


def _count(decision: Decision) -> Column[SummaryRow]:
    return Column(wording.DECISIONS[decision], 12, lambda row: row.group.decisions[decision])


_COLUMNS: tuple[Column[SummaryRow], ...] = (
    Column("分类", 14, lambda row: row.section),
    Column("项目", 34, lambda row: row.group.name),
    Column("件数", 12, lambda row: row.group.ads),
    Column("没有读全", 12, lambda row: row.group.unread),
    Column("未读占比", 10, lambda row: Percent.of(row.group.unread / max(1, row.group.ads))),
    *(_count(one) for one in wording.DECISIONS),
    Column("有严重问题", 12, lambda row: row.group.grave),
    Column("备注", 40, lambda row: row.group.note),
)


def render_workbook(
    connection: duckdb.DuckDBPyConnection, max_rows: int = MAX_ROWS
) -> Iterator[bytes]:
    """The file in pieces; it begins when the last row is there."""
    book = new_book()
    summary = SheetList(book, SUMMARY, _COLUMNS, max_rows)
    for row in summary_rows(connection):
        summary.add(row)
    summary.close()
    for listing in LISTINGS:
        _add_listing(book, connection, listing, max_rows)
    made_at, facts = _made_by(connection)
    add_facts(book, NOTES, (*facts, *_NOTES))
    return pieces(book, made_at, "广告档案审查报告")


def summary_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[SummaryRow]:
    """Counts of ads by section; the first row is all of them."""
    yield SummaryRow("合计", figures.find_totals(connection).everything)
    for section, count in _SECTIONS:
        for group in count(connection).groups:
            yield SummaryRow(section, group)


def _add_listing(
    book: Workbook, connection: duckdb.DuckDBPyConnection, listing: Listing, max_rows: int
) -> None:
    sheet = SheetList(book, listing.title, listing.columns, max_rows)
    for row in stored.fetch(connection, listing.query):
        sheet.add(row, listing.telling(row))
    sheet.close()


def _made_by(connection: duckdb.DuckDBPyConnection) -> tuple[str, list[Fact]]:
    """When the newest ad was reviewed, and what reviewed them all.

    Ads that could not be reviewed keep the versions of the run that met them, so they have no say,
    unless there are no others.
    """
    first, last, *made_by = stored.one(connection, _VERSIONS)
    if not last:
        return "", [("审查件数", 0)]
    facts: list[Fact] = [("扫描时间", wording.moment(last))]
    if first != last:
        facts = [("扫描时间", f"{wording.moment(first)} 至 {wording.moment(last)}")]
    for name, values in zip(_MADE_BY, made_by, strict=True):
        facts.append((name, "；".join(values or ()) or "未使用"))
    return last, facts


_MADE_BY = ("程序", "规则库", "语义模型", "文字识别", "许可登记册")
_VERSIONS = (
    "SELECT min(checked_at), max(checked_at), "
    + ", ".join(
        f"list_sort(list(DISTINCT {column}) FILTER ({column} IS NOT NULL))"
        for column in ("adscan", "rulebook", "classifier", "ocr", "register")
    )
    + """ FROM ads WHERE decision <> 'error'
    OR NOT EXISTS (SELECT 1 FROM ads WHERE decision <> 'error')"""
)
_NOTES: tuple[Fact, ...] = (
    (
        SUMMARY,
        "按件计数。一件广告可以违反几条规则、宣传几种业务，各项之和可以大于总数；月份只计有发布日的。",
    ),
    ("没有读全", "至少有一部分没有读出来的广告，不能视为没有问题；逐件列在“未读”表。"),
    (CAMPAIGNS.title, "内容相近的广告合为一个活动，只列有问题的活动。"),
    (
        ADS.title,
        "一行一件，包括没有具体问题、但需人工复核的；未发现问题的广告不列，"
        "可用 adscan report --sampling 抽样复核。",
    ),
    (
        FINDINGS.title,
        "一行一个问题。内容、广告主、渠道、发布日都相同的广告只审一次、只列一次，"
        "“件数”是它们的件数，材料和网址是其中一件；各件见“有问题的广告”，按审查编号对应。",
    ),
    (ADVERTISERS.title, "只列有问题的，或资质核验需要注意的广告主。"),
    (
        RELEASED.title,
        "结论为“未发现问题”，但有规则的词句命中，因上下文或模型认为不违规而放过；"
        "一行一处，“件数”是同一审查的件数。怀疑漏判时先看这里。",
    ),
    (
        "结论",
        "都按送审的口径给出：假如这件广告现在送审，应当怎样处理。已经发布的广告，"
        "“修改后发布”指不改正就不应继续发布，“不予发布”指不应继续发布。",
    ),
    (
        "发布日",
        "没有提供发布日的，按扫描当日的法律判断，并在表里写明；首见日、末见日不计这些广告。",
    ),
    *((word, wording.DECISION_MEANINGS[one]) for one, word in wording.DECISIONS.items()),
    ("提示", NOTE),
)
