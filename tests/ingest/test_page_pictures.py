"""The pictures of a page: found wherever they lie, missed aloud."""

from __future__ import annotations

import base64

import pytest
from PIL import Image

from adscan.errors import TooLarge
from adscan.records.part import NoticeCode, PartKind

LONG = "<p>本行理财产品不保证本金，过往业绩不代表未来表现。</p>"


@pytest.fixture
def picture(make_image) -> bytes:
    return make_image(Image.new("RGB", (300, 100), "red"), "PNG")


@pytest.fixture
def icon(make_image) -> bytes:
    return make_image(Image.new("RGB", (16, 16), "red"), "PNG")


def images(ad):
    return [sheet for sheet in ad.sheets if sheet.kind is PartKind.IMAGE]


@pytest.mark.parametrize(
    ("tag", "file"),
    [
        ("<img src='a.png'>", "a.png"),
        ("<img data-src='img/a.png'>", "img/a.png"),
        ("<img src='blank.gif' data-original='img/a.png'>", "img/a.png"),
        ("<img srcset='small.png 300w, big.png 900w'>", "big.png"),
        ("<picture><source srcset='a.png'><img></picture>", "a.png"),
        ("<img src='./%E5%AD%98_files/a.png'>", "./存_files/a.png"),
        ("<img src='https://cdn.example/x/poster-01.png?w=640'>", "page_files/poster-01.png"),
        ("<img data-src='https://cdn.example/x/poster-01.png' src=''>", "page.files/poster-01.png"),
        ("<div style='background-image:url(\"BG.png\")'>文字</div>", "BG.png"),
        ("<svg><image href='a.png'></image></svg>", "a.png"),
        ("<svg><image xlink:href='a.png'></image></svg>", "a.png"),
    ],
)  # fmt: skip
def test_a_picture_is_found_where_the_page_names_it(tag, file, page, picture):
    ad = page(LONG + tag, name="folder/page.html", beside={file: picture})
    assert [sheet.pixels().shape for sheet in images(ad)] == [(100, 300, 3)]
    assert not ad.notices


def test_a_picture_within_the_page_is_read(page, picture):
    address = "data:image/png;base64," + base64.b64encode(picture).decode()
    assert len(images(page(f"{LONG}<img src='{address}'>"))) == 1


def test_a_picture_named_twice_is_one_sheet(page, picture):
    ad = page(f"{LONG}<img src=a.png><img src=a.png>", beside={"a.png": picture})
    assert len(images(ad)) == 1


def test_icons_and_drawings_are_left_out(page, icon):
    body = f"{LONG}<img src=i.png><img src=logo.svg><img src=gone.png width=20 height=20>"
    ad = page(body, beside={"i.png": icon})
    assert not images(ad)
    assert not ad.notices


def test_missing_pictures_are_one_notice_with_their_count(page):
    ad = page(f"{LONG}<img src=a.png><img data-src=https://x.example/b.jpg>")
    (notice,) = ad.notices
    assert notice.code is NoticeCode.PICTURE_MISSING
    assert notice.unread
    assert "2 张" in notice.message


def test_a_placeholder_does_not_stand_for_the_missing_picture(page, icon):
    ad = page(f"{LONG}<img src=blank.png data-src=real.jpg>", beside={"blank.png": icon})
    assert [notice.code for notice in ad.notices] == [NoticeCode.PICTURE_MISSING]


def test_a_page_that_is_one_missing_picture_is_not_clean(page):
    ad = page("<img src=poster.jpg>", head="<title>活动</title>")
    assert any(notice.unread for notice in ad.notices)


def test_a_broken_picture_is_a_sheet_that_says_so(page, picture):
    ad = page(f"{LONG}<img src=a.png>", beside={"a.png": picture[:60]})
    (sheet,) = images(ad)
    assert "读不出来" in sheet.unread


def test_an_error_page_under_a_picture_name_is_a_missing_picture(page):
    ad = page(f"{LONG}<img src=a.png>", beside={"a.png": b"<html>404</html>"})
    assert [notice.code for notice in ad.notices] == [NoticeCode.PICTURE_MISSING]


def test_a_hidden_picture_is_marked_hidden(page, picture):
    body = f"{LONG}<div style='display:none'><img src=a.png></div>"
    (sheet,) = images(page(body, beside={"a.png": picture}))
    assert sheet.hidden


def test_frames_of_an_animation_are_sheets(page, make_image):
    scenes = [Image.new("RGB", (90, 60), colour) for colour in ("red", "blue")]
    for scene in scenes:
        scene.paste((255, 255, 255), (10, 10, 40, 40))
    data = make_image(scenes[0], "GIF", save_all=True, append_images=scenes[1:], duration=50)
    ad = page(f"{LONG}<img src=a.gif>", beside={"a.gif": data})
    assert [sheet.id for sheet in images(ad)] == ["image:0", "image:1"]


def test_too_many_pictures_name_the_setting(page):
    body = "".join(f"<img src={n}.png>" for n in range(5))
    with pytest.raises(TooLarge, match="ADSCAN_LIMITS__MAX_PAGE_IMAGES"):
        page(body, max_page_images=4)


def test_words_in_a_saved_frame_are_read(page):
    ad = page(
        f"{LONG}<iframe src='page_files/f.html'></iframe>",
        beside={"page_files/f.html": "<html><body><p>框中文字</p></body></html>".encode()},
    )
    assert "框中文字" in ad.sheets[0].text


def test_a_background_beside_many_words_is_no_missing_message(page):
    ad = page(f"{LONG * 8}<div style='background:url(paper.jpg)'>字</div>")
    assert not ad.notices


def test_a_page_that_is_one_missing_background_is_not_clean(page):
    head = "<title>活动</title><style>.poster{background:url(Poster.jpg)}</style>"
    ad = page("<div class=poster>欢迎参加本次年末客户活动</div>", head=head)
    assert [notice.code for notice in ad.notices] == [NoticeCode.PICTURE_MISSING]


def test_an_article_whose_place_is_empty_is_not_clean(page):
    frame = "<p>微信扫一扫关注该公众号，轻触阅读原文，收藏，在看，分享给朋友</p>"
    ad = page(f"<div id='js_content' style='visibility:hidden'></div>{frame}")
    assert [notice.code for notice in ad.notices] == [NoticeCode.NOT_READ]


def test_a_frame_that_is_no_page_does_no_harm(page):
    frames = "<iframe src=a.bin></iframe><iframe src=b.zip></iframe><iframe src=''></iframe>"
    ad = page(LONG + frames, beside={"a.bin": bytes(range(256)), "b.zip": b"PK\x03\x04"})
    assert ad.sheets[0].text.startswith("本行")
