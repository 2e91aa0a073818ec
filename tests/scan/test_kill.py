"""A scan killed at any moment goes on where it was, and ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

from tests.scan.conftest import BAD, LAWFUL
from tests.scan.test_scan import RULE

# Everything is loaded once; each line on standard input begins a scan in a process of its own, in
# small steps, so that kills fall on every stage: reading, committing, writing files.
SCRIPT = """
import os, sys
from dataclasses import dataclass, replace
from pathlib import Path
import adscan.scan.scan
from adscan.scan.conduct import scan_archive
from adscan.scan.recipe import Recipe
from tests.scan.conftest import NOW, inline, options_for

class Warm(Recipe):
    def reviewer(self):
        loaded.checked_at = self.checked_at
        return loaded

adscan.scan.scan.COMMIT_S = 0.02
source, out, *rules = map(Path, sys.argv[1:])
options = options_for(
    [source], out, file_ads=60, recipe={"rules": tuple(rules)}, rejudge=bool(rules)
)
loaded = options.recipe.reviewer()
options = replace(options, recipe=Warm(**vars(options.recipe)))
for _ in sys.stdin:
    child = os.fork()
    if not child:
        scan_archive(options, NOW, engine_of=inline)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def posts(count):
    for at in range(count):
        text = (BAD if at % 4 == 0 else LAWFUL).format(at - at % 3 if at % 5 == 0 else at)
        yield {"text": text, "published": f"2026-0{at % 9 + 1}-15", "medium": "sms"}


def ends_of(arguments, kills):
    """How each scan ended: so many are killed, the last is left alone."""
    chance, ends = random.Random(6), []
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as scans:
        while not ends or ends[-1]:
            scans.stdin.write("again\n")
            scans.stdin.flush()
            process = int(scans.stdout.readline())
            if len(ends) < kills:
                time.sleep(chance.uniform(0.01, 0.25))
                os.kill(process, signal.SIGKILL)
            ends.append(int(scans.stdout.readline()))
        scans.stdin.close()
    return ends


def test_a_scan_killed_at_twenty_random_moments_ends_like_one_that_was_not(
    scan, everything, table, tmp_path
):
    archive = table(posts(1500))
    scan(archive, out=tmp_path / "whole")
    assert ends_of([archive, tmp_path / "out"], 20) == [signal.SIGKILL] * 20 + [0]
    assert everything(tmp_path / "out") == everything(tmp_path / "whole")


def test_judging_again_may_be_killed_too(scan, everything, table, tmp_path):
    rule = tmp_path / "noodles.yaml"
    rule.write_text(RULE.format(id="noodles"), encoding="utf-8")
    archive = table(posts(600))
    for name in ("out", "whole"):
        scan(archive, out=tmp_path / name, file_ads=60)
    scan(archive, out=tmp_path / "whole", recipe={"rules": (rule,)}, rejudge=True)
    assert ends_of([archive, tmp_path / "out", rule], 6) == [signal.SIGKILL] * 6 + [0]
    assert everything(tmp_path / "out") == everything(tmp_path / "whole")
