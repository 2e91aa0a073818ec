"""What twenty kills cost a scan: the time lost, and whether the rows are the same.

    python benchmarks/scan_kills.py ads.jsonl [--kills 20] [-- --no-model --workers 2]

The scan is run once undisturbed, then killed (SIGKILL) at random moments and started again until
it is done. Moments are drawn so that all kills fall into the time that the work takes.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

TABLES = {
    "ads": "* EXCLUDE (checked_at)",
    "findings": "*",
    "readings": "*",
    "parts": "*",
    "campaigns": "*",
    "members": "*",
}


def command(source: str, out: Path, more: list[str]) -> list[str]:
    scan = [sys.executable, "-m", "adscan", "scan", source, "--out", str(out), "--quiet"]
    return [*scan, "--published", "2026-11-25", *more]


def begin(source: str, out: Path, more: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command(source, out, more), stdout=subprocess.DEVNULL)


def differing(one: Path, other: Path) -> list[str]:
    """Tables whose rows are not the same."""
    found = []
    with duckdb.connect() as connection:
        for table, columns in TABLES.items():
            paths = [_files(folder, table) for folder in (one, other)]
            for first, second in (paths, paths[::-1]):
                query = (
                    f"SELECT {columns} FROM '{first}' EXCEPT ALL SELECT {columns} FROM '{second}'"
                )
                if connection.execute(f"SELECT count(*) FROM ({query})").fetchall() != [(0,)]:
                    found.append(table)
    return sorted(set(found))


def _files(folder: Path, table: str) -> str:
    return str(
        folder / f"{table}.parquet"
        if table in ("campaigns", "members")
        else folder / table / "*.parquet"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("source")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("more", nargs="*", help="options of adscan scan, after --")
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="adscan-kills-"))
    began = time.perf_counter()
    begin(given.source, work / "whole", given.more).wait()
    whole_s = time.perf_counter() - began
    chance = random.Random(given.seed)
    began = time.perf_counter()
    for _ in range(given.kills):
        running = begin(given.source, work / "killed", given.more)
        time.sleep(chance.uniform(0.2, 2 * whole_s / given.kills))
        running.kill()
        running.wait()
    begin(given.source, work / "killed", given.more).wait()
    killed_s = time.perf_counter() - began
    wrong = differing(work / "whole", work / "killed")
    lost = killed_s - whole_s
    print(
        f"undisturbed {whole_s:.1f} s, with {given.kills} kills {killed_s:.1f} s: "
        f"{lost:.1f} s lost, {lost / given.kills:.1f} s a kill"
    )
    print(f"rows: {'the same' if not wrong else 'DIFFERENT in ' + ', '.join(wrong)}")
    shutil.rmtree(work)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
