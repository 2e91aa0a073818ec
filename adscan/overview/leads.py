"""Leads (线索移送): what to hand over to each leading authority, one row a campaign.

A campaign with findings for two authorities is a lead of both, each with the findings that are its
own. A lead is firm if one of these asks to revise or reject, in an ad whose decision is not milder;
otherwise a person has to look before it may be handed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import duckdb

from adscan.overview import stored
from adscan.overview.flagged import FLAGGED, make_flagged, make_openings
from adscan.overview.quoting import FAULT_COLUMNS, JOIN_PART, Quote, fault
from adscan.records.permit import PermitStatus
from adscan.report import wording

NO_AUTHORITY = "未定牵头部门"
QUOTES = 2  # sentences that show one fault
LAWS = 2  # provisions that one fault cites, in the order of the finding


@dataclass(frozen=True)
class Advertiser:
    """Who advertises, and what the permit check said."""

    name: str  # empty: nobody knows
    permit: PermitStatus


@dataclass(frozen=True)
class Charge:
    """One fault of a lead, as the surest of its gravest findings has it."""

    title: str  # of the rule
    words: str  # in their sentence, 【】 around those at fault; empty: it is about the whole ad
    place: str  # the part of the ad
    source: str  # the ad
    laws: tuple[str, ...]  # with how they were checked
    more_laws: int
    reason: str


@dataclass(frozen=True)
class Lead:
    """What one authority is told of one campaign, or of one ad with its exact copies."""

    authority: str  # NO_AUTHORITY: the table has no row
    number: int  # among those of the authority, from 1
    firm: bool  # False: a person must look first
    campaign: str | None
    content: str  # title, or how the text begins
    advertisers: tuple[Advertiser, ...]  # each once
    permit_reasons: tuple[str, ...]  # what the permit check says, the first few
    more_reasons: int
    severity: str  # Chinese
    ads: int  # with findings for this authority
    media: tuple[str, ...]  # Chinese
    first_day: date | None  # None: no ad of it has a day
    last_day: date | None
    charges: tuple[Charge, ...]  # gravest first
    unsure: tuple[str, ...]  # titles of other faults, that a person must look at
    source: str  # where the first charge stands
    record_id: str  # what the archive calls that ad; empty: nothing
    url: str

    @property
    def faults(self) -> tuple[str, ...]:
        """Titles of the charges, each once."""
        return tuple(dict.fromkeys(charge.title for charge in self.charges))


@dataclass(frozen=True)
class Share:
    """How much there is for one authority."""

    authority: str
    firm: int  # leads
    unsure: int  # leads that a person must look at first
    grave: int  # firm ones of high severity
    ads: int  # in firm leads


def make_leads(connection: duckdb.DuckDBPyConnection) -> None:
    """The temporary tables `leads`, `charges`, `involved` and `openings`."""
    make_flagged(connection)
    for query in (_FAULTS, _LEADS, _CHARGES, _INVOLVED):
        connection.execute(query)
    connection.execute("DROP TABLE faults")
    make_openings(connection, "SELECT reading_id FROM charges WHERE nth = 1")


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
    rows = stored.fetch(connection, _READ, [_stored_name(authority)])
    for _, told in groupby(rows, lambda row: row["lead"]):
        yield _lead(authority, list(told))


def find_involved(connection: duckdb.DuckDBPyConnection, authority: str) -> Iterator[stored.Row]:
    """The ads of its leads, by the number of the lead. After `make_leads`."""
    yield from stored.fetch(connection, _READ_INVOLVED, [_stored_name(authority)])


def _stored_name(authority: str) -> str:
    return "" if authority == NO_AUTHORITY else authority


def _lead(authority: str, rows: list[stored.Row]) -> Lead:
    row = rows[0]
    example = row["example"]
    advertisers = [
        Advertiser(stored.advertiser(w["given"], w["found"]), PermitStatus(w["permit"]))
        for w in row["advertisers"]
    ]
    charges = tuple(_charge(one) for one in rows)
    titles = {charge.title for charge in charges}
    return Lead(
        authority=authority,
        number=row["lead"],
        firm=row["firm"],
        campaign=row["campaign_id"],
        content=example["title"] or row["opening"] or "",
        advertisers=tuple(dict.fromkeys(advertisers)),
        permit_reasons=tuple(row["reasons"] or ()),
        more_reasons=row["reason_count"] - len(row["reasons"] or ()),
        severity=stored.severity(("high", "medium", "low")[row["gravity"]]),
        ads=row["ads"],
        media=tuple(map(wording.medium, row["media"] or ())),
        first_day=row["first_day"],
        last_day=row["last_day"],
        charges=charges,
        unsure=_titles(row["unsure"], titles) if row["firm"] else (),
        source=example["source"],
        record_id=example["record_id"] or "",
        url=example["url"] or "",
    )


def _charge(row: stored.Row) -> Charge:
    found = fault(row)
    return Charge(
        title=found.title,
        words="……".join(map(_marked, found.quotes[:QUOTES])),
        place=stored.places((row["evidence"] or ())[:1]),
        source=row["example"]["source"],
        laws=tuple(
            stored.cite(one["title"], one["article"]) + stored.doubt(one)
            for one in row["legal_basis"][:LAWS]
        ),
        more_laws=max(row["provisions"] - LAWS, 0),
        reason=found.explanation,
    )


def _marked(quote: Quote) -> str:
    """The sentence with the words at fault, every second piece, in brackets."""
    marked = (f"【{piece}】" if at % 2 else piece for at, piece in enumerate(quote) if piece)
    return "".join(marked).replace("】【", "")


def _titles(faults: list[dict[str, Any]] | None, known: set[str]) -> tuple[str, ...]:
    titles = dict.fromkeys(fault["title"] for fault in faults or ())
    return tuple(title for title in titles if title not in known)


_SUREST = """gravity, confidence DESC, NOT best, example.source, number"""
_FAULTS = f"""
CREATE OR REPLACE TEMP TABLE faults AS
SELECT f.authority, g.unit, g.campaign_id, f.review_id, f.number, f.rule, f.title,
    {stored.GRAVITY.format("f.severity")} AS gravity, f.confidence,
    f.decision IN ('revise', 'reject') AND g.decision IN ('revise', 'reject') AS firm,
    max(firm) OVER (PARTITION BY f.authority, g.unit) AS firm_lead,
    row_number() OVER (PARTITION BY f.authority, f.review_id, firm ORDER BY f.number) = 1 AS counts,
    g.reading_id, g.ads, g.published, g.medium, g.advertiser, g.permit_advertiser, g.permit_status,
    g.permit_reason, g.best, g.example
