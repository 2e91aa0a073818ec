"""The figures of a whole archive: totals, and ads by what they share. All counting is DuckDB's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from adscan.overview import stored
from adscan.overview.groups import (
    MEDIUM,
    NAME,
    PROBLEM_COUNT,
    UNREAD,
    WHO,
    Group,
    Grouping,
    Table,
    count_groups,
)
from adscan.records.review import GenreLabel
from adscan.records.rule import Decision
from adscan.report import wording

MONTHS = 36  # the newest ones, month by month; earlier ones are one row
RULES = 60
ADVERTISERS = 50
REASONS = {
    "not_read": "部分内容没有读出",
    "partly_read": "只读出一部分",
    "picture_missing": "缺少图片",
    "unsure_text": "识别存疑",
    "damaged_file": "文件损坏、缺失或打不开",
    "unsupported_format": "不支持的文件类型",
    "too_large": "超出大小限制",
}
OTHER_REASON = "其他原因"
_TOTALS = """
SELECT (SELECT count(*) FROM readings), (SELECT count(*) FROM campaigns WHERE len(rules) > 0),
    (SELECT count(*) FROM ads WHERE decision = 'pass'
        AND len(list_filter(mentions, lambda m: m.reason = 'exempt')) > 0)
"""
_LEADING_LAWS = """
WITH first AS (
    SELECT rule, legal_basis[1].title AS title, legal_basis[1].article AS article FROM findings
)
SELECT rule, title, article FROM first GROUP BY rule, title, article
QUALIFY row_number() OVER (PARTITION BY rule ORDER BY count(*) DESC, title, article) = 1
"""


@dataclass(frozen=True)
class Totals:
    """The archive as a whole."""

    everything: Group
    contents: int  # different ones that were read
    undated: int  # ads without a day of their own, judged by the law of the day of the scan
    first_day: date | None  # of those with a day
    last_day: date | None
    campaigns: int  # with findings
    released: int  # passes with words a rule knows, allowed by law or by the model
    reasons: Sequence[tuple[str, int]]  # why something was not read, and of how many ads


def find_totals(results: duckdb.DuckDBPyConnection) -> Totals:
    """Counts of everything."""
    counted = count_groups(results, Grouping("'all'", name=lambda *_: "全部广告")).groups
    nothing = Group("all", "全部广告", 0, dict.fromkeys(Decision, 0), 0, 0)
    contents, campaigns, released = stored.one(results, _TOTALS)
    undated, first_day, last_day = stored.one(
        results,
        "SELECT count(*) FILTER (published IS NULL), min(published), max(published) FROM ads",
    )
    return Totals(
        counted[0] if counted else nothing,
        contents,
        undated,
        first_day,
        last_day,
        campaigns,
        released,
        _reasons(results),
    )


def _reasons(results: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    rows = results.execute(
        f"""SELECT coalesce(errors[1].code, '') AS code, count(*) FROM ads WHERE {UNREAD}
        GROUP BY code ORDER BY 2 DESC, code"""
    ).fetchall()
    named: dict[str, int] = {}
    for code, count in rows:
        reason = REASONS.get(code, OTHER_REASON)
        named[reason] = named.get(reason, 0) + count
    return list(named.items())


def rule_titles(results: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the rules that were broken are called."""
    rows = results.execute("SELECT rule, arg_max(title, review_id) FROM findings GROUP BY rule")
    return dict(rows.fetchall())


def by_rule(results: duckdb.DuckDBPyConnection) -> Table:
    """Ads by the rules they break, most first; an ad counts under each.

    The note cites what stands first in most findings of the rule, none if most cite nothing.
    """
    titles = rule_titles(results)
    laws = {
        rule: stored.cite(title, article)
        for rule, title, article in results.execute(_LEADING_LAWS).fetchall()
        if title
    }
    grouping = Grouping(
        "rule",
        "(SELECT unnest(rules) AS rule, decision, unread, severity FROM ads)",
        most=RULES,
        name=lambda key, _: titles.get(key, key),
        note=lambda key, _: laws.get(key, ""),
    )
    return count_groups(results, grouping)


def by_severity(results: duckdb.DuckDBPyConnection) -> Table:
    """Ads by their gravest finding, the gravest first; ads without findings are not listed."""
    grouping = Grouping(
        "severity",
        "(SELECT * FROM ads WHERE severity IS NOT NULL)",
        stored.GRAVITY.format("key"),
        name=lambda key, _: stored.severity(key),
    )
    return count_groups(results, grouping)


def by_medium(results: duckdb.DuckDBPyConnection) -> Table:
    """Ads by where they ran; a medium that no table knows is called as the archive calls it."""
    grouping = Grouping(MEDIUM, name=lambda key, _: wording.medium(key))
    return count_groups(results, grouping)


def by_activity(results: duckdb.DuckDBPyConnection) -> Table:
    """Ads by what they promote; an ad counts under each, ads without any are not listed."""
    source = "(SELECT unnest(activities) AS activity, decision, unread, severity FROM ads)"
    return count_groups(
        results, Grouping("activity", source, name=lambda key, _: stored.activity(key))
    )


def by_genre(results: duckdb.DuckDBPyConnection) -> Table:
    """Ads by the kind of text that they are; ads of which nothing was read have none."""
    source = "(SELECT * FROM ads WHERE decision <> 'error')"
    grouping = Grouping("genre", source, name=lambda key, _: wording.GENRES[GenreLabel(key)])
    return count_groups(results, grouping)


def by_permit(results: duckdb.DuckDBPyConnection) -> Table:
    """Ads by how the advertiser's permit stands; not of those of which nothing was read."""
    source = "(SELECT * FROM ads WHERE decision <> 'error')"
    grouping = Grouping("permit_status", source, name=lambda key, _: stored.permit(key))
    return count_groups(results, grouping)


def by_month(results: duckdb.DuckDBPyConnection) -> Table:
    """Ads that have a day, by month, oldest first: the newest MONTHS, the earlier ones summed."""
    month = "strftime(published, '%Y-%m')"
    since = f"""(SELECT coalesce(min(m), '') FROM (SELECT DISTINCT {month} AS m FROM ads
        WHERE published IS NOT NULL ORDER BY m DESC LIMIT {MONTHS}))"""
    grouping = Grouping(
        f"CASE WHEN {month} >= {since} THEN {month} ELSE '' END",
        "(SELECT * FROM ads WHERE published IS NOT NULL)",
        "key",
        MONTHS + 1,
        name=lambda key, _: key or "更早",
    )
    return count_groups(results, grouping)


def by_advertiser(results: duckdb.DuckDBPyConnection) -> Table:
    """Advertisers with most to answer for first; the note tells how their permits stand.

    Only those with problems or with ads not wholly read; ads that name no advertiser are left out.
    """
    grouping = Grouping(
        "who",
        f"(SELECT {WHO} AS who, {NAME} AS found, * FROM ads WHERE who IS NOT NULL)",
        f"grave DESC, {PROBLEM_COUNT} DESC, ads DESC, key",
        ADVERTISERS,
        f"{PROBLEM_COUNT} > 0 OR count(*) FILTER ({UNREAD}) > 0",
        name=lambda _, extra: stored.advertiser(extra["given"], extra["found"]),
        extra="""{'given': min(nullif(trim(advertiser), '')), 'found': min(found),
            'states': list_sort(list(DISTINCT permit_status) FILTER (decision <> 'error'))}""",
        note=lambda _, extra: "、".join(map(stored.permit, extra["states"] or ())),
    )
    return count_groups(results, grouping)
