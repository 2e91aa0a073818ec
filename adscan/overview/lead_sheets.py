"""Leads and alerts as a workbook, a sheet an authority, and as tables of a CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
from openpyxl import Workbook

from adscan.overview import stored
from adscan.overview.alerts import Alert, Runs, day_range, find_alerts
from adscan.overview.books import Fact, add_facts, new_book, pieces, sheet_name
from adscan.overview.leads import Lead, Share, find_leads, find_shares, make_leads
from adscan.records.permit import IN_ORDER
from adscan.report import wording
from adscan.report.rows import Column
from adscan.report.workbook.lists import MAX_ROWS, SheetList
from adscan.report.workbook.styles import add_telling
from adscan.report.workbook.summary import NOTE

FIRM = "可移送"
UNSURE = "待人工复核"
SUMMARY, ALERTS, NOTES = "移送汇总", "预警", "说明"


def request(lead: Lead) -> str:
    """What the authority is asked to look at."""
    asked = f"请核查是否成立：{'、'.join(lead.faults)}。"
    amiss = dict.fromkeys(one.permit for one in lead.advertisers if one.permit not in IN_ORDER)
    if amiss:
        asked += f"并请核对广告主的资质：{'、'.join(wording.PERMITS[one] for one in amiss)}。"
    return asked if lead.firm else f"须先由人工复核，确认后再移送。{asked}"


def _names(lead: Lead) -> str:
    names = [one.name for one in lead.advertisers if one.name]
    return stored.some(names) or "未能确定"


def _permits(lead: Lead) -> str:
    """The status; of each advertiser where they differ."""
    statuses = list(dict.fromkeys(one.permit for one in lead.advertisers))
    if len(statuses) == 1:
        return wording.PERMITS[statuses[0]]
    told = [
        f"{one.name or '未能确定'}：{wording.PERMITS[one.permit]}"
        for one in lead.advertisers[: stored.MOST]
    ]
    more = len(lead.advertisers) - len(told)
    return "\n".join([*told, *([f"另有 {more} 个"] if more else [])])


LEAD_COLUMNS: tuple[Column[Lead], ...] = (
    Column("序号", 6, lambda lead: lead.number),
    Column("状态", 11, lambda lead: FIRM if lead.firm else UNSURE),
    Column("严重程度", 9, lambda lead: lead.severity),
    Column("内容", 30, lambda lead: lead.content),
    Column("广告主", 24, _names),
    Column("资质核验", 18, _permits),
    Column("问题", 20, lambda lead: "\n".join(lead.faults)),
    Column("主要证据", 30, lambda lead: lead.words),
    Column("证据出处", 26, lambda lead: lead.source),
    Column("网址", 28, lambda lead: lead.url),
    Column("广告件数", 9, lambda lead: lead.ads),
    Column("渠道", 14, lambda lead: "、".join(lead.media) or "未知"),
    Column("首见日", 12, lambda lead: str(lead.first_day)),
    Column("末见日", 12, lambda lead: str(lead.last_day)),
    Column("依据", 30, lambda lead: "\n".join(lead.provisions) or "没有查到有效条款，须人工核对"),
    Column("理由", 34, lambda lead: lead.reason),
    Column("请核查的事项", 36, request),
    Column("另有待复核的问题", 18, lambda lead: "\n".join(lead.unsure)),
    Column("活动编号", 18, lambda lead: lead.campaign or "单件"),
)
ALERT_COLUMNS: tuple[Column[Alert], ...] = (
    Column("类别", 16, lambda alert: alert.kind.value),
    Column("严重程度", 9, lambda alert: alert.severity),
    Column("活动内容或广告主", 34, lambda alert: alert.subject),
    Column("本次新增件数", 9, lambda alert: alert.new_ads),
    Column("发布日", 24, lambda alert: day_range(alert.first_day, alert.last_day)),
    Column("说明", 44, lambda alert: alert.told),
    Column("例", 28, lambda alert: alert.source),
    Column("网址", 30, lambda alert: alert.url),
    Column("活动编号", 18, lambda alert: alert.campaign or ""),
)
_SHARE_COLUMNS: tuple[Column[Share], ...] = (
    Column("牵头部门", 34, lambda share: share.authority),
    Column("可移送线索", 12, lambda share: share.firm),
    Column("其中严重", 12, lambda share: share.grave),
    Column("涉及广告件数", 14, lambda share: share.ads),
    Column("待人工复核线索", 16, lambda share: share.unsure),
)
_NOTES: tuple[Fact, ...] = (
    ("线索", "一行是一个活动（内容相近的广告）或一件广告，连同内容完全相同的各件。"),
    ("多个部门", "同一活动的问题分属几个部门时，每个部门的表里都有，各列各的问题和件数。"),
    (FIRM, "至少有一项问题应改写或不予发布；同一部门的存疑问题另列一栏，不计入件数。"),
    (UNSURE, "只有存疑的问题，排在表的后面；未经人工确认不要移送。"),
    ("件数、日期", "只算有这一部门问题的广告；证据取其中最严重、最有把握的一处。"),
    ("提示", NOTE),
)


def lead_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[Lead]:
    """All leads, authority by authority."""
    make_leads(connection)
    for share in find_shares(connection):
        yield from find_leads(connection, share.authority)


def render_leads(
    connection: duckdb.DuckDBPyConnection, runs: Runs, max_rows: int = MAX_ROWS
) -> Iterator[bytes]:
    """The workbook: how much there is for whom, a sheet an authority, alerts, notes."""
    book = new_book()
    add_telling(book, UNSURE, "需人工复核")
    make_leads(connection)
    shares = find_shares(connection)
    summary = SheetList(book, SUMMARY, _SHARE_COLUMNS, max_rows)
    for share in shares:
        summary.add(share)
    summary.close()
    for share in shares:
        title = sheet_name(share.authority, (*book.sheetnames, ALERTS, NOTES))
        sheet = SheetList(book, title, LEAD_COLUMNS, max_rows)
        for lead in find_leads(connection, share.authority):
            sheet.add(lead, lead.severity if lead.firm else UNSURE)
        sheet.close()
    _add_alerts(book, find_alerts(connection, runs), max_rows)
    empty = () if shares else (("移送", "没有可以移送或待复核的线索。"),)
    add_facts(book, NOTES, (*empty, *_NOTES, (ALERTS, runs.introduction())))
    return pieces(book, stored.scanned_at(connection), "线索移送表")


def render_alerts(
    connection: duckdb.DuckDBPyConnection, runs: Runs, max_rows: int = MAX_ROWS
) -> Iterator[bytes]:
    """A workbook of the alerts alone."""
    book = new_book()
    _add_alerts(book, find_alerts(connection, runs), max_rows)
    add_facts(book, NOTES, ((ALERTS, runs.introduction()), ("提示", NOTE)))
    return pieces(book, stored.scanned_at(connection), "预警")


def _add_alerts(book: Workbook, alerts: Iterable[Alert], max_rows: int) -> None:
    sheet = SheetList(book, ALERTS, ALERT_COLUMNS, max_rows)
    for alert in alerts:
        sheet.add(alert, alert.severity)
    sheet.close()
