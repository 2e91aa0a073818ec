"""Ray with two nodes on this machine against the local engine, and with one node killed.

    python benchmarks/ray_nodes.py ads.jsonl [-- --no-model]

Prints seconds and whether the rows are those of the local engine. Every node has one core.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from ray.cluster_utils import Cluster
from scan_kills import command, differing


def timed(arguments: list[str], **environment: str) -> float:
    began = time.perf_counter()
    done = subprocess.run(
        arguments,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode(errors="replace")[-2000:])
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("source")
    parser.add_argument("--kill-after", type=float, help="seconds; default: half of the Ray run")
    parser.add_argument("more", nargs="*", help="options of adscan scan, after --")
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="adscan-ray-"))
    local_s = timed(command(given.source, work / "local", [*given.more, "--workers", "2"]))
    print(f"local, 2 workers: {local_s:.1f} s", flush=True)
    ray_s = 0.0
    for name in ("two nodes", "one killed in the middle"):
        cluster = Cluster()
        head = cluster.add_node(num_cpus=1, include_dashboard=False)
        second = cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        assert head.address
        out = work / name.replace(" ", "-")
        if name != "two nodes":
            after = given.kill_after or ray_s / 2
            threading.Timer(after, cluster.remove_node, (second, False)).start()
        arguments = command(given.source, out, [*given.more, "--engine", "ray"])
        took = timed(arguments, RAY_ADDRESS=cluster.address)
        ray_s = ray_s or took
        wrong = differing(work / "local", out)
        rows = "rows the same" if not wrong else f"rows DIFFERENT in {', '.join(wrong)}"
        print(f"ray, {name}: {took:.1f} s, {rows}", flush=True)
        cluster.shutdown()
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
