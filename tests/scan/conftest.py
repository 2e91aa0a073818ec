"""Small archives, a scan of them in this very process, and the rows that came out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from adscan.records.verdict import OperatingPoint
from adscan.scan.conduct import ScanOptions, scan_archive
from adscan.scan.engines import Resources
from adscan.scan.input import InputOptions
from adscan.scan.recipe import Recipe
from adscan.scan.results import open_results
from adscan.settings import Settings

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=timezone.utc)
LAWFUL = "青榆面馆今日开业，牛肉面十八元一碗，欢迎街坊品尝。门店在人民路 {} 号。"
BAD = "稳赚不赔！澄湖理财第 {} 期，保本保息，年化收益18%，名额有限，扫码认购。"


class InlineEngine:
    """Does every task at once, here: what all engines must agree with."""

    def __init__(self, recipe, resources, give_up):
        self._examiner = recipe.examiner()

    def run(self, tasks):
        for task in tasks:
            assert task is not None, "nothing can be in work here"
            yield self._examiner.examine(task)


def inline(name, recipe, resources, give_up):
    return InlineEngine(recipe, resources, give_up)


def options_for(sources, out, **changes):
    settings = Settings()
    recipe = Recipe(
        settings, OperatingPoint.ARCHIVE, NOW, register=None, with_ocr=False, with_model=False
    )
    recipe = replace(recipe, **changes.pop("recipe", {}))
    return ScanOptions(
        sources=[str(source) for source in sources],
        out=out,
        recipe=recipe,
        inputs=InputOptions(settings.limits),
        resources=changes.pop("resources", Resources(2, None, 60.0)),
        **changes,
    )


@pytest.fixture
def scan(tmp_path):
    """Scans into one folder, again and again if called so."""

    def run(*sources, out=tmp_path / "out", engine_of=inline, now=NOW, **changes):
        return scan_archive(options_for(sources, out, **changes), now, engine_of=engine_of)

    return run


ALL = {  # and an order of their own for the rows of each
    "ads": "ad_id",
    "findings": "review_id, number",
    "readings": "reading_id",
    "parts": "reading_id, number",
    "campaigns": "campaign_id",
    "members": "campaign_id, reading_id",
}


def rows_of(folder, table="ads", order=None):
    with open_results(folder) as results:
        cursor = results.execute(f"SELECT * FROM {table} ORDER BY {order or ALL[table]}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def everything_in(folder):
    return {table: rows_of(folder, table) for table in ALL}


@pytest.fixture
def rows():
    return rows_of


@pytest.fixture
def everything():
    """All rows of all tables."""
    return everything_in


@pytest.fixture
def table(tmp_path):
    """Writes posts.jsonl."""

    def write(posts, name="posts.jsonl"):
        path = tmp_path / name
        lines = (json.dumps(post, ensure_ascii=False) for post in posts)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return write
