"""Saved pages in one file."""

from __future__ import annotations

import base64
import quopri

import pytest
from PIL import Image

from adscan.errors import DamagedFile
from adscan.records.ad import AdKind
from adscan.records.part import PartKind

WORDS = "本行理财产品不保证本金，投资须谨慎。"
PAGE = "<html><head><title>年末理财</title></head><body><p>{words}</p>{more}</body></html>"


def message(body: bytes, *, charset: str, encoding: str, parts: str = "") -> bytes:
    head = (
        "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="=_edge"\r\n\r\n'
        f"--=_edge\r\nContent-Type: text/html; charset={charset}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n"
        "Content-Location: http://bank.example/a/page.html\r\n\r\n"
    )
    return head.encode() + body + b"\r\n" + parts.encode() + b"--=_edge--\r\n"


def image_part(data: bytes, header: str) -> str:
    return (
        f"--=_edge\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n{header}\r\n"
        f"\r\n{base64.encodebytes(data).decode()}\r\n"
    )


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "8bit"),
        ("utf-8", "quoted-printable"),
        ("gb2312", "base64"),
        ("gb2312", "quoted-printable"),
    ],
)
def test_the_page_is_read_in_every_transfer_encoding(charset, encoding, read):
    html = PAGE.format(words=WORDS, more="").encode(charset)
    body = {
        "8bit": html,
        "quoted-printable": quopri.encodestring(html),
        "base64": base64.encodebytes(html),
    }
    ad = read(message(body[encoding], charset=charset, encoding=encoding))
    assert ad.kind is AdKind.WEB_PAGE
    assert ad.title == "年末理财"
    assert ad.sheets[0].text == f"年末理财\n{WORDS}"
    assert not ad.notices


@pytest.mark.parametrize(
    ("address", "header"),
    [
        ("http://bank.example/a/p.png", "Content-Location: http://bank.example/a/p.png"),
        ("p.png", "Content-Location: http://bank.example/a/p.png"),
        ("cid:pic@x", "Content-ID: <pic@x>"),
    ],
)
def test_pictures_are_found_by_location_and_content_id(address, header, read, make_image):
    picture = make_image(Image.new("RGB", (300, 100), "red"), "PNG")
    html = PAGE.format(words=WORDS, more=f"<img src='{address}'>").encode()
    data = message(html, charset="utf-8", encoding="8bit", parts=image_part(picture, header))
    images = [sheet for sheet in read(data).sheets if sheet.kind is PartKind.IMAGE]
    assert [sheet.pixels().shape for sheet in images] == [(100, 300, 3)]


def test_a_cut_file_is_not_clean(read):
    html = PAGE.format(words=WORDS, more="").encode()
    data = message(html, charset="utf-8", encoding="8bit")
    ad = read(data[: -len("--=_edge--\r\n")])
    assert any(notice.unread for notice in ad.notices)


def test_a_file_without_a_page_is_an_error(read):
    with pytest.raises(DamagedFile, match="没有网页正文"):
        read(message(b"", charset="utf-8", encoding="8bit"))
