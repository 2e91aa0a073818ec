"""Tasks that leave the machine on which their files lie."""

import pickle
from datetime import date

import pytest

from adscan.errors import DamagedFile, TooLarge
from adscan.ingest.locations import DiskFile
from adscan.ingest.read_ad import read_ad
from adscan.records.ad import Placement
from adscan.scan.engines.portable import portable
from adscan.scan.task import Task
from adscan.settings import Limits

PAGE = """<html><head><link rel="stylesheet" href="style/a.css"></head>
<body><p>稳健理财</p><img src="pics/海报%201.png"><img src="missing.png"></body></html>"""


def shipped(path, limits=None):
    limits = limits or Limits()
    source = DiskFile(path, limits).source()
    task = Task(0, "a", Placement(date(2026, 11, 1)), "", "", sources=(source,))
    return pickle.loads(pickle.dumps(portable(task, limits))).sources[0]


def test_a_web_page_takes_along_what_its_reader_asks_for(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    (tmp_path / "pics").mkdir()
    (tmp_path / "pics/海报 1.png").write_bytes(b"picture")
    (tmp_path / "style").mkdir()
    (tmp_path / "style/a.css").write_text("p {color: red}")
    (tmp_path / "other.png").write_bytes(b"not named in the page")
    before = read_ad((DiskFile(page, Limits()).source(),), Placement(date(2026, 11, 1)), Limits())
    source = shipped(page)
    for file in sorted(tmp_path.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    after = read_ad((source,), Placement(date(2026, 11, 1)), Limits())
    assert source.beside("pics/海报 1.png") == b"picture"
    assert source.beside("other.png") is None
    assert (after.sha256, after.notices) == (before.sha256, before.notices)
    assert [s.text for s in after.sheets] == [s.text for s in before.sheets]


def test_a_file_that_cannot_be_read_says_the_same_on_the_other_side(tmp_path):
    here = DiskFile(tmp_path / "gone.txt", Limits()).source()
    with pytest.raises(DamagedFile) as said_here:
        here.read()
    with pytest.raises(DamagedFile) as said_there:
        shipped(tmp_path / "gone.txt").read()
    assert str(said_there.value) == str(said_here.value)


def test_a_file_that_is_too_large_does_not_travel(tmp_path):
    (tmp_path / "large.txt").write_text("大" * 1000)
    with pytest.raises(TooLarge):
        shipped(tmp_path / "large.txt", Limits(max_file_bytes=100)).read()
