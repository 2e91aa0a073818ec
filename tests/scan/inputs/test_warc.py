"""Web crawls: which records are ads, what a page shows, and archives that end too early."""

from __future__ import annotations

import gzip
import io
import zlib
from datetime import date
from pathlib import Path

import docx
import pytest
from PIL import Image

from adscan.errors import DamagedFile, SetupError, TooLarge
from adscan.ingest.read_ad import read_ad
from adscan.records.ad import Placement
from adscan.records.part import PartKind
from adscan.settings import Limits
from tests.scan.inputs.archives import (
    CRAWL,
    PAGE,
    PICTURES,
    answered,
    contents,
    read,
    record,
    write_warc,
)

RED = PICTURES["red.png"]


def page(body="", head="", address="https://a.example/p", kind="text/html"):
    return (address, "200 OK", kind, PAGE.format(head=head, body=body).encode())


def picture(address="https://a.example/red.png"):
    return (address, "200 OK", "image/png", _poster())


def _poster() -> bytes:
    """Large enough to be no icon."""
    stream = io.BytesIO()
    Image.effect_noise((300, 200), 50).save(stream, "PNG")
    return stream.getvalue()


def sheets(entry):
    placement = Placement(published=date(2026, 1, 15))
    return read_ad(entry.sources, placement, Limits()).sheets


def pictures(entry):
    return [sheet for sheet in sheets(entry) if sheet.kind is PartKind.IMAGE]


@pytest.fixture(params=["c.warc", "c.warc.gz"])
def crawl(request, tmp_path):
    def build(*answers):
        return write_warc(tmp_path / request.param, answers)

    return build


def test_pages_and_pdfs_are_ads_and_pictures_that_no_page_shows_are_not(crawl):
    source = crawl(*CRAWL)
    found = {
        entry.name.removeprefix(f"{source}#https://a.example/"): entry for entry in read(source)
    }
    assert list(found) == ["1", "2", "brochure.pdf"]
    assert found["1"].url == "https://a.example/1"
    assert found["1"].sources[0].beside("/red.png") == RED
    assert found["1"].sources[0].beside("/blue.png") is None


def test_a_word_file_is_an_ad_too(crawl):
    stream = io.BytesIO()
    docx.Document().save(stream)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    (entry,) = read(crawl(("https://a.example/a.docx", "200 OK", kind, stream.getvalue())))
    assert contents(entry) == [stream.getvalue()]


@pytest.mark.parametrize(
    "body",
    [
        "<img src='https://a.example/red.png'>",
        "<img src='//a.example/red.png'>",
        "<img src='/red.png'>",
        "<img src='red.png#x'>",
        "<img data-src='red.png'>",
        "<img src='none.png' srcset='none.png 1x, red.png 2x'>",
        "<img src='http://a.example/red.png'>",
        "<div style='background:url(&quot;red.png&quot;)'>.</div>",
    ],
)
def test_a_picture_is_found_however_the_page_writes_its_address(body, crawl):
    (entry,) = read(crawl(page(body), picture()))
    assert len(pictures(entry)) == 1


def test_addresses_with_queries_and_chinese_are_found(crawl):
    answers = [
        picture("https://a.example/image?id=1&size=2"),
        picture("https://a.example/%E5%9B%BE.png"),
        page("<img src='/image?id=1&amp;size=2'><img src='图.png'>"),
    ]
    (entry,) = read(crawl(*answers))
    assert len(pictures(entry)) == 2


def test_the_pages_base_counts(crawl):
    (entry,) = read(
        crawl(
            page("<img src=red.png>", head="<base href='/deep/er/'>"),
            picture("https://a.example/deep/er/red.png"),
        )
    )
    assert len(pictures(entry)) == 1


def test_a_redirected_picture_is_found(crawl):
    moved = answered(
        ("https://a.example/old.png", "301 Moved", "text/html", b""), "Location: /red.png\r\n"
    )
    (entry,) = read(crawl(page("<img src=old.png>"), moved, picture()))
    assert len(pictures(entry)) == 1


def test_redirects_in_a_circle_lead_nowhere(crawl):
    circle = answered(
        ("https://a.example/old.png", "302 Found", "text/html", b""), "Location: /old.png\r\n"
    )
    (entry,) = read(crawl(page("<img src=old.png>"), circle))
    assert pictures(entry) == []


def test_a_background_of_a_style_sheet_is_found(crawl):
    style = (
        "https://a.example/css/a.css",
        "200 OK",
        "text/css",
        b".x{background-image:url(../red.png)}",
    )
    linked = page("<div class=x>.</div>", head="<link rel=stylesheet href=/css/a.css>")
    (entry,) = read(crawl(linked, style, picture()))
    assert len(pictures(entry)) == 1


def test_a_missing_picture_is_told_by_the_page(crawl):
    (entry,) = read(crawl(page("<img src=none.png>")))
    ad = read_ad(entry.sources, Placement(published=date(2026, 1, 15)), Limits())
    assert any("没有随页面保存" in notice.message for notice in ad.notices)


@pytest.mark.parametrize("status", ["404 Not Found", "500 Error", "302 Found", "204 No Content"])
def test_answers_that_show_nothing_are_no_ads(status, crawl):
    failed = ("https://a.example/x", status, "text/html", PAGE.encode())
    empty = ("https://a.example/y", "200 OK", "text/html", b"")
    assert len(read(crawl(failed, empty, page()))) == 1


