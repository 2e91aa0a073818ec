"""The documentation names every column, and the files are what the schema says."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet as pq
import pytest

from adscan.scan.results import SINGLE
from adscan.scan.tables import TABLES
from tests.scan.conftest import BAD, LAWFUL

SCHEMAS = {**TABLES, **SINGLE}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_documentation_names_the_columns_of(name):
    page = Path("docs/archives.md").read_text(encoding="utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
    assert re.findall(r"`(\w+)`", row.rsplit("|", 2)[1]) == SCHEMAS[name].names


def test_other_programs_read_the_files_as_they_are(scan, table, tmp_path):
    scan(table([{"text": BAD}, {"text": LAWFUL}]))
    (file,) = (tmp_path / "out/ads").glob("*.parquet")
    assert pq.read_schema(file).equals(TABLES["ads"])
    assert pq.read_metadata(file).row_group(0).column(0).compression == "ZSTD"
    assert sorted(pandas.read_parquet(file)["decision"]) == ["pass", "revise"]
    query = f"SELECT sum(len(evidence)) FROM '{tmp_path}/out/findings/*.parquet'"
    with duckdb.connect() as connection:
        assert connection.execute(query).fetchall()[0][0] > 1
