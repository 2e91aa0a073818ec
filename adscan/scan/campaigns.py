"""Campaigns: the ads with findings that are one advertisement in variants, under a lasting id.

Written anew at the end of each run from everything in the folder; only the ids are taken over
from the run before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from adscan.scan.campaign_names import name_groups
from adscan.scan.grouping import Looks, group_alike
from adscan.scan.likeness import PERMUTATIONS, STORED, text_signature
from adscan.scan.results import open_tables
from adscan.scan.store import write_table
from adscan.scan.tables import CAMPAIGNS, MEMBERS

_MEMORY = "120MB"  # of DuckDB
_THREADS = 2  # each holds a block of pictures
_BATCH = 1000

_FLAGGED = """
CREATE TEMP VIEW flagged AS SELECT * FROM ads
WHERE decision IN ('review', 'revise', 'reject') AND reading_id IS NOT NULL
"""
_COUNT = """
SELECT count(*) FROM (SELECT DISTINCT reading_id FROM flagged) JOIN readings USING (reading_id)
"""
_LOOKS = """
SELECT reading_id, signature, phash
FROM (SELECT DISTINCT reading_id FROM flagged)
JOIN readings USING (reading_id)
LEFT JOIN (
    SELECT reading_id, arg_min(phash, number) AS phash
    FROM parts WHERE phash IS NOT NULL GROUP BY reading_id
) USING (reading_id)
ORDER BY reading_id
"""
_TEXTS = """
SELECT reading_id, list(parts.text ORDER BY number)
FROM (SELECT DISTINCT reading_id FROM flagged)
JOIN readings USING (reading_id)
JOIN parts USING (reading_id)
WHERE signature IS NULL
GROUP BY reading_id
"""
_SUMMARY = """
WITH named AS (
    SELECT campaign_id, flagged.*,
        coalesce(advertiser, permit_advertiser) AS advertiser_name,
        list_position(['review', 'revise', 'reject'], decision) AS gravity,
        coalesce(list_position(['low', 'medium', 'high'], severity), 0) AS weight,
        reading_id IN (SELECT reading_id FROM parts WHERE preview IS NOT NULL) AS shown
    FROM flagged JOIN members USING (reading_id)
), rules AS (
    SELECT campaign_id, list(rule ORDER BY place, times DESC, rule) AS rules FROM (
        SELECT campaign_id, rule, min(place) AS place, count(*) AS times FROM (
            SELECT campaign_id, unnest(rules) AS rule,
                unnest(generate_series(1, len(rules))) AS place
            FROM named
        ) GROUP BY campaign_id, rule
    ) GROUP BY campaign_id
), advertisers AS (
    SELECT campaign_id, list(advertiser_name ORDER BY times DESC, advertiser_name) AS advertisers
    FROM (
        SELECT campaign_id, advertiser_name, count(*) AS times FROM named
        WHERE advertiser_name IS NOT NULL GROUP BY ALL
    ) GROUP BY campaign_id
), media AS (
    SELECT campaign_id, list(medium ORDER BY times DESC, medium) AS media FROM (
        SELECT campaign_id, medium, count(*) AS times FROM named
        WHERE medium IS NOT NULL GROUP BY ALL
    ) GROUP BY campaign_id
), best AS (
    SELECT DISTINCT ON (campaign_id) campaign_id, ad_id AS best_ad FROM named
    ORDER BY campaign_id, gravity DESC, weight DESC, finding_count DESC, shown DESC, ad_id
)
SELECT campaign_id,
    count(*) AS ads,
    count(DISTINCT reading_id) AS variants,
    coalesce(any_value(advertisers), []) AS advertisers,
    coalesce(any_value(media), []) AS media,
    min(published) FILTER (published_given) AS first_day,
    max(published) FILTER (published_given) AS last_day,
    arg_max(decision, gravity) AS decision,
    arg_max(severity, weight) AS severity,
    coalesce(any_value(rules.rules), []) AS rules,
    any_value(best_ad) AS best_ad
FROM named
LEFT JOIN rules USING (campaign_id)
LEFT JOIN advertisers USING (campaign_id)
LEFT JOIN media USING (campaign_id)
JOIN best USING (campaign_id)
GROUP BY campaign_id ORDER BY campaign_id
"""


def find_campaigns(folder: Path, run: int) -> int:
    """Write campaigns.parquet and members.parquet of a result folder; how many campaigns.

    `run` is the first run of the campaigns that were not there before.
    """
    with open_tables(folder) as tables:
        tables.execute(f"SET memory_limit = '{_MEMORY}'")
        tables.execute(f"SET threads = {_THREADS}")
        tables.execute(_FLAGGED)
        readings, looks = _read_looks(tables)
        first_runs = dict(tables.execute("SELECT campaign_id, first_run FROM campaigns").fetchall())
        earlier = dict(tables.execute("SELECT reading_id, campaign_id FROM members").fetchall())
        ids = name_groups(readings, group_alike(looks).tolist(), earlier, first_runs)
        members = pa.table({"campaign_id": ids, "reading_id": readings}, MEMBERS)
        members = members.sort_by([("campaign_id", "ascending"), ("reading_id", "ascending")])
        campaigns = _summarise(tables, members, first_runs, run)
    # The journal counts a cut-off run as the same run: whichever file is missing is made alike.
    write_table(campaigns, folder / "campaigns.parquet")
    write_table(members, folder / "members.parquet")
    number: int = campaigns.num_rows
    return number


def _read_looks(tables: duckdb.DuckDBPyConnection) -> tuple[list[str], Looks]:
    """The ids of the readings with findings, sorted, and how they look."""
    found = tables.execute(_COUNT).fetchone()
    size = found[0] if found else 0
    looks = Looks(
        np.zeros((size, PERMUTATIONS), STORED),
        np.zeros(size, np.bool_),
        np.zeros((size, 64), np.bool_),
        np.zeros(size, np.bool_),
    )
    readings: list[str] = []
    for reading, signature, phash in _rows(tables.execute(_LOOKS)):
        at = len(readings)
        readings.append(reading)
        if signature is not None:
            looks.texts[at], looks.has_text[at] = np.frombuffer(signature, STORED), True
        if phash is not None:
            bits = np.frombuffer(bytes.fromhex(phash), np.uint8)
            looks.pictures[at], looks.has_picture[at] = np.unpackbits(bits), True
    # Only ads with findings get a signature when they are read; a new rulebook may find more.
    places = {reading: at for at, reading in enumerate(readings)}
    for reading, texts in _rows(tables.execute(_TEXTS)):
        if (signature := text_signature(texts)) is not None:
            at = places[reading]
            looks.texts[at], looks.has_text[at] = np.frombuffer(signature, STORED), True
    return readings, looks


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    return chain.from_iterable(iter(lambda: result.fetchmany(_BATCH), []))


def _summarise(
    tables: duckdb.DuckDBPyConnection,
    members: pa.Table,
    first_runs: Mapping[str, int],
    run: int,
) -> pa.Table:
    """The rows of campaigns.parquet."""
    tables.execute("DROP VIEW IF EXISTS members")
    tables.register("members", members)
    result = tables.execute(_SUMMARY)
    names = [column[0] for column in result.description]
    batches = [CAMPAIGNS.empty_table()]
    while rows := result.fetchmany(_BATCH):
        named = [dict(zip(names, row, strict=True)) for row in rows]
        for row in named:
            row["first_run"] = first_runs.get(row["campaign_id"], run)
        batches.append(pa.Table.from_pylist(named, CAMPAIGNS))
    return pa.concat_tables(batches)
