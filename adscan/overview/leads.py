"""Leads (线索移送): what to hand over to each leading authority, one row a campaign.

A campaign with findings for two authorities is a lead of both, each with the findings that are its
own. A lead is firm if one of these asks to revise or reject, in an ad whose decision is not milder;
otherwise a person has to look before it may be handed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from adscan.overview import stored
from adscan.overview.flagged import make_flagged, make_openings
from adscan.records.permit import PermitStatus
from adscan.report import wording

NO_AUTHORITY = "未定牵头部门"


@dataclass(frozen=True)
class Advertiser:
    """Who advertises, and what the permit check said."""

    name: str  # empty: nobody knows
    permit: PermitStatus


@dataclass(frozen=True)
class Lead:
    """What one authority is told of one campaign, or of one ad with its exact copies."""

    authority: str  # NO_AUTHORITY: the table has no row
    number: int  # among those of the authority, from 1
    firm: bool  # False: a person must look first
    campaign: str | None
    content: str  # title, or how the text begins
    advertisers: tuple[Advertiser, ...]  # each once
    severity: str  # Chinese
    ads: int  # with findings for this authority
    media: tuple[str, ...]  # Chinese
    first_day: date
    last_day: date
    faults: tuple[str, ...]  # titles of the rules, gravest first
    unsure: tuple[str, ...]  # titles of those that a person must look at
    provisions: tuple[str, ...]
    words: str  # best evidence
    reason: str  # why they are a fault
    source: str  # where the best evidence stands
    url: str


@dataclass(frozen=True)
class Share:
    """How much there is for one authority."""

    authority: str
    firm: int  # leads
    unsure: int  # leads that a person must look at first
    grave: int  # firm ones of high severity
    ads: int  # in firm leads


def make_leads(connection: duckdb.DuckDBPyConnection) -> None:
    """The temporary tables `flagged`, `leads` and `openings`."""
    make_flagged(connection)
    connection.execute(_FAULTS)
    connection.execute(_LEADS)
    connection.execute("DROP TABLE faults")
    make_openings(connection, "SELECT best.reading_id FROM leads")


def find_shares(connection: duckdb.DuckDBPyConnection) -> list[Share]:
    """The authorities that have leads, the one with most to do first. After `make_leads`."""
    rows = connection.execute(
        """
        SELECT authority, count(*) FILTER (firm), count(*) FILTER (NOT firm),
            count(*) FILTER (firm AND gravity = 0), coalesce(sum(ads) FILTER (firm), 0)::BIGINT
        FROM leads GROUP BY authority ORDER BY authority = '', 2 DESC, 3 DESC, authority
        """
    ).fetchall()
    return [Share(row[0] or NO_AUTHORITY, *row[1:]) for row in rows]


def find_leads(connection: duckdb.DuckDBPyConnection, authority: str) -> Iterator[Lead]:
    """Its leads: firm ones first, the gravest, then the largest. After `make_leads`."""
    wanted = "" if authority == NO_AUTHORITY else authority
    for number, row in enumerate(stored.fetch(connection, _READ, [wanted]), 1):
        yield _lead(authority, number, row)


def _lead(authority: str, number: int, row: stored.Row) -> Lead:
    best = row["best"]
    advertisers = [
        Advertiser(stored.advertiser(w["given"], w["found"]), PermitStatus(w["permit"]))
        for w in row["advertisers"]
    ]
    return Lead(
        authority=authority,
        number=number,
        firm=row["firm"],
        campaign=row["campaign_id"],
        content=best["title"] or row["opening"] or "",
        advertisers=tuple(dict.fromkeys(advertisers)),
        severity=stored.severity(("high", "medium", "low")[row["gravity"]]),
        ads=row["ads"],
        media=tuple(wording.medium(medium) for medium in row["media"] or ()),
        first_day=row["first_day"],
        last_day=row["last_day"],
        faults=_titles(row["faults"]),
        unsure=_titles(row["unsure"]) if row["firm"] else (),
        provisions=tuple(
            dict.fromkeys(stored.cite(p["title"], p["article"]) for p in row["provisions"])
        ),
        words=stored.quoted(row["evidence"]),
        reason=row["explanation"],
        source=best["source"],
        url=best["url"] or "",
    )


def _titles(faults: list[dict[str, Any]] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fault["title"] for fault in faults or ()))


_FAULTS = f"""
CREATE OR REPLACE TEMP TABLE faults AS
SELECT f.authority, g.unit, g.campaign_id, f.review_id, f.number, f.title,
    {stored.GRAVITY.format("f.severity")} AS gravity, f.confidence,
    f.decision IN ('revise', 'reject') AND g.decision IN ('revise', 'reject') AS firm,
    max(firm) OVER (PARTITION BY f.authority, g.unit) AS firm_lead,
    row_number() OVER (PARTITION BY f.authority, f.review_id, firm ORDER BY f.number) = 1 AS counts,
    [{{'title': p.title, 'article': p.article}} for p in f.legal_basis] AS provisions,
    g.reading_id, g.ads, g.published, g.medium, g.advertiser, g.permit_advertiser, g.permit_status,
    g.best, g.example
FROM findings f JOIN flagged g USING (review_id)
WHERE f.decision IN ('review', 'revise', 'reject')
"""
_LEADS = """
CREATE OR REPLACE TEMP TABLE leads AS
SELECT authority, unit, any_value(campaign_id) AS campaign_id, firm_lead AS firm,
    min(gravity) FILTER (firm = firm_lead) AS gravity,
    sum(ads) FILTER (firm = firm_lead AND counts)::BIGINT AS ads,
    list_sort(list(DISTINCT medium) FILTER (firm = firm_lead AND medium IS NOT NULL)) AS media,
    min(published) FILTER (firm = firm_lead) AS first_day,
    max(published) FILTER (firm = firm_lead) AS last_day,
    list_sort(list(DISTINCT {'gravity': gravity, 'title': title}) FILTER (firm = firm_lead))
        AS faults,
    list_sort(list(DISTINCT {'gravity': gravity, 'title': title}) FILTER (NOT firm)) AS unsure,
    list_sort(list_distinct(flatten(list(provisions) FILTER (firm = firm_lead)))) AS provisions,
    list_sort(list(DISTINCT {'given': advertiser, 'found': permit_advertiser,
        'permit': permit_status}) FILTER (firm = firm_lead)) AS advertisers,
    arg_min({'review_id': review_id, 'number': number, 'reading_id': reading_id,
        'source': example.source, 'url': example.url, 'title': example.title},
        {'unsure': NOT firm, 'gravity': gravity, 'doubt': -confidence, 'worse': NOT best,
         'source': example.source, 'number': number}) AS best
FROM faults GROUP BY authority, unit, firm_lead
"""
_READ = """
SELECT l.*, o.opening, f.evidence, f.explanation
FROM leads l
JOIN findings f ON f.review_id = l.best.review_id AND f.number = l.best.number
LEFT JOIN openings o ON o.reading_id = l.best.reading_id
WHERE l.authority = ?
ORDER BY l.firm DESC, l.gravity, l.ads DESC, l.unit
"""
