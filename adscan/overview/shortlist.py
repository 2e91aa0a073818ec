"""What of an archive a page has room for: campaigns, findings and unread ads, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from adscan.overview import stored
from adscan.overview.groups import MEDIUM, NAME
from adscan.overview.quoting import FAULT_COLUMNS, JOIN_PART, Fault, fault, fit
from adscan.overview.stored import Row
from adscan.records.rule import Decision, Severity
from adscan.report import wording

CAMPAIGNS = 60
FINDINGS = 4_000
UNREAD = 100
HEADING = 40  # characters
_RANK = "CASE {0} WHEN 'reject' THEN 0 WHEN 'revise' THEN 1 WHEN 'review' THEN 2 ELSE 3 END"

_ORDER = "again, gravity, rank, ads DESC, review_id, number"
_CAMPAIGN_ORDER = f"""{stored.GRAVITY.format("severity")}, {_RANK.format("decision")}, ads DESC,
campaign_id"""


@dataclass(frozen=True)
class Listed:
    """A finding of one ad, or of several with the same content, advertiser, medium and day."""

    fault: Fault
    decision: Decision  # of the ad
    source: str  # of the first of them
    url: str
    title: str
    advertiser: str
    permit: str
    medium: str
    day: str  # says so if it is unknown
    ads: int
    campaign_ads: int  # 0: in none


@dataclass(frozen=True)
class Campaign:
    """Ads that are alike, shown by the best of them."""

    name: str
    decision: Decision
    severity: Severity | None
    rules: Sequence[str]  # their titles, the gravest first
    ads: int
    variants: int
    advertisers: str
    media: str
    first_day: date | None  # None: no ad of it has a day
    last_day: date | None
    source: str
    url: str
    title: str
    permits: Sequence[str]  # how permits stand, and whose if not all are alike
    fault: Fault | None
    picture: bytes | None  # JPEG

    @property
    def heading(self) -> str:
        """What people know it by: a title, else words of it."""
        quotes = self.fault.quotes if self.fault else ()
        words = " ".join("".join(quote) for quote in quotes)
        told = self.title or words or self.source or self.name
        return told if len(told) <= HEADING else f"{told[:HEADING]}…"


@dataclass(frozen=True)
class Unread:
    """An ad of which something was not read."""

    source: str
    title: str
    decision: Decision
    told: str


def make_shortlist(results: duckdb.DuckDBPyConnection) -> int:
    """The temporary table `shown` for `listed_findings`; gives how many findings there are in all.

    Of each campaign and rule the surest finding comes first, the other ads' after all of these.
    """
    results.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE shown AS
        WITH reviewed AS (
            SELECT review_id, count(*)::INTEGER AS ads, any_value(decision) AS decision,
                any_value(reading_id) AS reading_id
            FROM ads WHERE finding_count > 0 GROUP BY review_id
        ), ranked AS (
            SELECT f.review_id, f.number, {stored.GRAVITY.format("f.severity")} AS gravity,
                {_RANK.format("r.decision")} AS rank, coalesce(c.ads, r.ads) AS ads,
                count(*) OVER () AS in_all,
                row_number() OVER (
                    PARTITION BY coalesce(m.campaign_id, r.reading_id, f.review_id), f.rule
                    ORDER BY f.confidence DESC, r.ads DESC, f.review_id, f.number
                ) > 1 AS again
            FROM findings f JOIN reviewed r USING (review_id) LEFT JOIN members m USING (reading_id)
            LEFT JOIN campaigns c USING (campaign_id)
        )
        SELECT *, row_number() OVER (ORDER BY {_ORDER}) AS place FROM (
            SELECT * FROM ranked ORDER BY {_ORDER} LIMIT {FINDINGS}
        )
        """
    )
    (count,) = stored.one(results, "SELECT coalesce(any_value(in_all), 0) FROM shown")
    return int(count)


def listed_findings(results: duckdb.DuckDBPyConnection) -> Iterator[Listed]:
    """The worst findings of the archive, after `make_shortlist`."""
    for row in stored.fetch(
        results,
        f"""
        WITH reviewed AS (
            SELECT review_id, count(*)::INTEGER AS ads,
                arg_min({{'source': source, 'url': url, 'title': title, 'medium': {MEDIUM}}},
                    source) AS example,
                any_value(COLUMNS(['reading_id', 'decision', 'published', 'judged_as_of',
                    'advertiser', 'permit_advertiser', 'permit_status']))
            FROM ads WHERE review_id IN (SELECT review_id FROM shown) GROUP BY review_id
        ), told AS (
            SELECT * FROM findings WHERE review_id IN (SELECT review_id FROM shown)
        ), member AS (
            SELECT reading_id, c.ads AS campaign_ads
            FROM members JOIN campaigns c USING (campaign_id)
            WHERE reading_id IN (SELECT reading_id FROM reviewed)
        ), p AS (
            SELECT reading_id, part, text FROM parts
            WHERE reading_id IN (SELECT reading_id FROM reviewed)
        )
        SELECT {FAULT_COLUMNS}, r.* EXCLUDE (review_id, reading_id), m.campaign_ads
        FROM shown s JOIN told f USING (review_id, number) JOIN reviewed r USING (review_id)
        LEFT JOIN member m USING (reading_id) {JOIN_PART}
        ORDER BY s.place
        """,
    ):
        example = row["example"]
        yield Listed(
            fault(row),
            Decision(row["decision"]),
            fit(example["source"]),
            fit(example["url"] or ""),
            fit(example["title"] or ""),
            fit(stored.advertiser(row["advertiser"], row["permit_advertiser"])),
            stored.permit(row["permit_status"]),
            fit(wording.medium(example["medium"])),
            _day(row["published"], row["judged_as_of"]),
            row["ads"],
            row["campaign_ads"] or 0,
        )


