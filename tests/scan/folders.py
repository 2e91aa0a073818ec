"""Result folders of a few ads, written from the schemas: what a case does not name is made up."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from adscan.scan.likeness import text_signature
from adscan.scan.tables import TABLES

DAY = date(2026, 11, 3)


def write_ads(folder, ads, per_file=1000):
    """Write dicts of columns of `ads`, plus `text`, `phash` and `preview` of their reading.

    `id` stands for the ad, its reading and its review, unless these are given.
    """
    rows = {name: [] for name in TABLES}
    known = set()
    for ad in ads:
        given = {"decision": "reject", "severity": "high", "rules": ["guaranteed-return"], **ad}
        for key in ("ad_id", "reading_id", "review_id", "source"):
            given.setdefault(key, given["id"])
        given.setdefault("published", DAY)
        given.setdefault("published_given", True)
        given.setdefault("finding_count", len(given["rules"]))
        rows["ads"].append(given)
        if given["reading_id"] in known:
            continue
        known.add(given["reading_id"])
        text = given.get("text", "")
        flagged = given["decision"] not in ("pass", "error")
        signature = text_signature([text]) if given.get("signed", flagged) else None
        rows["readings"].append({**given, "signature": signature, "characters": len(text)})
        rows["parts"].append({**given, "number": 0, "part": "text:0", "kind": "text", "text": text})
    for name, schema in TABLES.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for old in (folder / name).iterdir():
            old.unlink()
        for number, start in enumerate(range(0, len(rows[name]), per_file)):
            some = [_row(schema, row) for row in rows[name][start : start + per_file]]
            path = folder / name / f"{name}-{number:06d}.parquet"
            pq.write_table(pa.Table.from_pylist(some, schema), path)


def _row(schema, given):
    return {field.name: given.get(field.name, _empty(field)) for field in schema}


def _empty(field):
    if field.nullable:
        return None
    if pa.types.is_list(field.type):
        return []
    if pa.types.is_boolean(field.type):
        return False
    if pa.types.is_string(field.type):
        return ""
    return 0
