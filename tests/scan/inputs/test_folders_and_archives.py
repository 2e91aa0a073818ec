"""Folders, ZIP and TAR: what is one ad, and what is wrong with one."""

from __future__ import annotations

import io
import json
import os
import tarfile
import zipfile

import pytest

from adscan.errors import DamagedFile, SetupError, TooLarge
from adscan.scan.input import InputOptions
from adscan.scan.inputs.gather import Found, gather
from adscan.settings import Limits
from tests.scan.inputs.archives import (
    ADS,
    PICTURES,
    contents,
    expected_contents,
    folders_of_ads,
    read,
    tarred,
    write_files,
    zipped,
)

AD = "稳健理财产品".encode()
RED = PICTURES["red.png"]
PACKS = {
    "folder": lambda at, files: write_files(at / "ads", files) / "",
    "zip": lambda at, files: zipped(at / "ads.zip", files),
    "tar": lambda at, files: tarred(at / "ads.tar", files.items()),
    "tar.gz": lambda at, files: tarred(at / "ads.tar.gz", files.items(), "w:gz"),
}
every_pack = pytest.mark.parametrize("pack", PACKS)


def scan(pack, at, files, **limits):
    entries = read(PACKS[pack](at, files), **limits)
    prefix = f"{at}/ads/" if pack == "folder" else f"{at}/ads.{pack}!/"
    return {entry.name.removeprefix(prefix): entry for entry in entries}


# One file an ad


@every_pack
def test_every_file_is_an_ad(pack, tmp_path):
    found = scan(pack, tmp_path, {"b.txt": AD, "a/x.png": RED, "a/y.txt": AD})
    assert {name: contents(entry) for name, entry in found.items()} == {
        "b.txt": [AD],
        "a/x.png": [RED],
        "a/y.txt": [AD],
    }


@every_pack
def test_parts_of_a_saved_page_and_system_files_are_no_ads(pack, tmp_path):
    files = {"p_files/1.png": RED, "p.html": b"<p>x", ".DS_Store": b"", "__MACOSX/a.txt": AD}
    found = scan(pack, tmp_path, files)
    assert list(found) == ["p.html"]
    assert found["p.html"].sources[0].beside("p_files/1.png") == RED
    assert found["p.html"].sources[0].beside("../x.png") is None


@every_pack
def test_tables_and_archives_inside_are_read_as_such(pack, tmp_path):
    inner = zipped(
        tmp_path / "inner.zip", {"c.txt": AD, "0001/ad.json": b'{"text": "a"}'}
    ).read_bytes()
    found = scan(pack, tmp_path, {"t.jsonl": b'{"text": "a"}\n' * 2, "in/z.zip": inner})
    assert sorted(found) == ["in/z.zip!/0001", "in/z.zip!/c.txt", "t.jsonl#1", "t.jsonl#2"]


@every_pack
def test_a_table_inside_that_cannot_be_read_costs_only_itself(pack, tmp_path):
    found = scan(pack, tmp_path, {"t.csv": b"a,b\n1,2\n", "u.txt": AD})
    assert "认不出正文或图片列" in str(found["t.csv"].trouble)
    assert found["u.txt"].trouble is None


def test_pictures_of_a_page_in_a_large_packed_tar_are_found_too(tmp_path):
    files = {"p.html": b"<p>x", "p_files/1.png": RED, "z.bin": bytes(50_000)}
    page = scan("tar.gz", tmp_path, files, max_archive_bytes=20_000)["p.html"]
    assert page.sources[0].beside("p_files/1.png") == RED
    assert page.sources[0].beside("p_files/2.png") is None


def test_a_single_file_is_an_ad(tmp_path):
    (entry,) = read(write_files(tmp_path, {"a.png": RED}) / "a.png")
    assert contents(entry) == [RED]


def test_a_source_that_is_not_there_stops_the_run_before_anything_is_read(tmp_path):
    write_files(tmp_path, {"a.txt": AD})
    with pytest.raises(SetupError, match="找不到"):
        read(tmp_path / "a.txt", tmp_path / "nowhere")


def test_a_source_named_twice_is_read_once(tmp_path):
    write_files(tmp_path, {"a.txt": AD})
    assert len(read(tmp_path, tmp_path)) == 1


def test_an_empty_folder_stops_the_run(tmp_path):
    with pytest.raises(SetupError, match="没有可扫描的文件"):
        read(tmp_path)


def test_links_and_pipes_in_a_folder_are_told(tmp_path):
    write_files(tmp_path, {"a.txt": AD})
    (tmp_path / "b").symlink_to(tmp_path)
    (tmp_path / "c").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "d")
    assert [bool(entry.trouble) for entry in read(tmp_path)] == [True, True, True, False]


