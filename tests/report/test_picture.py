from __future__ import annotations

import base64
import io
from itertools import pairwise

import numpy as np
from PIL import Image

from adscan.records.ad import Pixels
from adscan.records.part import Line, Polygon
from adscan.records.text import Span
from adscan.report.picture import MAX_WIDTH_PX, Box, Picture, Strip, draw
from tests.report.cases import box


def blank(width: int, height: int) -> Pixels:
    return np.full((height, width, 3), 240, dtype=np.uint8)


def boxes(*polygons: Polygon) -> list[Box]:
    return [
        Box(str(at), f"f{at}", f"f{at}-box", "high", polygon, f"{at}")
        for at, polygon in enumerate(polygons, 1)
    ]


def image_of(strip: Strip) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(strip.uri.partition(",")[2])))


def badges(picture: Picture) -> list[tuple[str, float, float]]:
    return [(b.box.label, b.x, b.y) for strip in picture.strips for b in strip.badges]


def test_poster_stays_in_one_piece() -> None:
    picture = draw(blank(800, 1200), 1.0, [])
    assert [(strip.top, strip.height) for strip in picture.strips] == [(0, 1200)]


def test_long_picture_is_cut_without_gap_or_overlap() -> None:
    picture = draw(blank(108, 2000), 1.0, [])
    assert len(picture.strips) > 5
    at = 0.0
    for strip in picture.strips:
        assert strip.top == at
        assert image_of(strip).size == (108, strip.height)
        at += strip.height
    assert at == picture.height == 2000


def test_no_cut_goes_through_a_line() -> None:
    rows = range(0, 2000, 40)
    lines = [Line("字", Span(0, 1), 1.0, box(0, top, 100, top + 30)) for top in rows]
    picture = draw(blank(100, 2000), 1.0, [], lines)
    cuts = [strip.top for strip in picture.strips[1:]]
    assert cuts
    assert all(not top < cut < top + 30 for cut in cuts for top in rows)


def test_wide_picture_is_shrunk_and_boxes_keep_its_own_units() -> None:
    picture = draw(blank(3000, 600), 1.0, boxes(box(100, 100, 400, 200)))
    assert picture.shrunk
    assert (picture.width, picture.height) == (3000, 600)
    assert image_of(picture.strips[0]).size == (MAX_WIDTH_PX, 240)


def test_small_print_gets_a_thin_frame_and_a_small_number() -> None:
    big = draw(blank(1000, 1000), 1.0, boxes(box(100, 100, 400, 180)))
    small = draw(blank(1000, 1000), 1.0, boxes(box(100, 100, 400, 112)))
    assert not big.strips[0].boxes[0].fine
    assert small.strips[0].boxes[0].fine
    assert small.radius < big.radius


def test_page_is_measured_in_points() -> None:
    picture = draw(blank(600, 800), 0.48, [])
    assert (picture.width, picture.height) == (288, 384)


def test_numbers_of_the_same_place_lie_side_by_side() -> None:
    same = box(100, 100, 300, 150)
    picture = draw(blank(1000, 1000), 1.0, boxes(same, same, same))
    xs = sorted(x for _, x, _ in badges(picture))
    assert all(b - a >= 2 * picture.radius for a, b in pairwise(xs))


def test_numbers_stay_inside_the_picture() -> None:
    corners = [box(0, 0, 50, 20), box(950, 0, 1000, 20), box(960, 980, 1000, 1000)]
    picture = draw(blank(1000, 1000), 1.0, boxes(*corners))
    for _, x, y in badges(picture):
        assert picture.radius <= x <= 1000 - picture.radius
        assert picture.radius <= y <= 1000 - picture.radius


def test_box_across_a_cut_is_drawn_on_both_sides_and_numbered_once() -> None:
    cut = draw(blank(100, 1000), 1.0, []).strips[1].top
    picture = draw(blank(100, 1000), 1.0, boxes(box(10, cut - 20, 90, cut + 20)))
    assert [len(strip.boxes) for strip in picture.strips[:2]] == [1, 1]
    assert len(badges(picture)) == 1
