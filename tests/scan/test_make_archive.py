import csv
import json
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from adscan.scan.likeness import likeness_of, picture_hash, text_signature

SCRIPTS = Path(__file__).parents[2] / "scripts"
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
needs_font = pytest.mark.skipif(not FONT.is_file(), reason="needs fonts-noto-cjk")


@pytest.fixture(scope="session")
def make(tmp_path_factory):
    """Make an archive by the command line; its folder."""
    made = {}

    def run(*arguments, again=0):
        key = (*arguments, again)
        if key not in made:
            made[key] = tmp_path_factory.mktemp("archive")
            command = [sys.executable, SCRIPTS / "make_archive.py", made[key], *arguments]
            subprocess.run(command, check=True, capture_output=True, timeout=60)
        return made[key]

    return run


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def posts(folder):
    return lines_of(folder / "ads.jsonl")


def truth(folder):
    return lines_of(folder / "truth.jsonl")


MANY = ("--texts", "3000", "--violations", "0.1", "--copies", "0.2", "--near", "0.1")


def test_each_ad_has_its_line_of_truth_in_the_same_order(make):
    folder = make(*MANY)
    assert [ad["id"] for ad in posts(folder)] == [known["id"] for known in truth(folder)]
    assert len({ad["id"] for ad in posts(folder)}) == 3000


def test_the_shares_are_about_as_asked_for(make):
    known = truth(make(*MANY))
    relations = [one["relation"] for one in known]
    assert relations.count("copy") == pytest.approx(600, abs=90)
    assert relations.count("near") == pytest.approx(300, abs=70)
    assert sum(one["violates"] for one in known) == pytest.approx(300, abs=80)


def test_violating_means_that_rules_are_expected_and_the_rulebook_has_them(make):
    rules = {path.stem for path in (SCRIPTS.parent / "adscan/rulebook/rules").glob("*/*.yaml")}
    for known in truth(make(*MANY)):
        assert known["violates"] == bool(known["rules"])
        assert set(known["rules"]) <= rules


def test_copies_are_the_same_to_the_letter_and_variants_nearly(make):
    folder = make(*MANY)
    texts = {ad["id"]: ad["text"] for ad in posts(folder)}
    for known in truth(folder):
        one, other = texts[known["id"]], texts[known["family"]]
        if known["relation"] == "near":
            assert one != other
            assert likeness_of(text_signature([one]), text_signature([other])) > 0.7
        else:
            assert one == other


def test_originals_are_not_alike(make):
    folder = make(*MANY)
    texts = {ad["id"]: ad["text"] for ad in posts(folder)}
    originals = [one["id"] for one in truth(folder) if one["relation"] == "original"]
    sketches = np.array(
        [np.frombuffer(text_signature([texts[id]]), "<u4") for id in originals[:300]]
    )
    likenesses = (sketches[:, None] == sketches[None]).mean(axis=2)[np.triu_indices(300, 1)]
    assert (likenesses >= 0.7).mean() < 0.0005


def test_no_slot_is_left_open_and_lengths_vary(make):
    texts = [ad["text"] for ad in posts(make(*MANY))]
    assert not any("{" in text or "}" in text for text in texts)
    assert 300 < np.median([len(text) for text in texts]) < 800
    assert np.std([len(text) for text in texts]) > 80


def test_the_same_seed_gives_the_same_archive_and_another_seed_another(make):
    small = ("--texts", "50")
    one, same, other = make(*small), make(*small, again=1), make(*small, "--seed", "2")
    assert (one / "ads.jsonl").read_bytes() == (same / "ads.jsonl").read_bytes()
    assert (one / "truth.jsonl").read_bytes() == (same / "truth.jsonl").read_bytes()
    assert posts(one)[0]["text"] != posts(other)[0]["text"]


def rows_of_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(file)]


def rows_of_sqlite(path):
    base = sqlite3.connect(path)
    base.row_factory = sqlite3.Row
    rows = [dict(row) for row in base.execute("SELECT * FROM ads")]
    base.close()
    return rows


@pytest.mark.parametrize(
    ("form", "rows_of"),
    [
        ("csv", rows_of_csv),
        ("parquet", lambda path: pq.read_table(path).to_pylist()),
        ("sqlite", rows_of_sqlite),
    ],
)
def test_every_kind_of_table_has_the_same_rows(make, form, rows_of):
    folder = make("--texts", "50", "--format", form)
    assert rows_of(folder / f"ads.{form}") == posts(make("--texts", "50"))


def test_a_folder_and_a_zip_have_the_same_files_one_an_ad(make):
    arguments = ("--texts", "20", "--pages", "5", "--format")
    folder, packed = make(*arguments, "folder"), make(*arguments, "zip")
    on_disk = {path.name: path.read_bytes() for path in (folder / "ads").rglob("*.*")}
    with zipfile.ZipFile(packed / "ads.zip") as archive:
        inside = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert on_disk == inside
    assert {Path(name).stem for name in on_disk} == {known["id"] for known in truth(folder)}
    assert sum(name.endswith(".html") for name in on_disk) == 5


@needs_font
def test_posters_are_rows_with_a_picture_and_variants_look_alike(make):
    folder = make("--posters", "30", "--copies", "0.2", "--near", "0.4")
    images = {ad["id"]: ad["image"] for ad in posts(folder)}
    relations = set()
    for known in truth(folder):
        hashes = []
        for id in (known["id"], known["family"]):
            with Image.open(folder / images[id]) as image:
                hashes.append(int(picture_hash(np.asarray(image)), 16))
        relations.add(known["relation"])
        assert (hashes[0] ^ hashes[1]).bit_count() <= 6
        assert len(known["lines"]) >= 4
    assert relations == {"original", "copy", "near"}


@needs_font
def test_a_copied_poster_is_the_same_file(make):
    folder = make("--posters", "10", "--copies", "0.9", "--near", "0")
    content = {ad["id"]: (folder / ad["image"]).read_bytes() for ad in posts(folder)}
    assert all(content[known["id"]] == content[known["family"]] for known in truth(folder))
