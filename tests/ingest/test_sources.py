"""From paths to sources."""

from __future__ import annotations

import bz2
import io
import os
import pickle
import tarfile
import zipfile
from pathlib import Path

import pytest

from adscan.errors import DamagedFile, TooLarge
from adscan.ingest.sources import Refused, expand, find_sources, text_source
from adscan.records.ad import Source
from adscan.settings import Limits

AD = "稳健理财产品".encode()


def names(found, root: Path | None = None) -> list[str]:
    prefix = f"{root}{os.sep}" if root else ""
    return [source.name.removeprefix(prefix) for source in found]


def find(*paths, **limits):
    return list(find_sources(paths, Limits(**limits)))


def zipped(files: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(files: dict[str, bytes], mode="w:gz") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


# Files and folders


def test_a_folder_is_walked_in_sorted_order(tmp_path):
    write(tmp_path, {"b.txt": AD, "a/z.txt": AD, "a/c.txt": AD, "c.unknown": b"\x00"})
    found = names(find(tmp_path), tmp_path)
    assert found == ["a/c.txt", "a/z.txt", "b.txt", "c.unknown"]


def test_the_parts_of_a_saved_page_are_not_advertisements(tmp_path):
    files = ["page.html", "page_files/1.jpg", "page_files/a.css", "old.htm", "old.files/2.jpg"]
    write(tmp_path, dict.fromkeys([*files, "other_files/3.jpg"], AD))
    assert names(find(tmp_path), tmp_path) == ["old.htm", "other_files/3.jpg", "page.html"]


def test_what_the_system_left_behind_is_left_out(tmp_path):
    junk = [".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/a.txt", "._a.txt"]
    write(tmp_path, dict.fromkeys([*junk, "a.txt", ".hidden.txt"], AD))
    assert names(find(tmp_path), tmp_path) == [".hidden.txt", "a.txt"]


def test_a_path_that_is_not_there_is_refused_and_the_others_go_on(tmp_path):
    write(tmp_path, {"a.txt": AD})
    refused, source = find(tmp_path / "nothing", tmp_path / "a.txt")
    assert isinstance(refused, Refused)
    assert "找不到" in refused.error.message
    assert source.read() == AD


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_without_rights_is_refused(tmp_path):
    tmp_path.chmod(0)
    (refused,) = find(tmp_path)
    tmp_path.chmod(0o700)
    assert "权限" in refused.error.message


def test_a_folder_without_files_is_refused(tmp_path):
    (refused,) = find(tmp_path)
    assert "没有可检查的文件" in refused.error.message


def test_a_link_to_a_folder_is_not_followed_in_silence(tmp_path):
    write(tmp_path, {"a.txt": AD})
    (tmp_path / "loop").symlink_to(tmp_path)
    source, refused = find(tmp_path)
    assert source.read() == AD
    assert "链接" in refused.error.message


def test_a_pipe_in_a_folder_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (refused,) = find(tmp_path)
    assert "不是普通文件" in refused.error.message


def test_a_file_over_the_limit_is_not_read(tmp_path):
    write(tmp_path, {"a.txt": AD * 100})
    (source,) = find(tmp_path, max_file_bytes=100)
    with pytest.raises(TooLarge, match="ADSCAN_LIMITS__MAX_FILE_BYTES"):
        source.read()


def test_names_are_safe_to_print(tmp_path):
    write(tmp_path, {"a\x1b[31m\u202e.txt": AD})
    (source,) = find(tmp_path)
    assert source.name.endswith("a\ufffd[31m\ufffd.txt")


# Beside


def test_a_file_beside_is_read(tmp_path):
    write(tmp_path, {"p/page.html": AD, "p/page_files/图 1.png": b"picture"})
    (source,) = find(tmp_path)
    assert source.beside("page_files/图 1.png") == b"picture"
    assert source.beside("./page_files/../page.html") == AD
    assert source.beside("nothing.png") is None


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/hostname", "a/../../secret.txt", "link/secret.txt", "C:\\x", ""]
)
def test_nothing_outside_the_folder_is_beside(name, tmp_path):
    write(tmp_path, {"p/page.html": AD, "p/a/x": b"", "secret.txt": b"secret"})
    (tmp_path / "p" / "link").symlink_to(tmp_path)
    (source,) = find(tmp_path / "p" / "page.html")
    assert source.beside(name) is None


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_members_lie_beside_each_other(pack, tmp_path):
    files = {"p/page.html": AD, "p/page_files/1.png": b"picture", "x.txt": b"x"}
    write(tmp_path, {"a.bin": pack(files)})
    page, _ = find(tmp_path)
    assert page.beside("page_files/1.png") == b"picture"
    assert page.beside("../x.txt") is None
    assert page.beside("/x.txt") is None


# Archives


@pytest.mark.parametrize(
    "data",
    [
        zipped({"甲.txt": AD, "乙/丙.txt": AD}),
        tarred({"甲.txt": AD, "乙/丙.txt": AD}, "w"),
        tarred({"甲.txt": AD, "乙/丙.txt": AD}, "w:gz"),
        tarred({"甲.txt": AD, "乙/丙.txt": AD}, "w:bz2"),
        tarred({"甲.txt": AD, "乙/丙.txt": AD}, "w:xz"),
    ],
    ids=["zip", "tar", "gz", "bz2", "xz"],
)
def test_members_are_sources_while_walking_and_after(data, tmp_path):
    write(tmp_path, {"a.bin": data})
    walked = [source.read() for source in find_sources([tmp_path / "a.bin"], Limits())]
    assert walked == [AD, AD]
    kept = find(tmp_path / "a.bin")
    assert names(kept, tmp_path) == ["a.bin!/甲.txt", "a.bin!/乙/丙.txt"]
    assert [source.read() for source in reversed(kept)] == [AD, AD]


