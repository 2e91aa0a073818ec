"""Reads a scan's folder: its Parquet tables as views of an in-memory DuckDB, and its manifest."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from adscan.errors import SetupError
from adscan.scan.tables import CAMPAIGNS, MEMBERS, SCHEMA_VERSION, TABLES

MANIFEST = "manifest.json"
SINGLE = {"campaigns": CAMPAIGNS, "members": MEMBERS}  # written anew at the end of each run
MEMORY_LIMIT = "1GB"

_DATED = """
ALTER VIEW ads RENAME TO ads_as_stored;
CREATE VIEW ads AS SELECT * REPLACE (CASE WHEN published_given THEN published END AS published),
    published AS judged_as_of FROM ads_as_stored
"""


class ResultsError(SetupError):
    """The folder holds no results that this version can read."""

    code = "results"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a scan. Raises ResultsError if there is none or it is of another schema."""
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = manifest["schema_version"]
    except FileNotFoundError as error:
        raise ResultsError(
            f"{folder} 里没有扫描结果（缺少 {MANIFEST}）",
            hint="请先用 adscan scan 扫描；若扫描中断过，请重新运行同一命令把它做完",
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsError(
            f"{path} 读不出", hint="请重新运行 adscan scan，它会重写该文件"
        ) from error
    if version != SCHEMA_VERSION:
        raise ResultsError(
            f"{folder} 的结果是第 {version} 版格式，本版 adscan 只读第 {SCHEMA_VERSION} 版",
            hint="请用生成它的 adscan 版本打开，或换一个新的 --out 文件夹重新扫描",
        )
    return manifest


def open_results(folder: Path) -> duckdb.DuckDBPyConnection:
    """The tables of a scan that is done, see `open_tables`. Raises ResultsError.

    In `ads`, `published` is null where nobody gave a day; `judged_as_of` is the day whose law was
    applied.
    """
    if not read_manifest(folder).get("complete", True):
        raise ResultsError(
            f"{folder} 的扫描没有做完", hint="请重新运行同一 adscan scan 命令，它会从中断处继续"
        )
    connection = open_tables(folder)
    connection.execute(_DATED)
    return connection


def open_tables(folder: Path) -> duckdb.DuckDBPyConnection:
    """Views `ads`, `findings`, `readings`, `parts`, `campaigns`, `members` over what is there."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    connection.execute("SET preserve_insertion_order = true")
    spill = Path(tempfile.gettempdir()) / f"adscan-{os.getpid()}"  # made when first needed
    connection.execute("SET temp_directory = ?", [str(spill)])
    for name, schema in TABLES.items():
        _view(connection, name, schema, sorted((folder / name).glob("*.parquet")))
    for name, schema in SINGLE.items():
        files = [folder / f"{name}.parquet"]
        _view(connection, name, schema, [file for file in files if file.is_file()])
    return connection


def count_decisions(folder: Path) -> dict[str, int]:
    """Ads of the whole archive by decision."""
    with open_results(folder) as results:
        rows = results.execute("SELECT decision, count(*) FROM ads GROUP BY 1 ORDER BY 1")
        return {decision: int(count) for decision, count in rows.fetchall()}


def _view(
    connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, files: list[Path]
) -> None:
    if files:
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}])")
    else:
        connection.register(name, schema.empty_table())
