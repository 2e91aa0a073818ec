"""Where bytes go: into files and pipes, never onto a terminal."""

import os
import subprocess
import sys
import zipfile

import pytest

TEXT = "本店周末全场八折，欢迎光临"
XLSX = [sys.executable, "-m", "adscan", "check", "--text", TEXT, "--format", "xlsx"]


def test_a_workbook_goes_whole_into_a_file(adscan, tmp_path):
    path = tmp_path / "r.xlsx"
    outcome = adscan("check", "--text", TEXT, "--format", "xlsx", "--output", path)
    assert outcome.code == 0
    assert zipfile.ZipFile(path).testzip() is None


def test_a_workbook_goes_unharmed_through_a_pipe():
    run = subprocess.run(XLSX, check=False, capture_output=True)
    assert run.returncode == 0
    assert run.stdout.startswith(b"PK")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo terminals here")
def test_a_workbook_never_goes_to_a_terminal():
    master, terminal = os.openpty()
    run = subprocess.run(XLSX, check=False, stdout=terminal, stderr=subprocess.PIPE)
    os.close(terminal)
    os.close(master)
    assert run.returncode == 2
    assert "--output" in run.stderr.decode("utf-8")
