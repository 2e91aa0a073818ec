"""`adscan scan` as its user runs it: real processes, real files."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path

import psutil
import pytest

from adscan.scan.conduct import scan_archive
from tests.scan.conftest import BAD, LAWFUL, NOW, everything_in, inline, options_for, rows_of

EXAMPLES = Path("examples/ads")
SCAN = [sys.executable, "-m", "adscan", "scan"]
FAST = ["--no-model", "--no-ocr", "--published", "2026-11-25", "--workers", "2"]


def command(*arguments, **more):
    return subprocess.run(
        [*SCAN, *map(str, arguments)], capture_output=True, text=True, check=False, **more
    )


def posts(path, count):
    with path.open("w", encoding="utf-8") as file:
        for at in range(count):
            text = (BAD if at % 4 == 0 else LAWFUL).format(at)
            file.write(
                json.dumps({"正文": text, "发布日期": "2026/3/7"}, ensure_ascii=False) + "\n"
            )
    return path


def demand_same(folder, other):
    """That two results are the same but for the hour."""
    one, two = everything_in(folder), everything_in(other)
    for table, found in one.items():
        for row, expected in zip(found, two[table], strict=True):
            assert {**row, "checked_at": ""} == {**expected, "checked_at": ""}, table


def test_a_scan_sums_up_and_says_how_to_go_on(tmp_path):
    done = command(posts(tmp_path / "posts.jsonl", 8), "--out", tmp_path / "out", *FAST)
    assert done.returncode == 0  # nothing is to be rejected, only revised
    assert "本次审查 8 件" in done.stdout
    assert "修改后发布  2" in done.stdout
    assert f"adscan report {tmp_path / 'out'}" in done.stdout
    assert "已处理 8 件" in done.stderr


def test_the_exit_code_counts_the_whole_archive(tmp_path):
    archive = posts(tmp_path / "posts.jsonl", 8)
    for _ in range(2):  # the second time nothing is new
        done = command(archive, "--out", tmp_path / "out", *FAST, "--fail-on", "revise", "--quiet")
        assert (done.returncode, done.stderr) == (1, "")


def test_what_could_not_be_read_gives_three(tmp_path):
    (tmp_path / "ads").mkdir()
    (tmp_path / "ads/a.txt").write_text(LAWFUL, encoding="utf-8")
    (tmp_path / "ads/b.pdf").write_bytes(b"%PDF-1.7 cut off")
    done = command(tmp_path / "ads", "--out", tmp_path / "out", *FAST, "--format", "jsonl")
    assert done.returncode == 3
    told = {
        review["decision"]: review["errors"] for review in map(json.loads, done.stdout.splitlines())
    }
    assert told["pass"] == []
    assert told["error"][0]["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.jsonl"], "找不到"),
        ([], "没有要扫描的内容"),
        (["{posts}", "--columns", "text=没有的列"], "没有的列"),
        (["{posts}", "--columns", "text"], "应写成 text=正文"),
        (["{posts}", "--memory-limit", "多"], "不是内存大小"),
    ],
)
def test_wrong_usage_is_told_in_chinese_and_leaves_nothing(tmp_path, arguments, said):
    archive = posts(tmp_path / "posts.jsonl", 2)
    given = [argument.format(posts=archive) for argument in arguments]
    done = command(*given, "--out", tmp_path / "out", *FAST)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_workers_and_this_process_agree(tmp_path):
    archive = posts(tmp_path / "posts.jsonl", 300)
    assert command(archive, "--out", tmp_path / "workers", *FAST).returncode == 0
    options = options_for([archive], tmp_path / "inline", published=date(2026, 11, 25))
    scan_archive(options, NOW, engine_of=inline)
    demand_same(tmp_path / "workers", tmp_path / "inline")


def test_killed_workers_and_a_killed_scan_lose_nothing(tmp_path):
    archive = posts(tmp_path / "posts.jsonl", 3000)
    assert command(archive, "--out", tmp_path / "whole", *FAST).returncode == 0
    target = [*SCAN, str(archive), "--out", str(tmp_path / "out"), *FAST]
    running = subprocess.Popen(target, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers = _wait_for(lambda: _workers(running.pid))
    workers[0].kill()
    _wait_for(lambda: len(_workers(running.pid)) == 2)
    running.kill()
    running.wait()
    gone = _wait_for(lambda: not any(worker.is_running() for worker in workers))
    assert gone  # nobody is left behind
    assert command(archive, "--out", tmp_path / "out", *FAST).returncode == 0
    demand_same(tmp_path / "out", tmp_path / "whole")


def test_ctrl_c_ends_with_130_and_the_next_run_goes_on(tmp_path):
    archive = posts(tmp_path / "posts.jsonl", 3000)
    target = [*SCAN, str(archive), "--out", str(tmp_path / "out"), *FAST]
    running = subprocess.Popen(
        target, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    _wait_for(lambda: _workers(running.pid))
    os.killpg(running.pid, signal.SIGINT)
    assert "已中断" in running.communicate()[1]
    assert running.returncode == 130
    assert command(archive, "--out", tmp_path / "out", *FAST).returncode == 0
    assert command(archive, "--out", tmp_path / "whole", *FAST).returncode == 0
    demand_same(tmp_path / "out", tmp_path / "whole")


def test_a_full_disk_stops_the_scan_and_the_next_run_goes_on(tmp_path):
    archive = posts(tmp_path / "posts.jsonl", 1500)
    full = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (150_000, 150_000))
    done = command(archive, "--out", tmp_path / "out", *FAST, preexec_fn=full)
    assert done.returncode == 2
    assert "磁盘" in done.stderr
    assert command(archive, "--out", tmp_path / "out", *FAST).returncode == 0
    assert command(archive, "--out", tmp_path / "whole", *FAST).returncode == 0
    demand_same(tmp_path / "out", tmp_path / "whole")


def test_every_format_of_check_is_a_format_of_scan(tmp_path):
    archive = posts(tmp_path / "posts.jsonl", 6)
    for name, sign in (
        ("sarif", b'"version"'),
        ("html", b"<!doctype html"),
        ("csv", "规则".encode()),
        ("xlsx", b"PK"),
    ):
        given = [*FAST, "--quiet", "--format", name, "--output", tmp_path / name]
        assert command(archive, "--out", tmp_path / "out", *given).returncode == 0
        assert sign.lower() in (tmp_path / name).read_bytes().lower()


@pytest.mark.ocr
def test_a_scan_says_of_a_picture_what_check_says(tmp_path):
    (tmp_path / "ads").mkdir()
    for name in ("01-wealth-poster.jpg", "05-sms.txt"):
        shutil.copy(EXAMPLES / name, tmp_path / "ads")
    given = ["--published", "2026-11-25", "--operating-point", "archive"]
    scanned = command(tmp_path / "ads", "--out", tmp_path / "out", *given, "--format", "json")
    checked = subprocess.run(
        [sys.executable, "-m", "adscan", "check", tmp_path / "ads", *given, "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert scanned.returncode == checked.returncode == 1
    one, two = (
        sorted(json.loads(done.stdout), key=lambda review: review["ad"]["source"])
        for done in (scanned, checked)
    )
    for review in (*one, *two):
        review["provenance"]["checked_at"] = ""
    assert one == two
    ads = {ad["source"]: ad for ad in rows_of(tmp_path / "out", "ads")}
    for review in two:
        ad = ads[review["ad"]["source"]]
        assert (ad["decision"], ad["risk"]) == (review["decision"], review["risk"])
        found = [
            f for f in rows_of(tmp_path / "out", "findings") if f["review_id"] == ad["review_id"]
        ]
        for finding, expected in zip(found, review["findings"], strict=True):
            assert {**expected, **finding} == finding  # the tables have all of it


def _workers(pid):
    """The worker processes of a scan that have begun to work."""
    try:
        children = psutil.Process(pid).children()
        return [one for one in children if one.memory_info().rss > 120_000_000]
    except psutil.NoSuchProcess:
        return []


def _wait_for(what, seconds=60):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
    return found
