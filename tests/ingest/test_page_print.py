"""How the letters of a page look, by its styles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscan.ingest.page.dom import parse_page
from adscan.ingest.page.print import print_runs
from adscan.ingest.page.resources import Beside
from adscan.ingest.page.styles import read_styles
from adscan.ingest.page.words import read_words
from adscan.records.ad import Source

BLACK, WHITE, RED = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1.0, 0.0, 0.0)


def runs(ad):
    (sheet, *_) = ad.sheets
    return [(run.span.of(sheet.text), run.height_px, run.letters) for run in sheet.print_runs]


def ground(ad):
    return ad.sheets[0].print_runs[0].ground


@pytest.mark.parametrize(
    ("body", "height_px"),
    [
        ("<p>年化</p>", 16.0),
        ("<h1>年化</h1>", 32.0),
        ("<small>年化</small>", 13.28),
        ('<p style="font-size:9px">年化</p>', 9.0),
        ('<p style="font-size:9pt">年化</p>', 12.0),
        ('<p style="font-size:50%">年化</p>', 8.0),
        ('<div style="font-size:20px"><p style="font-size:.5em">年化</p></div>', 10.0),
        ('<div style="font-size:20px"><p style="font-size:2rem">年化</p></div>', 32.0),
        ('<p style="font:bold 40px/1.5 serif">年化</p>', 40.0),
        ('<p style="font-size:x-large">年化</p>', 24.0),
        ('<font size="7">年化</font>', 48.0),
    ],
)
def test_sizes_are_those_a_browser_gives(page, body, height_px):
    ((_, height, _),) = runs(page(body))
    assert height == pytest.approx(height_px)


def test_colours_come_from_style_sheets_and_are_passed_on(page):
    ad = page("<style>.x{color:red;background:#000}</style><div class=x><p>年化</p></div>")
    assert runs(ad) == [("年化", 16.0, RED)]
    assert ground(ad) == BLACK


def test_transparent_letters_mix_with_their_ground(page):
    ((_, _, letters),) = runs(page('<p style="color:rgba(0,0,0,.2)">年化</p>'))
    assert letters == pytest.approx((0.8, 0.8, 0.8))
    ((_, _, letters),) = runs(page('<p style="opacity:20%">年化</p>'))
    assert letters == pytest.approx((0.8, 0.8, 0.8))


def test_the_ground_behind_a_picture_is_unknown(page):
    assert ground(page('<p style="background:url(a.png)">年化</p>')) is None
    assert ground(page('<p style="background:linear-gradient(red, blue)">年化</p>')) is None


def test_a_colour_that_is_no_colour_is_unknown(page):
    assert runs(page('<p style="color:var(--brand)">年化</p>')) == [("年化", 16.0, None)]


def test_words_of_one_line_keep_their_own_looks(page):
    ad = page('<p>年化 <b style="font-size:40px">12%</b>起</p><p style="font-size:8px">有风险</p>')
    assert ad.sheets[0].text == "年化 12%起\n有风险"
    assert [(text, height) for text, height, _ in runs(ad)] == [
        ("年化 ", 16.0),
        ("12%", 40.0),
        ("起\n", 16.0),
        ("有风险", 8.0),
    ]


def test_a_title_that_the_body_lacks_moves_the_places(read):
    ad = read("<title>标题</title><body><h1>年化</h1>".encode())
    assert runs(ad) == [("年化", 32.0, BLACK)]


WORDS = st.text("年化 \t\n\u00a0\u200b\x0b", max_size=6)
BODIES = st.recursive(
    WORDS,
    lambda inner: st.builds(
        "<{0} style='font-size:{1}px'>{2}{3}</{0}>".format,
        st.sampled_from(["p", "span", "td", "pre", "h1"]),
        st.integers(1, 40),
        inner,
        inner,
    ),
    max_leaves=8,
)


@given(BODIES)
def test_every_visible_letter_has_one_look(body):
    root = parse_page(f"<body>{body}</body>").root
    source = Source("page", lambda: b"", lambda name: None)
    words = read_words(root, read_styles(root, Beside(source)))
    found = print_runs(words.visible, words.looks, at=0)
    assert len(words.looks) == sum(not char.isspace() for char in words.visible)
    assert "".join(run.span.of(words.visible) for run in found) == words.visible