# A folder with a metadata file


@every_pack
@pytest.mark.parametrize("order", [1, -1])
def test_a_metadata_file_may_stand_anywhere_in_its_folder(pack, order, tmp_path):
    files = {"1/a.png": RED, "1/sub/c.png": RED, "1/meta.json": b'{"text": "a"}', "2.txt": AD}
    found = scan(pack, tmp_path, dict(list(files.items())[::order]))
    assert sorted(found) == ["1", "2.txt"]
    assert contents(found["1"]) == [b"a", RED, RED]


@every_pack
def test_texts_come_before_pictures_in_order_of_names(pack, tmp_path):
    files = {
        "1/b.png": RED,
        "1/z.txt": AD,
        "1/a.png": b"a",
        "1/ad.yaml": "标题: 存款\n日期: 2025-03-07".encode(),
    }
    entry = scan(pack, tmp_path, files)["1"]
    assert [source.name.rpartition("/")[2] for source in entry.sources] == [
        "z.txt",
        "a.png",
        "b.png",
    ]
    assert entry.title == "存款"
    assert str(entry.published) == "2025-03-07"


def test_listed_files_come_in_the_order_of_the_list(tmp_path):
    listed = json.dumps({"files": ["b.png", "a.png", "t.txt"]}).encode()
    files = {"1/ad.json": listed, "1/a.png": RED, "1/b.png": b"b", "1/c.png": b"c", "1/t.txt": AD}
    assert contents(scan("zip", tmp_path, files)["1"]) == [AD, b"b", RED]


def test_a_listed_picture_that_is_not_there_is_unread_and_the_text_is_not(tmp_path):
    listed = '{"正文": "a", "图片": "gone.png"}'.encode()
    text, picture = scan("folder", tmp_path, {"1/ad.json": listed})["1"].sources
    assert text.read() == b"a"
    with pytest.raises(DamagedFile, match="不在文件夹里"):
        picture.read()


@every_pack
@pytest.mark.parametrize(
    "broken", [b'{"text": ', b"[]", b"\xff\xfe\xfa", b'{"text": "a", "date": "?"}']
)
def test_a_broken_metadata_file_is_that_ads_trouble_and_nothing_elses(pack, broken, tmp_path):
    found = scan(
        pack, tmp_path, {"1/ad.json": broken, "1/a.png": RED, "2/ad.json": b'{"text": "a"}'}
    )
    assert isinstance(found["1"].trouble, DamagedFile)
    assert found["2"].trouble is None
    assert len(found) == 2


def test_at_the_top_only_a_file_called_ad_makes_the_whole_one_ad(tmp_path):
    write_files(tmp_path / "one", {"ad.json": b'{"text": "a"}', "b.png": RED})
    write_files(tmp_path / "many", {"metadata.json": b'{"text": "a"}', "b.png": RED})
    assert len(read(tmp_path / "one")) == 1
    assert len(read(tmp_path / "many")) == 2


@every_pack
def test_a_folder_with_too_many_files_is_one_trouble(pack, tmp_path):
    files = {f"1/{number:03}.png": RED for number in range(400)} | {"1/000.json": b"", "2.txt": AD}
    files = {"1/ad.json": b'{"text": "a"}', **files}
    found = scan(pack, tmp_path, files)
    assert sorted(found) == ["1", "2.txt"]
    assert isinstance(found["1"].trouble, TooLarge)


# Archives that are broken


def test_a_broken_zip_stops_the_run_if_named_and_costs_itself_inside_a_folder(tmp_path):
    data = zipped(tmp_path / "good.zip", {"a.txt": AD}).read_bytes()
    write_files(tmp_path / "f", {"broken.zip": data[:-10], "b.txt": AD})
    with pytest.raises(SetupError, match="损坏"):
        read(tmp_path / "f/broken.zip")
    assert [bool(entry.trouble) for entry in read(tmp_path / "f")] == [False, True]


