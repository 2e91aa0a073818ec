"""Leads and alerts as a workbook, a sheet an authority, and as tables of a CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
from openpyxl import Workbook

from adscan.overview import stored
from adscan.overview.alerts import Alert, Runs, day_range, find_alerts
from adscan.overview.books import Fact, add_facts, new_book, pieces, sheet_name
from adscan.overview.leads import (
    Charge,
    Lead,
    Share,
    find_involved,
    find_leads,
    find_shares,
    make_leads,
)
from adscan.records.permit import IN_ORDER
from adscan.report import wording
from adscan.report.rows import Column
from adscan.report.workbook.lists import MAX_ROWS, SheetList
from adscan.report.workbook.styles import add_telling
from adscan.report.workbook.summary import NOTE

FIRM = "可移送"
UNSURE = "待人工复核"
SUMMARY, INVOLVED, ALERTS, NOTES = "移送汇总", "涉及广告", "预警", "说明"
MOST_CHARGES = 6  # that one cell tells; more would be taller than a row can be


Involved = tuple[str, stored.Row]  # an authority, and an ad of one of its leads


def request(lead: Lead) -> str:
    """What the authority is asked to look at."""
    asked = f"请核查是否成立：{'；'.join(lead.faults)}。"
    if not any(one.name for one in lead.advertisers):
        asked += "广告主未能确定，请先查明。"
    amiss = dict.fromkeys(one.permit for one in lead.advertisers if one.permit not in IN_ORDER)
    if amiss:
        asked += f"并请核对广告主的资质：{'；'.join(wording.PERMITS[one] for one in amiss)}。"
    return asked if lead.firm else f"须先由人工复核，确认后再移送。{asked}"


def charge_line(charge: Charge, lead: Lead) -> str:
    """The fault, its words and where they stand, and the law, in one line."""
    words = f"“{charge.words}”（{charge.place}）" if charge.words else "针对整篇内容，没有具体词句"
    if charge.source != lead.source:
        words += f"（见 {charge.source}）"
    laws = "、".join(charge.laws) or "没有查到有效条款，须人工核对"
    if charge.more_laws:
        laws += f" 等 {len(charge.laws) + charge.more_laws} 条"
    return f"{charge.title}｜{words}｜{laws}"


def _charges(lead: Lead) -> str:
    told = [charge_line(charge, lead) for charge in lead.charges[:MOST_CHARGES]]
    more = len(lead.charges) - len(told)
    return "\n".join([*told, *([f"另有 {more} 项，见报告工作簿的“问题清单”"] if more else [])])


def _permit_reasons(lead: Lead) -> str:
    more = [f"另有 {lead.more_reasons} 种说明"] if lead.more_reasons else []
    return "\n".join([*lead.permit_reasons, *more])


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
    Column("资质说明", 30, _permit_reasons),
    Column("问题", 20, lambda lead: "\n".join(lead.faults)),
    Column("问题｜词句｜依据", 90, _charges),
    Column("首要问题的理由", 34, lambda lead: lead.charges[0].reason),
    Column("证据出处", 26, lambda lead: lead.source),
    Column("存档编号", 16, lambda lead: lead.record_id),
    Column("位置", 10, lambda lead: lead.charges[0].place),
    Column("网址", 28, lambda lead: lead.url),
    Column("广告件数", 9, lambda lead: lead.ads),
    Column("渠道", 14, lambda lead: "、".join(lead.media) or "未提供"),
    Column("首见日", 12, lambda lead: stored.seen_on(lead.first_day)),
    Column("末见日", 12, lambda lead: stored.seen_on(lead.last_day)),
    Column("请核查的事项", 36, request),
    Column("另有待复核的问题", 18, lambda lead: "\n".join(lead.unsure)),
    Column("活动编号", 18, lambda lead: lead.campaign or "单件"),
)
INVOLVED_COLUMNS: tuple[Column[Involved], ...] = (
    Column("牵头部门", 18, lambda one: one[0]),
    Column("线索序号", 8, lambda one: one[1]["lead"]),
    Column("材料", 30, lambda one: one[1]["source"]),
    Column("存档编号", 16, lambda one: one[1]["record_id"] or ""),
    Column("网址", 28, lambda one: one[1]["url"] or ""),
    Column("广告主", 22, lambda one: stored.advertiser(one[1]["advertiser"], one[1]["found"])),
    Column("渠道", 10, lambda one: stored.medium(one[1]["medium"])),
    Column("发布日", 14, lambda one: stored.published(one[1]["published"], one[1]["judged_as_of"])),
    Column("文件 SHA-256", 34, lambda one: one[1]["sha256"] or ""),
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
    ("件数、日期", "只算有这一部门问题的广告；没有一件提供发布日的写“未知”。"),
    (
        "问题｜词句｜依据",
        "一个问题一行，取各件中最严重、最有把握的一处，【】内是有问题的词句；依据按审查意见的次序列前几条，"
        "[待核原文] 的须先核对法条。各件各处的问题和全部依据见 "
        "adscan report --format xlsx 的“问题清单”。",
    ),
    (
        "资质说明",
        "“登记册里查不到”有两种：名录完整，可以认定没有许可；或没有该日的完整名录，不能断定。以此栏为准。",
    ),
    (INVOLVED, "各部门每条线索的全部广告，一行一件；线索序号是该部门表里的序号。"),
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
        title = sheet_name(share.authority, (*book.sheetnames, INVOLVED, ALERTS, NOTES))
        sheet = SheetList(book, title, LEAD_COLUMNS, max_rows)
        for lead in find_leads(connection, share.authority):
            sheet.add(lead, lead.severity if lead.firm else UNSURE)
        sheet.close()
    if shares:
        _add_involved(book, connection, shares, max_rows)
    _add_alerts(book, connection, runs, max_rows)
    empty = () if shares else (("移送", "没有可以移送或待复核的线索。"),)
    add_facts(book, NOTES, (*empty, *_NOTES, (ALERTS, runs.introduction())))
    return pieces(book, stored.scanned_at(connection), "线索移送表")


def render_alerts(
    connection: duckdb.DuckDBPyConnection, runs: Runs, max_rows: int = MAX_ROWS
) -> Iterator[bytes]:
    """A workbook of the alerts alone."""
    book = new_book()
    _add_alerts(book, connection, runs, max_rows)
    add_facts(book, NOTES, ((ALERTS, runs.introduction()), ("提示", NOTE)))
    return pieces(book, stored.scanned_at(connection), "预警")


def _add_involved(
    book: Workbook, connection: duckdb.DuckDBPyConnection, shares: Iterable[Share], max_rows: int
) -> None:
    sheet = SheetList(book, INVOLVED, INVOLVED_COLUMNS, max_rows)
    for share in shares:
        for row in find_involved(connection, share.authority):
            sheet.add((share.authority, row))
    sheet.close()


def _add_alerts(
    book: Workbook, connection: duckdb.DuckDBPyConnection, runs: Runs, max_rows: int
) -> None:
    sheet = SheetList(book, ALERTS, ALERT_COLUMNS, max_rows)
    some = False
    for alert in find_alerts(connection, runs):
        some = True
        sheet.add(alert, alert.severity)
    if not some:
        compared = runs.old_ads and runs.new_ads
        sheet.note(runs.introduction() + ("没有预警。" if compared else ""))
    sheet.close()
