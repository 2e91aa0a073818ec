"""The ads with something to act on, by review and by campaign: what leads and alerts start from."""

from __future__ import annotations

import duckdb

from adscan.overview import stored

OPENING = 60  # characters of a text that tell people which one it is

FLAGGED = "{0}.decision IN ('review', 'revise', 'reject') AND {0}.finding_count > 0"
# An ad outside all campaigns is a unit of its own, with its exact copies.
UNIT = "coalesce(m.campaign_id, a.reading_id, a.ad_id)"


def make_flagged(connection: duckdb.DuckDBPyConnection) -> None:
    """The temporary table `flagged`: one row a review that is no pass and has findings.

    Content, advertiser, medium and day are the same in all ads of a review. `example` is its first
    ad by name; `best` says whether it has the ad that shows its campaign best.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE flagged AS
        SELECT a.review_id, {UNIT} AS unit,
            any_value(m.campaign_id) AS campaign_id, any_value(a.reading_id) AS reading_id,
            any_value(a.decision) AS decision, count(*)::INTEGER AS ads,
            any_value(a.published) AS published, min({stored.MEDIUM.format("a.")}) AS medium,
            any_value(a.advertiser) AS advertiser,
            any_value(a.permit_advertiser) AS permit_advertiser,
            any_value(a.permit_status) AS permit_status,
            any_value(a.permit_reason) AS permit_reason,
            bool_or(c.best_ad IS NOT NULL) AS best,
            arg_min({{'source': a.source, 'record_id': a.record_id, 'url': a.url,
                'title': a.title}}, {{'worse': c.best_ad IS NULL, 'source': a.source}}) AS example
        FROM ads a LEFT JOIN members m USING (reading_id)
        LEFT JOIN campaigns c ON c.campaign_id = m.campaign_id AND c.best_ad = a.ad_id
        WHERE {FLAGGED.format("a")}
        GROUP BY a.review_id, unit
        """
    )


def make_openings(connection: duckdb.DuckDBPyConnection, wanted: str) -> None:
    """The temporary table `openings`: how the texts of the readings of a query begin."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE openings AS
        SELECT reading_id, left(string_agg(left(text, {OPENING}), ' ' ORDER BY number), {OPENING})
            AS opening
        FROM parts
        WHERE NOT hidden AND text <> '' AND reading_id IN ({wanted})
        GROUP BY reading_id
        """
    )
