"""manifest.json: what made the results, run by run, and how many rows there are."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from adscan import __version__
from adscan.scan.journal import Journal
from adscan.scan.recipe import Edition
from adscan.scan.results import MANIFEST, SINGLE
from adscan.scan.store import sync_folder
from adscan.scan.tables import SCHEMA_VERSION, TABLES


def write_manifest(folder: Path, journal: Journal, edition: Edition, *, complete: bool) -> None:
    """Write it whole or not at all. Not `complete`: a run is under way or was cut off."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "adscan": __version__,
        "complete": complete,
        "edition": asdict(edition),
        "runs": journal.runs(),
        "tables": {name: _table(sorted((folder / name).glob("*.parquet"))) for name in TABLES}
        | {name: _table([folder / f"{name}.parquet"]) for name in SINGLE},
    }
    partial = folder / f"{MANIFEST}.part"
    with partial.open("w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / MANIFEST)
    sync_folder(folder)


def _table(files: list[Path]) -> dict[str, Any]:
    standing = [file for file in files if file.is_file()]
    return {
        "files": [file.name for file in standing],
        "rows": sum(pq.read_metadata(file).num_rows for file in standing),
        "bytes": sum(file.stat().st_size for file in standing),
    }
