"""The lists of a scan that people filter: campaigns, flagged ads, findings, advertisers, gaps.

Each is one query and its columns; rows come as they are needed, gravest first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adscan.overview import stored
from adscan.overview.stored import Row
from adscan.records.rule import Decision, MentionReason
from adscan.report import wording
from adscan.report.rows import Column
from adscan.report.workbook.values import Percent

RowColumn = Column[Row]


@dataclass(frozen=True)
class Listing:
    """One list."""

    title: str
    query: str
    columns: Sequence[RowColumn]
    telling: Callable[[Row], str] = lambda row: stored.decision(row["decision"])


def _plain(heading: str, width: float, key: str) -> RowColumn:
    return Column(heading, width, lambda row: _value(row[key]))


def _value(value: Any) -> str | int | float:
    if value is None:
        return ""
    return value if isinstance(value, (str, int, float)) else str(value)


def _provisions(row: Row) -> str:
    if not row["rule"]:
        return ""
    cited = [
        f"{stored.cite(p['title'], p['article'])}：{p['gist']}{stored.doubt(p)}"
        for p in row["legal_basis"]
    ]
    return "\n".join(cited) or "发布日没有查到有效条款，须人工核对"


def _permit(row: Row) -> str:
    """The permit status; nothing was checked of an ad that was not reviewed."""
    return "—" if row["decision"] == Decision.ERROR.value else stored.permit(row["permit_status"])


def _unread(row: Row) -> str:
    """What could not be read, each once; empty if all was."""
    told = dict.fromkeys([*(error["message"] for error in row["errors"]), *(row["gaps"] or ())])
    return "；".join(told) or ("有内容没有读出" if row["unread"] else "")


_PLACED: tuple[RowColumn, ...] = (
    Column("广告主", 22, lambda row: stored.advertiser(row["advertiser"], row["found"])),
    Column("渠道", 10, lambda row: stored.medium(row["medium"])),
    Column("发布日", 14, lambda row: stored.published(row["published"], row["judged_as_of"])),
)
_OF_THE_AD: tuple[RowColumn, ...] = (
    _plain("材料", 30, "source"),
    _plain("存档编号", 16, "record_id"),
    _plain("网址", 28, "url"),
    _plain("标题", 24, "title"),
    *_PLACED,
    Column("结论", 12, lambda row: stored.decision(row["decision"])),
)
_PERMIT: tuple[RowColumn, ...] = (
    Column("资质核验", 18, _permit),
    _plain("资质说明", 30, "permit_reason"),
)
_FAULT: tuple[RowColumn, ...] = (
    _plain("规则", 18, "finding"),
    _plain("规则编号", 18, "rule"),
    Column("严重程度", 9, lambda row: stored.severity(row["severity"])),
    Column(
        "处理",
        11,
        lambda row: wording.FINDING_DECISIONS[Decision(row["asked"])] if row["asked"] else "",
    ),
    Column("置信度", 8, lambda row: "" if row["rule"] is None else Percent.of(row["confidence"])),
    _plain("牵头部门", 16, "authority"),
    Column("原文", 30, lambda row: stored.quoted(row["evidence"]) if row["rule"] else ""),
    Column("位置", 12, lambda row: stored.places(row["evidence"]) if row["rule"] else ""),
    Column("依据", 46, _provisions),
    _plain("理由", 34, "explanation"),
    _plain("怎样改", 34, "remedy"),
)
_SEEN: tuple[RowColumn, ...] = (
    Column("首见日", 12, lambda row: stored.seen_on(row["first_day"])),
    Column("末见日", 12, lambda row: stored.seen_on(row["last_day"])),
)
_KEYS: tuple[RowColumn, ...] = (
    _plain("活动编号", 18, "campaign_id"),
    _plain("审查编号", 18, "review_id"),
)

_AD = f"""a.source, a.record_id, a.url, a.title, a.advertiser, a.permit_advertiser AS found,
{stored.MEDIUM.format("a.")} AS medium, a.published, a.judged_as_of, a.decision, a.permit_status,
a.permit_reason, a.review_id"""
# What the ads of one review share.
_REVIEWED = f"""any_value(advertiser) AS advertiser, any_value(permit_advertiser) AS found,
min({stored.MEDIUM.format("a.")}) AS medium, any_value(published) AS published,
any_value(judged_as_of) AS judged_as_of, any_value(decision) AS decision"""
_UNREAD = "a.unread, a.errors, g.gaps"
# What of a reading could not be read, by its parts and by what was noticed.
_GAPS = """gap AS (
    SELECT reading_id, unread AS told FROM parts WHERE unread IS NOT NULL
    UNION ALL
    SELECT reading_id, notice.message FROM (
        SELECT reading_id, unnest(notices) AS notice FROM parts
        UNION ALL SELECT reading_id, unnest(notices) FROM readings
    ) WHERE notice.unread
), gaps AS (
    SELECT reading_id, list(DISTINCT told ORDER BY told) AS gaps FROM gap GROUP BY reading_id
)"""
_FINDING = """f.rule, f.title AS finding, f.severity, f.decision AS asked, f.confidence,
f.authority, f.evidence, f.legal_basis, f.explanation, f.remedy"""
_GRAVEST = """CASE {0}.decision
WHEN 'reject' THEN 0 WHEN 'revise' THEN 1 WHEN 'review' THEN 2 WHEN 'error' THEN 3 ELSE 4 END"""
# Ads with nothing to find and nothing amiss are millions; the sheets leave them out.
_NOTABLE = "(a.decision <> 'pass' OR a.unread OR a.finding_count > 0)"

AD_FINDINGS = Listing(
    "问题",
    f"""
    WITH {_GAPS}
    SELECT {_AD}, {_UNREAD}, {_FINDING}, m.campaign_id
    FROM ads a LEFT JOIN findings f USING (review_id) LEFT JOIN members m USING (reading_id)
    LEFT JOIN gaps g USING (reading_id)
    WHERE {_NOTABLE} ORDER BY {_GRAVEST.format("a")}, a.source, f.number
    """,
    (
        *_OF_THE_AD,
        *_PERMIT,
        *_FAULT,
        Column("未读出的内容", 30, _unread),
        *_KEYS,
    ),
)
ADS = Listing(
    "有问题的广告",
    f"""
    WITH {_GAPS}
    SELECT {_AD}, {_UNREAD}, a.severity, a.finding_count, a.authorities, m.campaign_id
    FROM ads a LEFT JOIN members m USING (reading_id) LEFT JOIN gaps g USING (reading_id)
    WHERE a.decision IN ('review', 'revise', 'reject') OR a.finding_count > 0
    ORDER BY {_GRAVEST.format("a")}, {stored.GRAVITY.format("a.severity")}, a.source
    """,
    (
        *_OF_THE_AD,
        Column("最重", 8, lambda row: stored.severity(row["severity"])),
        _plain("问题数", 8, "finding_count"),
        Column("牵头部门", 18, lambda row: "、".join(filter(None, row["authorities"]))),
        *_PERMIT,
        Column("未读出的内容", 30, _unread),
        *_KEYS,
    ),
)
FINDINGS = Listing(
    "问题清单",
    f"""
    WITH review AS (
        SELECT review_id, count(*)::INTEGER AS ads, arg_min({{'source': source, 'url': url,
            'title': title, 'record_id': record_id, 'reading_id': reading_id}}, source) AS example,
            {_REVIEWED}
        FROM ads a WHERE finding_count > 0 GROUP BY review_id
    )
    SELECT r.example.source AS source, r.example.record_id AS record_id, r.example.url AS url,
        r.example.title AS title, r.* EXCLUDE (example), {_FINDING}, m.campaign_id
    FROM findings f JOIN review r USING (review_id)
    LEFT JOIN members m ON m.reading_id = r.example.reading_id
    ORDER BY {stored.GRAVITY.format("f.severity")}, {_GRAVEST.format("f")}, source, f.number
    """,
    (*_FAULT, _plain("件数", 8, "ads"), *_OF_THE_AD, *_KEYS),
    lambda row: stored.severity(row["severity"]),
)
CAMPAIGNS = Listing(
    "活动",
    f"""
    WITH name AS (
        SELECT rule, any_value(title) AS title FROM findings GROUP BY rule
    ), told AS (
        SELECT campaign_id, list(coalesce(title, rule) ORDER BY place) AS titles
        FROM (
            SELECT campaign_id, unnest(rules) AS rule, generate_subscripts(rules, 1) AS place
            FROM campaigns
        ) LEFT JOIN name USING (rule) GROUP BY campaign_id
    )
    SELECT c.*, t.titles, a.source, a.record_id, a.url, a.title
    FROM campaigns c LEFT JOIN told t USING (campaign_id) LEFT JOIN ads a ON a.ad_id = c.best_ad
    WHERE len(c.rules) > 0
    ORDER BY {_GRAVEST.format("c")}, {stored.GRAVITY.format("c.severity")}, c.ads DESC, campaign_id
    """,
    (
        _plain("活动编号", 18, "campaign_id"),
        Column("结论", 12, lambda row: stored.decision(row["decision"])),
        Column("最重", 8, lambda row: stored.severity(row["severity"])),
        _plain("件数", 8, "ads"),
        _plain("不同内容", 8, "variants"),
        Column("广告主", 26, lambda row: stored.some(row["advertisers"])),
        Column("渠道", 16, lambda row: "、".join(map(stored.medium, row["media"]))),
        *_SEEN,
        _plain("首见于第几次扫描", 10, "first_run"),
        Column("问题", 28, lambda row: "\n".join(row["titles"] or ())),
        _plain("代表材料", 30, "source"),
        _plain("存档编号", 16, "record_id"),
        _plain("网址", 28, "url"),
        _plain("标题", 24, "title"),
    ),
)
ADVERTISERS = Listing(
    "广告主",
    f"""
    WITH named AS (SELECT {stored.WHO.format("a.")} AS who, a.* FROM ads a WHERE who IS NOT NULL)
    SELECT arg_min(advertiser, source) FILTER (trim(advertiser) <> '') AS advertiser,
        arg_min(permit_advertiser, source) AS found, count(*)::INTEGER AS ads,
        count(*) FILTER (decision = 'reject')::INTEGER AS reject,
        count(*) FILTER (decision = 'revise')::INTEGER AS revise,
        count(*) FILTER (decision = 'review')::INTEGER AS review,
        count(*) FILTER (severity = 'high')::INTEGER AS grave,
        list_sort(list(DISTINCT permit_status) FILTER (decision <> 'error')) AS permits,
        arg_min(permit_reason, source) FILTER (decision <> 'error') AS permit_reason,
        min(published) AS first_day, max(published) AS last_day
    FROM named GROUP BY who
    HAVING count(*) FILTER (finding_count > 0 OR decision <> 'error'
        AND permit_status NOT IN ('covered', 'not_required', 'no_register')) > 0
    ORDER BY grave DESC, reject DESC, revise DESC, review DESC, ads DESC, who
    """,
    (
        Column("广告主", 34, lambda row: stored.advertiser(row["advertiser"], row["found"])),
        Column(
            "资质核验", 24, lambda row: "\n".join(map(stored.permit, row["permits"] or ())) or "—"
        ),
        _plain("资质说明", 40, "permit_reason"),
        _plain("件数", 8, "ads"),
        _plain("不予发布", 8, "reject"),
        _plain("修改后发布", 10, "revise"),
        _plain("需人工复核", 10, "review"),
        _plain("有严重问题", 10, "grave"),
        *_SEEN,
    ),
    lambda row: "",
)
UNREAD = Listing(
    "未读",
    f"""
    WITH {_GAPS}
    SELECT {_AD}, {_UNREAD}
    FROM ads a LEFT JOIN gaps g USING (reading_id) WHERE a.unread OR a.decision = 'error'
    ORDER BY a.decision <> 'error', a.source
    """,
    (*_OF_THE_AD, Column("没有读出的内容", 60, _unread)),
)
# A rule's words stood there, but the context or the model let the ad off: where to look for what
# was let off wrongly.
RELEASED = Listing(
    "词句命中、模型认为不构成",
    f"""
    WITH review AS (
        SELECT review_id, count(*)::INTEGER AS ads, min(source) AS source,
            arg_min({{'id': record_id}}, source).id AS record_id, {_REVIEWED},
            any_value(mentions) AS held
        FROM ads a WHERE decision = 'pass' AND len(mentions) > 0 GROUP BY review_id
    )
    SELECT * EXCLUDE (held, mention), mention.title AS title, mention.rule AS rule,
        mention.evidence AS evidence
    FROM (SELECT *, unnest(held) AS mention, generate_subscripts(held, 1) AS nth FROM review)
    WHERE mention.reason = '{MentionReason.EXEMPT.value}' ORDER BY source, nth
    """,
    (
        _plain("材料", 30, "source"),
        _plain("存档编号", 16, "record_id"),
        *_PLACED,
        Column("规则", 24, lambda row: row["title"] or row["rule"]),
        Column("词句", 46, lambda row: stored.quoted(row["evidence"])),
        Column("位置", 12, lambda row: stored.places(row["evidence"])),
        _plain("件数", 8, "ads"),
        _plain("审查编号", 18, "review_id"),
    ),
    lambda row: "",
)
