"""Result folders with known contents: a few ads row by row, or any number of them in columns.

`write_results` takes rows (see `ad`, `finding`, `part`, `campaign`). `write_many` makes up ads by
arithmetic, so that every figure of theirs is known; see there.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

from adscan.scan.tables import CAMPAIGNS, MEMBERS, SCHEMA_VERSION, TABLES

Row = dict[str, Any]

EDITION = {
    "adscan": "0.1.0",
    "rulebook": "2026.11",
    "classifier": "sha256:c1a551f1e4",
    "register": "sha256:4e9157e4",
    "point": "archive",
    "within_days": 0,
    "reading": "PP-OCRv5 mobile",
}
RUN = {
    "number": 1,
    "started": "2026-11-25T09:30:00+08:00",
    "finished": "2026-11-25T10:02:00+08:00",
}
LAW = {
    "instrument": "ad-law",
    "title": "中华人民共和国广告法（2015年修订，2018、2021年修正）",
    "article": "第二十五条第（一）项",
    "gist": "不得对未来效果、收益作出保证性承诺，明示或者暗示保本、无风险或者保收益",
    "ref": "",
    "checked": "text",
    "in_force_from": "2015-09-01",
    "in_force_until": None,
}
READING: Row = {
    **dict.fromkeys(("title", "account", "page_date", "ocr", "signature", "classifier", "answers")),
    "kind": "text",
    "notices": [],
    "characters": 60,
    "pictures": 0,
}
SETTINGS: dict[str, Row] = {
    "guaranteed-return": {"title": "承诺保本保收益", "category": "return_promise"},
    "missing-risk-warning": {"title": "没有风险提示", "category": "disclosure"},
    "unlicensed-offer": {"title": "无资质从事须许可的业务", "category": "licensing"},
}


def ad(number: int = 0, **changes: Any) -> Row:
    """A row of `ads`: a pass that nothing is the matter with, changed as told."""
    name = changes.pop("name", f"{number:032x}")
    row: Row = {
        "ad_id": name,
        "source": f"posts.jsonl#{number + 1}",
        "record_id": str(number),
        "url": None,
        "run": 1,
        "reading_id": name,
        "review_id": name,
        "sha256": name,
        "kind": "text",
        "title": None,
        "advertiser": None,
        "advertiser_given": None,
        "published": date(2026, 11, 3),
        "published_given": True,
        "medium": None,
        "medium_given": None,
        "decision": "pass",
        "risk": 0.01,
        "genre": "advertisement",
        "genre_confidence": 0.98,
        "severity": None,
        "finding_count": 0,
        "rules": [],
        "authorities": [],
        "permit_status": "not_required",
        "permit_advertiser": None,
        "permit_reason": None,
        "activities": [],
        "unread": False,
        "errors": [],
        "mentions": [],
        "not_checked": [],
        "adscan": EDITION["adscan"],
        "rulebook": EDITION["rulebook"],
        "classifier": EDITION["classifier"],
        "ocr": None,
        "register": EDITION["register"],
        "checked_at": RUN["started"],
    }
    return row | changes


def flagged(number: int = 0, rule: str = "guaranteed-return", **changes: Any) -> Row:
    """A row of `ads` with one grave finding."""
    told: Row = {
        "decision": "reject",
        "risk": 0.97,
        "severity": "high",
        "finding_count": 1,
        "rules": [rule],
        "authorities": ["市场监督管理部门"],
    }
    return ad(number, **(told | changes))


def evidence(text: str = "保本保息", start: int = 5, part: str = "text:0", **changes: Any) -> Row:
    """One place of a finding."""
    row = {
        "part": part,
        "text": text,
        "start": start,
        "end": start + len(text),
        "page": None,
        "polygon": [],
        "read_as": None,
    }
    return row | changes


def mention(reason: str = "exempt", rule: str = "guaranteed-return") -> Row:
    """Words that a rule knows and that are no finding, of the column `mentions`."""
    return {"rule": rule, "title": SETTINGS[rule]["title"], "reason": reason, "evidence": []}


def finding(review: Row, rule: str = "guaranteed-return", number: int = 1, **changes: Any) -> Row:
    """A row of `findings` for the review of a row of `ads`."""
    row = {
        "review_id": review["review_id"],
        "number": number,
        "rule": rule,
        **SETTINGS[rule],
        "severity": "high",
        "decision": "reject",
        "confidence": 0.98,
        "origin": ["pattern"],
        "authority": "市场监督管理部门",
        "evidence": [evidence()],
        "legal_basis": [LAW],
        "explanation": "“保本保息”是对收益的保证。",
        "remedy": "删去保本、保收益的表述，补上风险提示。",
    }
    return row | changes


def part(owner: Row, text: str = "澄湖理财，保本保息，名额有限。", **changes: Any) -> Row:
    """A row of `parts` of the reading of a row of `ads`."""
    row = {
        "reading_id": owner["reading_id"],
        "number": 0,
        "part": "text:0",
        "kind": "text",
        "text": text,
        "page": None,
        "hidden": False,
        "unread": None,
        "lines": [],
        "looks": [],
        "notices": [],
        "phash": None,
        "preview": None,
    }
    return row | changes


def campaign(name: str, ads: Sequence[Row], **changes: Any) -> Row:
    """A row of `campaigns` of rows of `ads`; the first of them is the best."""
    days = [one["published"] for one in ads if one["published_given"]]
    row = {
        "campaign_id": name,
        "ads": len(ads),
        "variants": len({one["reading_id"] for one in ads}),
        "advertisers": sorted({one["advertiser"] for one in ads if one["advertiser"]}),
        "media": sorted({one["medium"] for one in ads if one["medium"]}),
        "first_day": min(days, default=None),
        "last_day": max(days, default=None),
        "first_run": min(one["run"] for one in ads),
        "decision": ads[0]["decision"],
        "severity": ads[0]["severity"],
        "rules": ads[0]["rules"],
        "best_ad": ads[0]["ad_id"],
    }
    return row | changes


def members(campaign_row: Row, ads: Sequence[Row]) -> list[Row]:
    """Rows of `members`."""
    readings = dict.fromkeys(one["reading_id"] for one in ads)
    return [{"campaign_id": campaign_row["campaign_id"], "reading_id": one} for one in readings]


def picture(words: str = "", size: tuple[int, int] = (320, 200)) -> bytes:
    """A small JPEG, as `preview.py` makes them."""
    image = Image.new("RGB", size, (236, 240, 246))
    pen = ImageDraw.Draw(image)
    for row in range(24, size[1], 24):
        pen.rectangle((20, row - 10, size[0] - 40 - row % 70, row), fill=(120, 130, 150))
    pen.rectangle((16, 30, size[0] // 2, 52), outline=(200, 16, 46), width=3)
    pen.text((20, 6), words, fill=(30, 40, 60))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=70)
    return file.getvalue()


def write_results(folder: Path, **tables: Sequence[Row]) -> Path:
    """Writes the tables named, the others empty, and the manifest; `runs` and `edition` too."""
    runs = tables.pop("runs", [RUN | {"ads": len(tables.get("ads", ()))}])
    for name, schema in TABLES.items():
        table = pa.Table.from_pylist(list(tables.get(name, ())), schema=schema)
        if table.num_rows:
            _write(folder / name / "0000.parquet", [table], schema)
    for name, schema in (("campaigns", CAMPAIGNS), ("members", MEMBERS)):
        table = pa.Table.from_pylist(list(tables.get(name, ())), schema=schema)
        _write(folder / f"{name}.parquet", [table], schema)
    write_manifest(folder, list(runs))
    return folder


def write_manifest(folder: Path, runs: list[Row], **changes: Any) -> None:
    """manifest.json as a scan leaves it."""
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "adscan": EDITION["adscan"],
        "complete": True,
        "edition": EDITION,
        "runs": runs,
    }
    text = json.dumps(manifest | changes, ensure_ascii=False)
    (folder / "manifest.json").write_text(text, "utf-8")


# --- any number of ads -----------------------------------------------------------------------

CYCLE = 20  # ads alike in what was found; of each 20: see KINDS
KINDS = (
    # decision, severity, rules, permit status, activities, unread
    ("reject", "high", ["guaranteed-return", "missing-risk-warning"], "covered", ["fund_sales"], 0),
    ("reject", "high", ["unlicensed-offer"], "not_in_register", ["microloan"], 0),
    ("revise", "medium", ["missing-risk-warning"], "covered", ["insurance"], 0),
    ("review", "low", ["missing-risk-warning"], "ambiguous", ["fund_sales"], 1),
    ("error", None, [], "not_required", [], 1),
    ("review", None, [], "not_required", [], 1),
    *[("pass", None, [], "not_required", [], 0)] * (CYCLE - 6),
)
MEDIA_USED = ("sms", "web_page", "wechat_account", "short_video", "outdoor", None)
FIRST_DAY = date(2025, 12, 1)
DAYS = 360
BATCH = 100_000
_AUTHORITIES = ["市场监督管理部门"]
_STRINGS = pa.list_(pa.string())
PICTURED = 10  # one in so many readings of the first kind has a preview


def campaigns_of(count: int) -> int:
    """How many campaigns `write_many` makes of so many ads: about 50 ads each, by 20s."""
    return max(CYCLE, count // 50 // CYCLE * CYCLE)


def write_many(folder: Path, count: int, advertisers: int = 5_000) -> Path:
    """`count` ads; the kind of ad i is KINDS[i % 20], its campaign i % campaigns_of(count).

    The campaigns stand behind each other again and again; each second time they are exact copies.
    """
    campaigns = campaigns_of(count)
    numbers = [np.arange(s, min(s + BATCH, count)) for s in range(0, count, BATCH)]
    fresh = [batch[batch // campaigns % 2 == 0] for batch in numbers]
    maker = _Maker(campaigns, advertisers)
    _write(folder / "ads" / "0.parquet", map(maker.ads, numbers), TABLES["ads"])
    _write(folder / "parts" / "0.parquet", map(maker.parts, fresh), TABLES["parts"])
    _write(folder / "readings" / "0.parquet", map(maker.readings, fresh), TABLES["readings"])
    found = (table for batch in fresh for table in maker.findings(batch))
    _write(folder / "findings" / "0.parquet", found, TABLES["findings"])
    _write(folder / "campaigns.parquet", [maker.campaign_rows(count)], CAMPAIGNS)
    _write(folder / "members.parquet", map(maker.member_rows, fresh), MEMBERS)
    write_manifest(folder, [RUN | {"ads": count}])
    return folder


class _Maker:
    def __init__(self, campaigns: int, advertisers: int) -> None:
        self.campaigns, self.advertisers = campaigns, advertisers
        self.previews = [picture(f"No. {n}") for n in range(8)]

    def ads(self, i: np.ndarray) -> pa.Table:
        reading = np.where(i // self.campaigns % 2 == 0, i, i - self.campaigns)
        kind = i % CYCLE
        given = reading % 11 != 0
        columns = {
            "ad_id": _ids("a", i),
            "source": _words("posts.parquet#%d", i),
            "record_id": _words("%d", i),
            "url": _words("https://ads.example/p/%d", i),
            "reading_id": _ids("d", reading),
            "review_id": _ids("e", reading),
            "sha256": _ids("d", reading),
            "title": _words("澄湖理财推广第 %d 期", i % self.campaigns),
            "published": self._days(reading),
            "medium": _taken(MEDIA_USED, reading // CYCLE % len(MEDIA_USED), pa.string()),
            "decision": _taken([k[0] for k in KINDS], kind, pa.string()),
            "severity": _taken([k[1] for k in KINDS], kind, pa.string()),
            "finding_count": pa.array([len(k[2]) for k in KINDS], pa.int32()).take(pa.array(kind)),
            "rules": _taken([k[2] for k in KINDS], kind, _STRINGS),
            "authorities": _taken([_AUTHORITIES[: bool(k[2])] for k in KINDS], kind, _STRINGS),
            "permit_status": _taken([k[3] for k in KINDS], kind, pa.string()),
            "activities": _taken([k[4] for k in KINDS], kind, _STRINGS),
            "unread": _taken([bool(k[5]) for k in KINDS], kind, pa.bool_()),
            "advertiser": pa.array(self._names(reading), mask=~given),
        }
        return _filled(columns, ad(), len(i), TABLES["ads"])

    def parts(self, r: np.ndarray) -> pa.Table:
        text = _joined(
            "澄湖理财，保本保息，名额有限。第 ", r, " 号宣传，详情请到门店咨询，地址略。"
        )
        shown = (r % CYCLE == 0) & (r // CYCLE % PICTURED == 0)
        previews = pa.array(self.previews, pa.binary()).take(
            pa.array(r // CYCLE % len(self.previews), mask=~shown)
        )
        columns = {"reading_id": _ids("d", r), "text": text, "preview": previews}
        return _filled(columns, part(ad()), len(r), TABLES["parts"])

    def readings(self, r: np.ndarray) -> pa.Table:
        ids = _ids("d", r)
        return _filled({"reading_id": ids, "sha256": ids}, READING, len(r), TABLES["readings"])

    def findings(self, r: np.ndarray) -> Iterator[pa.Table]:
        for place in range(2):
            for kind, (decision, severity, rules, *_) in enumerate(KINDS):
                held = r[r % CYCLE == kind]
                if place < len(rules) and len(held):
                    model = finding(ad(), rules[place], place + 1, severity=severity) | {
                        "decision": decision,
                    }
                    columns = {"review_id": _ids("e", held)}
                    yield _filled(columns, model, len(held), TABLES["findings"])

    def campaign_rows(self, count: int) -> pa.Table:
        c = np.arange(min(self.campaigns, count))
        kind = c % CYCLE
        size = (count - c + self.campaigns - 1) // self.campaigns
        columns = {
            "campaign_id": _ids("c", c),
            "ads": pa.array(size, pa.int32()),
            "variants": pa.array((size + 1) // 2, pa.int32()),
            "advertisers": _lists(self._names(c)),
            "first_day": pa.array(np.full(len(c), FIRST_DAY)),
            "last_day": pa.array(np.full(len(c), FIRST_DAY + timedelta(DAYS - 1))),
            "decision": _taken([k[0] for k in KINDS], kind, pa.string()),
            "severity": _taken([k[1] for k in KINDS], kind, pa.string()),
            "rules": _taken([k[2] for k in KINDS], kind, _STRINGS),
            "best_ad": _ids("a", c),
        }
        model = campaign("", [ad()], media=["sms", "web_page"])
        return _filled(columns, model, len(c), CAMPAIGNS)

    def member_rows(self, r: np.ndarray) -> pa.Table:
        columns = {"campaign_id": _ids("c", r % self.campaigns), "reading_id": _ids("d", r)}
        return pa.table(columns, schema=MEMBERS)

    def _names(self, r: np.ndarray) -> np.ndarray:
        return np.char.mod("青榆第 %d 号公司", r * 7 % self.advertisers)

    def _days(self, r: np.ndarray) -> pa.Array:
        first = np.datetime64(FIRST_DAY, "D")
        return pa.array(first + (r * 37 % DAYS).astype("timedelta64[D]"))


def _ids(letter: str, numbers: np.ndarray) -> pa.Array:
    return pa.array(np.char.mod(f"{letter}%031d", numbers))


def _words(pattern: str, numbers: np.ndarray) -> pa.Array:
    return pa.array(np.char.mod(pattern, numbers))


def _joined(before: str, numbers: np.ndarray, after: str) -> pa.Array:
    return _words(f"{before}%d{after}", numbers)


def _taken(values: Sequence[Any], places: np.ndarray, kind: pa.DataType) -> pa.Array:
    return pa.array(values, kind).take(pa.array(places))


def _lists(values: np.ndarray) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(np.arange(len(values) + 1), pa.int32()), values)


def _filled(columns: dict[str, pa.Array], model: Row, count: int, schema: pa.Schema) -> pa.Table:
    """The columns, and those that are missing all the way as in the model."""
    for column in schema:
        if column.name not in columns:
            one = pa.array([model[column.name]], column.type)
            columns[column.name] = one.take(pa.array(np.zeros(count, np.int64)))
    cast = [columns[c.name].cast(c.type) for c in schema]
    return pa.Table.from_arrays(cast, schema=schema)


def _write(path: Path, tables: Any, schema: pa.Schema) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)
