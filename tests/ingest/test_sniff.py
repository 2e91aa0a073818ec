"""Kinds by content, whatever the name says."""

from __future__ import annotations

import gzip
import zipfile
from io import BytesIO

import pytest

from adscan.errors import DamagedFile, UnsupportedFormat
from adscan.ingest.sniff import FileKind, sniff
from adscan.records.ad import AdKind

WORD_TYPE = "wordprocessingml.document.main+xml"


def zipped(*names: str, content: str = "x") -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("<!DOCTYPE html><p>存款".encode(), FileKind.HTML),
        ("\ufeff\n <!-- 保存 -->\n<HTML><body>存款".encode(), FileKind.HTML),
        ("<?xml version='1.0'?><html>存款</html>".encode(), FileKind.HTML),
        ("<html><body>存款".encode("utf-16"), FileKind.HTML),
        ("<div>存款</div>".encode(), FileKind.HTML),
        ("<保本> 不是网页".encode(), FileKind.TEXT),
        ("# 存款\n\n利率 **1.35%**".encode(), FileKind.TEXT),
        ("BM 牌理财，人人都说好".encode(), FileKind.TEXT),
        ("BM 牌理财，人人都说好".encode("gb18030"), FileKind.TEXT),
        ("MZ 世代的理财选择，零门槛".encode(), FileKind.TEXT),
        (b"MIME-Version: 1.0\nContent-Type: text/html\n\n<p>x", FileKind.MHTML),
        ("标题: 存款\n正文: MIME-Version".encode(), FileKind.TEXT),
        (b"%PDF-1.4\n...", FileKind.PDF),
        (zipped("a.txt"), FileKind.ZIP),
        (zipped("[Content_Types].xml", content=WORD_TYPE), FileKind.WORD),
    ],
)
def test_content_decides(data, kind):
    assert sniff(data) is kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "PDF"),
        (zipped("[Content_Types].xml", "word/document.xml"), "含宏"),
        (zipped("mimetype", "content.xml"), "docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为 .docx 或 PDF"),
        (b"{\\rtf1\\ansi x}", "另存为"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "PNG"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(range(200)), "ZIP"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(range(200)), "ZIP"),
        (gzip.compress(bytes(range(256))), "支持"),
    ],
)
def test_an_unknown_kind_says_what_to_do(data, words):
    with pytest.raises(UnsupportedFormat, match=words):
        sniff(data)


def test_an_encrypted_office_document_says_so():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(DamagedFile, match="密码"):
        sniff(data)


def test_a_cut_zip_is_damaged():
    with pytest.raises(DamagedFile, match="损坏"):
        sniff(zipped("a.txt")[:-30])


def test_names_do_not_matter(read, samples):
    assert read(samples["html"], name="poster.gif").kind is AdKind.WEB_PAGE
    assert read(samples["gif"], name="poster.png").kind is AdKind.IMAGE
    assert read(samples["html"], name="page.mhtml").kind is AdKind.WEB_PAGE
