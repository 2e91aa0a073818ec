"""Speed, memory and size of `adscan scan` on made-up archives.

    python benchmarks/scan_speed.py --texts 10000 100000 --no-model
    python benchmarks/scan_speed.py --texts 5000 --posters 100 --workers 1 2

One line for each archive and number of workers: ads a second by the wall and by the run's own
times, peak memory of the whole process tree (sum of what each process holds for itself, sampled
every 0.2 s, in MiB), size of the results, and, with several numbers of workers, the efficiency
against the first. Archives are made once, in --work, and kept; results are not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import psutil

SCRIPTS = Path(__file__).parents[1] / "scripts"
EVERY_S = 0.2


def archive(work: Path, kind: str, count: int, form: str, copies: float) -> Path:
    folder = work / f"{kind}-{count}-{form}-{copies}"
    if not (folder / "made").is_file():
        command = [sys.executable, SCRIPTS / "make_archive.py", folder, f"--{kind}s", str(count)]
        more = ["--format", form, "--copies", str(copies)]
        subprocess.run([*command, *more], check=True)
        (folder / "made").touch()
    return folder / "ads" if form == "folder" else folder / f"ads.{form}"


def memory(process: psutil.Process) -> int:
    """Bytes that the process and its descendants hold; shared pages are split among sharers."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            info = one.memory_full_info()
            total += getattr(info, "pss", info.uss)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it ended between the two calls
    return total


def measured(command: list[str], log: Path) -> tuple[float, int]:
    """Seconds by the wall and peak memory in bytes."""
    began, peak = time.perf_counter(), 0
    with log.open("wb") as file:
        child = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
        process = psutil.Process(child.pid)
        while child.poll() is None:
            try:
                peak = max(peak, memory(process))
            except psutil.NoSuchProcess:
                break
            time.sleep(EVERY_S)
        code = child.wait()
    if code not in (0, 1):  # 1: something was found
        raise SystemExit(f"adscan ended with {code}:\n{log.read_text(errors='replace')[-3000:]}")
    return time.perf_counter() - began, peak


def scan(source: Path, work: Path, workers: int, given: argparse.Namespace) -> float:
    """Ads a second; prints the line."""
    out = work / "results"
    shutil.rmtree(out, ignore_errors=True)
    # `sqlite:////abs/path`: three slashes and the path's own.
    name = f"sqlite:///{source}#ads" if source.suffix == ".sqlite" else str(source)
    command = [sys.executable, "-m", "adscan", "scan", name, "--out", str(out)]
    command += ["--workers", str(workers), "--engine", given.engine, "--fail-on", "reject"]
    command += ["--no-model"] if given.no_model else []
    took, peak = measured(command, work / "scan.log")
    run = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["runs"][-1]
    began, ended = (datetime.fromisoformat(run[key]) for key in ("started", "finished"))
    inside = max(1.0, (ended - began).total_seconds())
    size = sum(path.stat().st_size for path in out.rglob("*.parquet"))
    rate = run["ads"] / took
    print(
        f"{source.parent.name:32} {workers} workers: {run['ads']:8} ads, {run['errors']} errors; "
        f"{took:8.1f} s, {rate:8.1f} ads/s (own time {run['ads'] / inside:8.1f}); "
        f"peak {peak / 2**20:6.0f} MiB; results {size / 2**20:7.1f} MiB, "
        f"{size / max(1, run['ads']):5.0f} bytes an ad",
        flush=True,
    )
    return float(rate)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--texts", type=int, nargs="*", default=[])
    arguments.add_argument("--posters", type=int, nargs="*", default=[])
    arguments.add_argument("--pages", type=int, nargs="*", default=[])
    arguments.add_argument("--workers", type=int, nargs="+", default=[os.cpu_count() or 1])
    arguments.add_argument("--engine", default="local")
    arguments.add_argument("--no-model", action="store_true")
    arguments.add_argument("--format", default="jsonl", help="pages: always a folder")
    arguments.add_argument("--copies", type=float, default=0.1)
    arguments.add_argument("--work", type=Path, default=Path("out/scan_speed"))
    given = arguments.parse_args()
    work = given.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    for kind in ("text", "poster", "page"):
        form = "folder" if kind == "page" else given.format
        for count in getattr(given, f"{kind}s"):
            source = archive(work, kind, count, form, given.copies)
            rates = [scan(source, work, workers, given) for workers in given.workers]
            for workers, rate in zip(given.workers[1:], rates[1:], strict=True):
                share = rate / rates[0] * given.workers[0]
                print(f"  {workers} workers do {share:.2f} times the work of one")


if __name__ == "__main__":
    main()