FROM findings f JOIN flagged g USING (review_id)
WHERE f.decision IN ('review', 'revise', 'reject')
"""
_LEADS = """
CREATE OR REPLACE TEMP TABLE leads AS
WITH lead AS (
    SELECT authority, unit, any_value(campaign_id) AS campaign_id, firm_lead AS firm,
        min(gravity) FILTER (firm = firm_lead) AS gravity,
        sum(ads) FILTER (firm = firm_lead AND counts)::BIGINT AS ads,
        list_sort(list(DISTINCT medium) FILTER (firm = firm_lead AND medium IS NOT NULL)) AS media,
        min(published) FILTER (firm = firm_lead) AS first_day,
        max(published) FILTER (firm = firm_lead) AS last_day,
        list_sort(list(DISTINCT {'gravity': gravity, 'title': title}) FILTER (NOT firm)) AS unsure,
        list_sort(list(DISTINCT {'given': advertiser, 'found': permit_advertiser,
            'permit': permit_status}) FILTER (firm = firm_lead)) AS advertisers,
        list_sort(list(DISTINCT permit_reason)
            FILTER (firm = firm_lead AND permit_reason <> ''))[:3] AS reasons,
        count(DISTINCT permit_reason) FILTER (firm = firm_lead AND permit_reason <> '')
            AS reason_count
    FROM faults GROUP BY authority, unit, firm_lead
)
SELECT *, row_number() OVER (
    PARTITION BY authority ORDER BY firm DESC, gravity, ads DESC, unit
)::INTEGER AS lead FROM lead
"""
_CHARGES = f"""
CREATE OR REPLACE TEMP TABLE charges AS
WITH r AS (
    SELECT *, row_number() OVER (PARTITION BY authority, unit ORDER BY {_SUREST}) AS nth FROM (
        SELECT * FROM faults WHERE firm = firm_lead
        QUALIFY row_number() OVER (PARTITION BY authority, unit, rule ORDER BY {_SUREST}) = 1
    )
), p AS (
    SELECT reading_id, part, text FROM parts WHERE reading_id IN (SELECT reading_id FROM r)
)
SELECT r.unit, r.nth, r.reading_id, r.example, {FAULT_COLUMNS}
FROM r JOIN findings f ON f.review_id = r.review_id AND f.number = r.number {JOIN_PART}
"""
_INVOLVED = """
CREATE OR REPLACE TEMP TABLE involved AS
SELECT DISTINCT authority, l.lead, review_id
FROM faults JOIN leads l USING (authority, unit) WHERE faults.firm = firm_lead
"""
_READ = """
SELECT l.*, c.* EXCLUDE (authority, unit), o.opening
FROM leads l JOIN charges c USING (authority, unit)
LEFT JOIN openings o ON o.reading_id = c.reading_id
WHERE l.authority = ? ORDER BY l.lead, c.nth
"""
_READ_INVOLVED = f"""
SELECT i.lead, a.source, a.record_id, a.url, a.advertiser, a.permit_advertiser AS found,
    {stored.MEDIUM.format("a.")} AS medium, a.published, a.judged_as_of, a.sha256
FROM involved i JOIN ads a USING (review_id)
WHERE i.authority = ? AND {FLAGGED.format("a")} ORDER BY i.lead, a.source
"""
