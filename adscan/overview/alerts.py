"""Alerts (预警): what the newest run brought: new campaigns, sudden growth, new advertisers.

Only what has findings is told of. Sudden growth is a test of shares, so that a larger crawl alone
raises no alarm: of all ads published since a campaign's first day (those without a day, too; of the
whole archive if no ad of the campaign has one), the newest run brought
`new_all` and the runs before `old_all`; had the campaign kept its share, each of its ads would be
among the new ones with the chance new_all / (new_all + old_all) (two Poisson counts compared by
the binomial that they leave, Przyborowski and Wilenski 1940). It grew if the chance of so many new
ones is below ALARM, shared among all campaigns that are tested (Bonferroni), and there are at
least FEWEST.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

import duckdb

from adscan.overview import stored
from adscan.overview.chances import at_least
from adscan.overview.flagged import make_openings
from adscan.overview.groups import WHO
from adscan.report.visible import one_line

ALARM = 0.01  # chance of a false alarm of growth in a whole run
FEWEST = 5  # new ads; fewer are no matter, however rare
CAMPAIGN = 2  # ads that make a new campaign; a single one is merely an ad


class Kind(str, Enum):
    """Why something is an alert; the values are what people read."""

    CAMPAIGN = "新活动"
    GROWTH = "突然增多"
    ADVERTISER = "首次出现的广告主"


@dataclass(frozen=True)
class Alert:
    """One thing that is new since the run before."""

    kind: Kind
    subject: str  # how the campaign's text begins, or the advertiser
    severity: str  # Chinese, the gravest
    new_ads: int  # that the newest run brought
    first_day: date | None  # among these; None: none of them has a day
    last_day: date | None
    told: str  # one Chinese sentence
    campaign: str | None
    source: str  # of an example
    url: str


@dataclass(frozen=True)
class Runs:
    """The newest run of the folder, and what there is to compare."""

    newest: int
    new_ads: int  # that it met
    old_ads: int  # that earlier ones met

    def introduction(self) -> str:
        """What is compared with what."""
        if not self.old_ads:
            return "这是第一次扫描，没有以前的结果可以比较，所以没有预警。"
        if not self.new_ads:
            return f"第 {self.newest} 次扫描没有收到新的广告，所以没有预警。"
        return (
            f"第 {self.newest} 次扫描新收的 {self.new_ads} 件广告，与此前的 {self.old_ads} 件比较。"
            f"只列有问题的广告；“{Kind.CAMPAIGN.value}”至少有 {CAMPAIGN} 件。"
            f"“{Kind.GROWTH.value}”指某活动在新收广告里占的比例明显比以前高："
            f"新件不少于 {FEWEST} 件，而且多到不大可能是碰巧，"
            f"全部活动合计，误报的机会不到 {ALARM:.0%}。单是这次收得多，不算增多。"
        )


def find_runs(connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> Runs:
    """The runs by the manifest of the folder; one that met nothing new counts too."""
    newest = max((run["number"] for run in manifest["runs"]), default=0)
    query = """
        SELECT $newest, count(*) FILTER (run >= $newest), count(*) FILTER (run < $newest) FROM ads
    """
    return Runs(*stored.one(connection, query, {"newest": newest}))


def find_alerts(connection: duckdb.DuckDBPyConnection, runs: Runs) -> Iterator[Alert]:
    """All alerts, by kind, then the gravest and largest first; none of a first run."""
    if not (runs.old_ads and runs.new_ads):
        return
    connection.execute(_SEEN, {"newest": runs.newest})
    make_openings(connection, "SELECT reading_id FROM seen")
    yield from _campaigns(connection)
    yield from _growths(connection)
    for row in stored.fetch(connection, _ADVERTISERS, {"newest": runs.newest}):
        name = stored.advertiser(row["advertiser"], row["permit_advertiser"])
        yield _alert(
            Kind.ADVERTISER, row, name, f"此前没有见过这一广告主，本次有问题的 {row['new_ads']} 件"
        )


def _campaigns(connection: duckdb.DuckDBPyConnection) -> Iterator[Alert]:
    for row in stored.fetch(
        connection, f"{_READ} WHERE s.old_ads = 0 AND s.new_ads >= {CAMPAIGN} {_ORDER}"
    ):
        yield _alert(Kind.CAMPAIGN, row, _subject(row), f"此前没有见过，本次 {row['new_ads']} 件")


def _growths(connection: duckdb.DuckDBPyConnection) -> Iterator[Alert]:
    (tests,) = stored.one(connection, "SELECT count(*) FROM seen WHERE old_ads > 0")
    query = f"{_READ} WHERE s.old_ads > 0 AND s.new_ads >= {FEWEST} {_ORDER}"
    for row in stored.fetch(connection, query):
        new, old, new_all, old_all = (row[k] for k in ("new_ads", "old_ads", "new_all", "old_all"))
        if at_least(new, new + old, new_all / (new_all + old_all)) < ALARM / tests:
            times = new / new_all / (old / old_all)
            told = (
                f"{'活动出现以来' if row['since'] else '全部广告中'}，"
                f"以前每 100 件广告里约有它 {_in_hundred(old, old_all)} 件，"
                f"本次约有 {_in_hundred(new, new_all)} 件，是以前的 {times:.1f} 倍"
                f"（以前 {old_all} 件中 {old} 件，本次 {new_all} 件中 {new} 件）"
            )
            yield _alert(Kind.GROWTH, row, _subject(row), told)


def _in_hundred(part: int, whole: int) -> str:
    share = 100 * part / whole
    return f"{share:.0f}" if share >= 10 else f"{share:.2g}"


def _subject(row: stored.Row) -> str:
    return str(row["example"]["title"] or row["opening"] or row["example"]["source"])


def _alert(kind: Kind, row: stored.Row, subject: str, told: str) -> Alert:
    return Alert(
        kind=kind,
        subject=subject,
        severity=stored.severity(("high", "medium", "low", None)[row["gravity"]]),
        new_ads=row["new_ads"],
        first_day=row["first_day"],
        last_day=row["last_day"],
        told=told,
        campaign=row["campaign_id"],
        source=row["example"]["source"],
        url=row["example"]["url"] or "",
    )


def render_lines(runs: Runs, alerts: Iterator[Alert]) -> Iterator[str]:
    """Plain text: what is compared, then a paragraph an alert."""
    yield f"{runs.introduction()}\n"
    some = False
    for alert in alerts:
        some = True
        days = day_range(alert.first_day, alert.last_day)
        yield f"\n{alert.kind.value}（{alert.severity}）：{one_line(alert.subject)}\n"
        yield f"  {alert.told}；{days}\n"
        yield f"  例：{one_line(alert.source)} {one_line(alert.url)}".rstrip() + "\n"
    if runs.old_ads and runs.new_ads and not some:
        yield "\n没有预警。\n"


def day_range(first: date | None, last: date | None) -> str:
    """`2026-11-01 至 2026-11-05`, or the only day; says so if no day is known."""
    if first is None:
        return "发布日未知"
    return str(first) if first == last else f"{first} 至 {last}"


_EXAMPLE = "{'source': a.source, 'url': a.url, 'title': a.title}"
_FLAGGED = "a.decision IN ('review', 'revise', 'reject') AND a.finding_count > 0"
_GRAVITY = stored.GRAVITY.format("a.severity")
# Of each campaign with new flagged ads: its ads of the newest run and before; and beside these all
# ads published since its first day.
_SEEN = f"""
CREATE OR REPLACE TEMP TABLE seen AS
WITH campaign AS (
    SELECT m.campaign_id,
        min(a.published) AS since,
        count(*) FILTER (a.run = $newest)::INTEGER AS new_ads,
        count(*) FILTER (a.run < $newest)::INTEGER AS old_ads,
        min(a.published) FILTER (a.run = $newest) AS first_day,
        max(a.published) FILTER (a.run = $newest) AS last_day,
        min({_GRAVITY}) FILTER (a.run = $newest) AS gravity,
        arg_min({_EXAMPLE}, a.source)
            FILTER (a.run = $newest AND {_FLAGGED}) AS example,
        arg_min(a.reading_id, a.source) FILTER (a.run = $newest AND {_FLAGGED}) AS reading_id
    FROM ads a JOIN members m USING (reading_id)
    GROUP BY campaign_id HAVING count(*) FILTER (a.run = $newest AND {_FLAGGED}) > 0
), day AS (
    SELECT published,
        count(*) FILTER (run = $newest) AS new_ads, count(*) FILTER (run < $newest) AS old_ads
    FROM ads GROUP BY published
), since AS (
    SELECT published, sum(new_ads) OVER later AS new_all, sum(old_ads) OVER later AS old_all
    FROM day
    WINDOW later AS (ORDER BY published DESC NULLS FIRST ROWS UNBOUNDED PRECEDING)
), whole AS (
    SELECT sum(new_ads) AS new_all, sum(old_ads) AS old_all FROM day
)
SELECT campaign.*, coalesce(since.new_all, whole.new_all)::BIGINT AS new_all,
    coalesce(since.old_all, whole.old_all)::BIGINT AS old_all
FROM campaign CROSS JOIN whole LEFT JOIN since ON since.published = campaign.since
"""
_READ = "SELECT s.*, o.opening FROM seen s LEFT JOIN openings o USING (reading_id)"
_ORDER = "ORDER BY s.gravity, s.new_ads DESC, s.campaign_id"
_ADVERTISERS = f"""
SELECT {WHO} AS who,
    arg_min(a.advertiser, a.source) FILTER ({_FLAGGED}) AS advertiser,
    arg_min(a.permit_advertiser, a.source) FILTER ({_FLAGGED}) AS permit_advertiser,
    count(*) FILTER ({_FLAGGED})::INTEGER AS new_ads, min({_GRAVITY}) AS gravity,
    min(a.published) AS first_day, max(a.published) AS last_day,
    arg_min({_EXAMPLE}, a.source) FILTER ({_FLAGGED}) AS example, NULL AS campaign_id
FROM ads a
WHERE who IS NOT NULL
GROUP BY who HAVING min(a.run) = $newest AND new_ads > 0
ORDER BY gravity, new_ads DESC, who
"""
