from __future__ import annotations

import base64
import io
from itertools import combinations

import numpy as np
from PIL import Image

from adscan.records.ad import Pixels
from adscan.records.part import Line, Polygon
from adscan.records.text import Span
from adscan.report.badges import Badge, Box
from adscan.report.picture import MAX_WIDTH_PX, Picture, Strip, draw
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


def badges(picture: Picture) -> list[Badge]:
    return [badge for strip in picture.strips for badge in strip.badges]


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
    assert badges(small)[0].radius < badges(big)[0].radius


def test_page_is_measured_in_points() -> None:
    picture = draw(blank(600, 800), 0.48, [])
    assert (picture.width, picture.height) == (288, 384)


def test_numbers_of_the_same_place_do_not_cover_each_other() -> None:
    same = box(100, 100, 300, 150)
    picture = draw(blank(1000, 1000), 1.0, boxes(same, same, same))
    for one, other in combinations(badges(picture), 2):
        apart = max(abs(one.x - other.x), abs(one.y - other.y))
        assert apart >= one.radius + other.radius


def test_two_places_of_a_finding_on_one_line_need_one_number() -> None:
    first, second = box(100, 100, 200, 130), box(230, 100, 330, 130)
    same = [
        Box("1", "f1", anchor, "high", place, "1")
        for anchor, place in (("a", first), ("b", second))
    ]
    assert len(badges(draw(blank(1000, 1000), 1.0, same))) == 1


def test_a_number_avoids_the_letters_around_it() -> None:
    place = box(300, 300, 500, 340)
    above = Line("字", Span(0, 1), 1.0, box(280, 255, 520, 295))
    (badge,) = badges(draw(blank(1000, 1000), 1.0, boxes(place), [above]))
    assert not (badge.y + badge.radius > 255 and badge.y - badge.radius < 295 and badge.x > 280)


def test_numbers_stay_inside_the_picture() -> None:
    corners = [box(0, 0, 50, 20), box(950, 0, 1000, 20), box(960, 980, 1000, 1000)]
    picture = draw(blank(1000, 1000), 1.0, boxes(*corners))
    for badge in badges(picture):
        assert badge.radius <= badge.x <= 1000 - badge.radius
        assert badge.radius <= badge.y <= 1000 - badge.radius


def test_box_across_a_cut_is_drawn_on_both_sides_and_numbered_once() -> None:
    cut = draw(blank(100, 1000), 1.0, []).strips[1].top
    picture = draw(blank(100, 1000), 1.0, boxes(box(10, cut - 20, 90, cut + 20)))
    assert [len(strip.boxes) for strip in picture.strips[:2]] == [1, 1]
    assert len(badges(picture)) == 1