def test_a_corrupt_member_is_its_own_trouble(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.txt": AD, "b.txt": AD}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(AD)] ^= 1
    path.write_bytes(data)
    first, second = read(path)
    with pytest.raises(DamagedFile, match="已损坏"):
        first.sources[0].read()
    assert contents(second) == [AD]


def test_a_member_with_a_password_is_its_own_trouble(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.txt": AD, "b.txt": AD})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # APPNOTE 4.3.12: general purpose flags in the directory
    path.write_bytes(data)
    assert [bool(entry.trouble) for entry in read(path)] == [True, False]


def test_a_bomb_is_its_own_trouble(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.txt": bytes(6_000_000), "b.txt": AD})
    bomb, good = read(path)
    assert isinstance(bomb.trouble, TooLarge)
    assert good.trouble is None


def test_a_member_that_lies_about_its_size_is_never_unpacked_beyond_it(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.txt": bytes(5_000_000)})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24  # APPNOTE 4.3.12: uncompressed size
    data[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    (entry,) = read(path)
    with pytest.raises(DamagedFile):
        entry.sources[0].read()


def test_archives_nested_too_deep_are_told(tmp_path):
    path = zipped(tmp_path / "0.zip", {"a.txt": AD})
    for depth in range(1, 4):
        path = zipped(tmp_path / f"{depth}.zip", {f"{depth - 1}.zip": path.read_bytes()})
    (entry,) = read(path)
    assert isinstance(entry.trouble, TooLarge)


def test_members_of_one_name_are_told_apart(tmp_path):
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(tmp_path / "a.zip", "w") as archive,
    ):
        archive.writestr("a.txt", b"1")
        archive.writestr("a.txt", b"2")
    tarred(tmp_path / "a.tar", [("a.txt", b"1"), ("a.txt", b"2")])
    for name in ("a.zip", "a.tar"):
        entries = read(tmp_path / name)
        assert [entry.name.rpartition("/")[2] for entry in entries] == ["a.txt", "a.txt@2"]
        assert [contents(entry) for entry in entries] == [[b"1"], [b"2"]]


@pytest.mark.parametrize("layout", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_chinese_names_in_a_tar_are_read(layout, tmp_path):
    name = "很长的文件夹名" * 20 + "/海报.txt"
    with tarfile.open(tmp_path / "a.tar", "w", format=layout) as archive:
        info = tarfile.TarInfo(name)
        info.size = len(AD)
        archive.addfile(info, io.BytesIO(AD))
    (entry,) = read(tmp_path / "a.tar")
    assert entry.name.endswith("!/" + name)
    assert contents(entry) == [AD]


def test_links_in_a_tar_are_told(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link = tarfile.TarInfo("a.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    (entry,) = read(tmp_path / "a.tar")
    assert "链接" in str(entry.trouble)


def test_names_written_on_chinese_windows_are_read(tmp_path):
    path = zipped(tmp_path / "a.zip", {"AAAA.txt": AD})
    path.write_bytes(path.read_bytes().replace(b"AAAA", "海报".encode("gbk")))
    (entry,) = read(path)
    assert entry.name.endswith("!/海报.txt")


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tar.xz"])
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_tar_that_is_cut_off_gives_what_came_before_and_says_so(name, share, tmp_path):
    mode = "w" if name.endswith("tar") else f"w:{name.rpartition('.')[2]}"
    files = [(f"{number:03}.bin", os.urandom(5000)) for number in range(40)]
    path = tarred(tmp_path / name, files, mode)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    entries = read(path)
    assert 10 <= len(entries) < 40
    assert "之后中断或损坏" in str(entries[-1].trouble)
    assert entries[-1].name == str(path)
    whole = entries[:-2]  # the last one may be the one cut
    assert [contents(entry) for entry in whole] == [[data] for _, data in files[: len(whole)]]


def test_a_tar_broken_between_two_files_says_so(tmp_path):
    path = tarred(tmp_path / "a.tar", [("a.txt", AD), ("b.txt", AD), ("c.txt", AD)])
    data = bytearray(path.read_bytes())
    data[1024:1100] = os.urandom(76)
    path.write_bytes(data)
    entries = read(path)
    assert [entry.name.removeprefix(str(path)) for entry in entries] == ["!/a.txt", ""]
    assert "在第 1 个文件之后" in str(entries[-1].trouble)


def test_many_ads_are_never_held_together(tmp_path):
    """What is looked ahead is bounded: the first ad comes long before the last file was seen."""
    seen = 0

    def files():
        nonlocal seen
        for number in range(10_000):
            seen += 1
            yield Found(f"{number}.txt", f"{number}.txt", DamagedFile("x"))

    next(gather(files(), "", InputOptions(Limits())))
    assert seen < 500


def test_folders_in_a_shuffled_tar_still_come_together(tmp_path):
    files = sorted(folders_of_ads().items(), key=lambda item: item[0][::-1])
    entries = read(tarred(tmp_path / "a.tar.gz", files, "w:gz"))
    found = {entry.record_id: contents(entry) for entry in entries}
    assert set(found) == {ad["id"] for ad in ADS}
    assert all(sorted(found[ad["id"]]) == sorted(expected_contents(ad)) for ad in ADS)