def test_packed_and_chunked_bodies_are_unpacked(crawl):
    body = PAGE.encode()
    chunks = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    deflated = zlib.compress(body)
    answers = [
        answered(
            ("https://a.example/1", "200 OK", "text/html", gzip.compress(body)),
            "Content-Encoding: gzip\r\n",
        ),
        answered(
            ("https://a.example/2", "200 OK", "text/html", deflated),
            "Content-Encoding: deflate\r\n",
        ),
        answered(
            ("https://a.example/3", "200 OK", "text/html", chunks), "Transfer-Encoding: chunked\r\n"
        ),
        answered(
            ("https://a.example/4", "200 OK", "text/html", body), "Transfer-Encoding: chunked\r\n"
        ),
    ]
    assert [contents(entry) for entry in read(crawl(*answers))] == [[body]] * 4


def test_an_address_captured_again_gets_a_number(crawl):
    names = [
        entry.name.rpartition("#")[2]
        for entry in read(crawl(page(), page(), page(address="https://a.example/q")))
    ]
    assert names == ["https://a.example/p", "https://a.example/p@2", "https://a.example/q"]


def test_an_unchanged_page_has_the_body_of_its_earlier_capture(crawl):
    again = record(
        "https://a.example/p", "revisit", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        "WARC-Refers-To-Target-URI: https://a.example/p\r\n",
    )  # fmt: skip
    first, second = read(crawl(page("<img src=red.png>"), picture(), again))
    assert contents(first) == contents(second)
    assert len(pictures(second)) == 1


def test_an_unchanged_page_whose_body_is_elsewhere_says_so(crawl):
    again = record(
        "https://a.example/p", "revisit", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    )
    (entry,) = read(crawl(again))
    assert "另一个 WARC" in str(entry.trouble)


def test_of_several_captures_of_a_picture_the_closest_is_shown(crawl):
    other = ("https://a.example/red.png", "200 OK", "image/png", PICTURES["blue.png"])
    filler = [page(address=f"https://a.example/{number}") for number in range(5)]
    first, *_, last = read(
        crawl(
            page("<img src=red.png>"),
            CRAWL[1],
            *filler,
            page("<img src=red.png>", address="https://a.example/z"),
            other,
        )
    )
    assert first.sources[0].beside("red.png") == RED
    assert last.sources[0].beside("red.png") == PICTURES["blue.png"]


def test_the_day_is_the_pages_own_and_else_the_crawls_in_china(crawl):
    dated = page(head="<meta property='article:published_time' content='2024-06-05'>")
    first, second = read(crawl(dated, page(address="https://a.example/q")))
    assert first.published == date(2024, 6, 5)
    assert second.published == date(2025, 3, 2)


def test_a_page_over_the_limit_is_its_own_trouble(crawl):
    large, small = read(
        crawl(page("字" * 2000), page(address="https://a.example/q")), max_file_bytes=3000
    )
    assert isinstance(large.trouble, TooLarge)
    assert small.trouble is None


# Broken archives


@pytest.mark.parametrize("name", ["c.warc", "c.warc.gz"])
@pytest.mark.parametrize("lost", [1, 10, 60, 200])
def test_a_warc_that_is_cut_off_gives_what_is_whole_and_says_what_is_lost(name, lost, tmp_path):
    answers = [page(address=f"https://a.example/{number}") for number in range(5)]
    path = write_warc(tmp_path / name, answers)
    data = path.read_bytes().rstrip(b"\r\n") if name == "c.warc" else path.read_bytes()
    path.write_bytes(data[:-lost])
    *whole, last = read(path)
    assert [entry.trouble for entry in whole] == [None] * 4
    assert [contents(entry) for entry in whole] == [[PAGE.format(head="", body="").encode()]] * 4
    assert isinstance(last.trouble, DamagedFile)
    assert last.name == str(path)
    assert "字节的内容读不到" in str(last.trouble)


def test_a_warc_broken_in_the_middle_gives_what_came_before(tmp_path):
    path = write_warc(
        tmp_path / "c.warc.gz", [page(address=f"https://a.example/{n}") for n in range(5)]
    )
    data = bytearray(path.read_bytes())
    third = [at for at in range(len(data)) if data[at : at + 3] == b"\x1f\x8b\x08"][2]
    data[third + 15 : third + 40] = b"\xff" * 25
    path.write_bytes(data)
    entries = read(path)
    assert [bool(entry.trouble) for entry in entries] == [False, False, True]


@pytest.mark.parametrize("data", [b"", b"hello world\n" * 50, b"\x1f\x8b" + b"x" * 50])
def test_what_is_no_warc_stops_the_run(data, tmp_path):
    (tmp_path / "c.warc.gz").write_bytes(data)
    with pytest.raises(SetupError, match=r"c\.warc\.gz"):
        read(tmp_path / "c.warc.gz")


def test_a_warc_packed_as_a_whole_says_how_to_mend_it(tmp_path):
    plain: Path = write_warc(tmp_path / "c.warc", CRAWL)
    (tmp_path / "d.warc.gz").write_bytes(gzip.compress(plain.read_bytes()))
    with pytest.raises(SetupError, match="整体压缩"):
        read(tmp_path / "d.warc.gz")