def _day(published: date | None, judged_as_of: date) -> str:
    return str(published) if published else f"未提供（按 {judged_as_of} 的法律判断）"


def count_campaigns(results: duckdb.DuckDBPyConnection) -> int:
    """Campaigns with findings."""
    (count,) = stored.one(results, "SELECT count(*) FROM campaigns WHERE len(rules) > 0")
    return int(count)


def listed_campaigns(
    results: duckdb.DuckDBPyConnection, titles: dict[str, str]
) -> Iterator[Campaign]:
    """The worst campaigns with findings, the larger before the smaller. `titles` are of rules.

    Each is shown by the gravest finding of its best ad, one with words before one without.
    """
    results.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE shown_campaigns AS
        SELECT *, row_number() OVER (ORDER BY {_CAMPAIGN_ORDER}) AS place FROM (
            SELECT * FROM campaigns WHERE len(rules) > 0
            ORDER BY {_CAMPAIGN_ORDER} LIMIT {CAMPAIGNS}
        )
        """
    )
    for row in stored.fetch(
        results,
        f"""
        WITH example AS (
            SELECT ad_id, source, url, title AS ad_title, review_id, reading_id
            FROM ads WHERE ad_id IN (SELECT best_ad FROM shown_campaigns)
        ), told AS (
            SELECT campaign_id, list(DISTINCT medium ORDER BY medium) AS all_media,
                list(DISTINCT {{'permit': permit_status, 'who': who}}
                    ORDER BY {{'permit': permit_status, 'who': who}}) AS standings
            FROM (
                SELECT campaign_id, permit_status, {NAME} AS who, {MEDIUM} AS medium
                FROM ads JOIN members USING (reading_id)
                WHERE campaign_id IN (SELECT campaign_id FROM shown_campaigns)
                    AND decision NOT IN ('pass', 'error')
            ) GROUP BY campaign_id
        ), best AS (
            SELECT c.*, t.* EXCLUDE (campaign_id), a.* FROM shown_campaigns c
            LEFT JOIN example a ON a.ad_id = c.best_ad LEFT JOIN told t USING (campaign_id)
        ), p AS (
            SELECT reading_id, part, text FROM parts
            WHERE reading_id IN (SELECT reading_id FROM best)
        ), pictured AS (
            SELECT reading_id, arg_min(preview, number) AS preview FROM parts
            WHERE preview IS NOT NULL AND reading_id IN (SELECT reading_id FROM best)
            GROUP BY reading_id
        ), best_finding AS (
            SELECT * FROM findings WHERE review_id IN (SELECT review_id FROM best)
            QUALIFY row_number() OVER (PARTITION BY review_id ORDER BY
                {stored.GRAVITY.format("severity")}, len(evidence) = 0, number) = 1
        )
        SELECT r.* EXCLUDE (severity, decision), r.severity AS campaign_severity, r.decision,
            i.preview, {FAULT_COLUMNS}
        FROM best r LEFT JOIN best_finding f ON f.review_id = r.review_id
        LEFT JOIN pictured i ON i.reading_id = r.reading_id {JOIN_PART} ORDER BY r.place
        """,
    ):
        yield _campaign(row, titles)


def _campaign(row: Row, titles: dict[str, str]) -> Campaign:
    return Campaign(
        row["campaign_id"],
        Decision(row["decision"]),
        Severity(row["campaign_severity"]) if row["campaign_severity"] else None,
        [fit(titles.get(rule, rule)) for rule in row["rules"]],
        row["ads"],
        row["variants"],
        fit(stored.some(row["advertisers"])),
        fit("、".join(wording.medium(one) for one in row["all_media"] or () if one)),
        row["first_day"],
        row["last_day"],
        fit(row["source"] or ""),
        fit(row["url"] or ""),
        fit(row["ad_title"] or ""),
        _permits(row["standings"] or ()),
        fault(row) if row["rule"] else None,
        row["preview"],
    )


def _permits(standings: Sequence[Row]) -> list[str]:
    """Each status once; whose it is unless all have the same."""
    whose: dict[str, list[str]] = {}
    for one in standings:
        whose.setdefault(one["permit"], []).append(one["who"] or "没有写明的广告主")
    if len(whose) == 1:
        return [stored.permit(status) for status in whose]
    return [fit(f"{stored.permit(status)}：{stored.some(who)}") for status, who in whose.items()]


def listed_unread(results: duckdb.DuckDBPyConnection) -> list[Unread]:
    """Ads of which something was not read; those of which nothing was come first."""
    rows = stored.fetch(
        results,
        f"""SELECT source, title, decision, errors[:3] AS errors FROM ads
        WHERE unread OR decision = 'error'
        ORDER BY decision <> 'error', source LIMIT {UNREAD}""",
    )
    return [
        Unread(
            fit(row["source"]),
            fit(row["title"] or ""),
            Decision(row["decision"]),
            fit("；".join(dict.fromkeys(one["message"] for one in row["errors"]))),
        )
        for row in rows
    ]