def test_archives_in_archives_are_opened(tmp_path):
    inner = zipped({"c.txt": AD})
    write(tmp_path, {"a.zip": zipped({"b.tar.gz": tarred({"i.zip": inner})})})
    (source,) = find(tmp_path)
    assert source.name.endswith("a.zip!/b.tar.gz!/i.zip!/c.txt")
    assert source.read() == AD


def test_archives_deeper_than_the_limit_are_refused(tmp_path):
    write(tmp_path, {"a.zip": zipped({"b.zip": zipped({"c.txt": AD}), "d.txt": AD})})
    refused, source = find(tmp_path, max_archive_depth=1)
    assert "ADSCAN_LIMITS__MAX_ARCHIVE_DEPTH" in refused.error.hint
    assert source.read() == AD


def test_a_docx_is_one_advertisement(tmp_path, samples):
    write(tmp_path, {"a.zip": zipped({"b.docx": samples["docx"]}), "c.docx": samples["docx"]})
    assert names(find(tmp_path), tmp_path) == ["a.zip!/b.docx", "c.docx"]


def test_names_in_gbk_are_read(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("XXXX.txt", AD)
    data = stream.getvalue().replace(b"XXXX", "广告".encode("gb18030"))
    write(tmp_path, {"a.zip": data})
    assert names(find(tmp_path), tmp_path) == ["a.zip!/广告.txt"]


def test_a_name_that_leads_out_is_shown_and_harmless(tmp_path):
    write(tmp_path, {"p/a.zip": zipped({"../../evil.txt": AD})})
    (source,) = find(tmp_path)
    assert source.name.endswith("a.zip!/../../evil.txt")
    assert source.read() == AD
    assert [path.name for path in tmp_path.rglob("*.txt")] == []


def test_a_bomb_is_refused_by_its_ratio_and_the_others_go_on(tmp_path):
    write(tmp_path, {"a.zip": zipped({"bomb": bytes(20_000_000), "ok.txt": AD})})
    refused, source = find(tmp_path)
    assert "ADSCAN_LIMITS__MAX_ARCHIVE_RATIO" in refused.error.hint
    assert source.read() == AD


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_over_the_total_is_refused(pack, tmp_path):
    write(tmp_path, {"a.bin": pack({f"{n}.txt": bytes(1000) for n in range(5)})})
    (refused,) = find(tmp_path / "a.bin", max_archive_bytes=4000)
    assert "ADSCAN_LIMITS__MAX_ARCHIVE_BYTES" in refused.error.hint


def test_too_many_members_are_refused_across_levels(tmp_path):
    inner = zipped({f"{n}.txt": AD for n in range(3)})
    write(tmp_path, {"a.zip": zipped({"b.zip": inner, "c.txt": AD})})
    first, _ = find(tmp_path, max_archive_files=4)
    assert "ADSCAN_LIMITS__MAX_ARCHIVE_FILES" in first.error.hint


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_cut_archive_is_refused(pack, tmp_path):
    data = pack({f"{n}.txt": os.urandom(5000) for n in range(4)})
    write(tmp_path, {"a.bin": data[: len(data) // 2]})
    found = find(tmp_path)
    assert isinstance(found[0], Refused)
    assert "损坏" in found[0].error.message


def test_a_member_with_a_password_is_refused(tmp_path):
    data = bytearray(zipped({"a.txt": AD, "b.txt": AD}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    write(tmp_path, {"a.zip": bytes(data)})
    refused, source = find(tmp_path)
    assert "密码" in refused.error.message
    assert source.name.endswith("b.txt")


def test_a_damaged_member_is_refused_and_the_others_go_on(tmp_path):
    data = bytearray(zipped({"a.txt": AD * 9, "b.txt": AD}, zipfile.ZIP_STORED))
    data[40] ^= 0xFF
    write(tmp_path, {"a.zip": bytes(data)})
    refused, source = find(tmp_path)
    assert isinstance(refused.error, DamagedFile)
    assert source.read() == AD


def test_a_lone_compressed_file_is_a_source_that_cannot_be_read(tmp_path):
    write(tmp_path, {"a.txt.bz2": bz2.compress(AD)})
    assert len(find(tmp_path)) == 1


# Elsewhere


def test_text_and_standard_input_have_their_names():
    assert text_source("存款").name == "<text>"
    assert text_source("存款").read().decode() == "存款"
    (piped,) = expand(b"x", Limits())
    assert isinstance(piped, Source)
    assert piped.name == "<stdin>"
    assert piped.beside("y") is None


def test_an_archive_on_standard_input_is_expanded():
    found = list(expand(zipped({"a.txt": AD}), Limits()))
    assert names(found) == ["<stdin>!/a.txt"]
    assert found[0].read() == AD


def test_sources_can_travel_to_another_process(tmp_path):
    write(tmp_path, {"a.zip": zipped({"a.txt": AD}), "b.txt": AD})
    for source in find_sources([tmp_path], Limits()):
        assert pickle.loads(pickle.dumps(source)).read() == AD


def test_a_tar_broken_in_the_middle_is_refused(tmp_path):
    data = bytearray(tarred({"a.txt": AD, "b.txt": AD, "c.txt": AD}, "w"))
    data[1024 + 150] ^= 0xFF  # the check sum in the second header
    write(tmp_path, {"a.tar": bytes(data)})
    (refused,) = find(tmp_path)
    assert "损坏" in refused.error.message


def test_broken_characters_on_the_command_line_do_no_harm():
    assert text_source("保\udcff本").read() == "保".encode() + b"\xff" + "本".encode()
    assert text_source("保\ud800本").read() == "保?本".encode()
