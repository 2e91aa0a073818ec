from __future__ import annotations

from adscan.ocr.reading_order import Place, reading_order
from adscan.records.part import Polygon


def box(left: float, top: float, width: float, height: float) -> Polygon:
    right, bottom = left + width, top + height
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def read(*named: tuple[str, Polygon] | tuple[str, Polygon, bool]) -> str:
    places = [Place(entry[1], len(entry) > 2) for entry in named]
    return "".join(named[i][0] for i in reading_order(places))


def turned_half(polygon: Polygon, width: float, height: float) -> Polygon:
    return tuple((width - x, height - y) for x, y in polygon)


def test_lines_are_read_from_top_to_bottom() -> None:
    assert read(("b", box(0, 40, 200, 20)), ("a", box(0, 0, 200, 20))) == "ab"


def test_words_beside_each_other_are_read_from_left_to_right() -> None:
    assert read(("b", box(120, 2, 80, 20)), ("a", box(0, 0, 100, 20))) == "ab"


def test_a_table_is_read_row_by_row() -> None:
    cells = [(f"{r}{c} ", box(c * 200, r * 40, 60, 20)) for c in range(3) for r in range(3)]
    assert read(*cells) == "00 01 02 10 11 12 20 21 22 "


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    left = [(f"l{i} ", box(0, i * 30, 300, 20)) for i in range(4)]
    right = [(f"r{i} ", box(340, i * 30, 300, 20)) for i in range(4)]
    mixed = [line for pair in zip(right, left, strict=True) for line in pair]
    assert read(*mixed) == "l0 l1 l2 l3 r0 r1 r2 r3 "


def test_a_heading_over_two_columns_comes_first() -> None:
    left = [(f"l{i} ", box(0, 60 + i * 30, 300, 20)) for i in range(3)]
    right = [(f"r{i} ", box(340, 60 + i * 30, 300, 20)) for i in range(3)]
    assert read(*right, *left, ("h ", box(100, 0, 440, 40))) == "h l0 l1 l2 r0 r1 r2 "


def test_columns_whose_lines_do_not_align_are_read_apart() -> None:
    left = [(f"l{i} ", box(0, i * 30, 120, 20)) for i in range(3)]
    right = [(f"r{i} ", box(200, 12 + i * 36, 120, 20)) for i in range(3)]
    assert read(*right, *left) == "l0 l1 l2 r0 r1 r2 "


def test_upright_columns_are_read_from_right_to_left() -> None:
    columns = [(name, box(x, 0, 40, 400), True) for name, x in (("c", 0), ("b", 60), ("a", 120))]
    assert read(*columns) == "abc"


def test_upright_columns_beside_lines_stand_in_their_place() -> None:
    lines = [("1", box(0, 0, 200, 30)), ("2", box(0, 50, 200, 30)), ("3", box(0, 100, 200, 30))]
    columns = [("b", box(300, 0, 40, 400), True), ("a", box(360, 0, 40, 400), True)]
    assert read(*columns, *lines) == "123ab"


def test_lines_that_lean_stay_in_order() -> None:
    lines = [
        (str(i), ((0, i * 30), (300, i * 30 + 25), (300, i * 30 + 45), (0, i * 30 + 20)))
        for i in range(4)
    ]
    assert read(*reversed(lines)) == "0123"


def test_close_lines_whose_boxes_overlap_a_little_stay_apart() -> None:
    lines = [(str(i), box(0, i * 20, 300, 23)) for i in range(4)]
    assert read(*reversed(lines)) == "0123"


def test_a_picture_upside_down_is_read_from_its_own_top() -> None:
    lines = [(str(i), turned_half(box(0, i * 30, 300, 20), 300, 200)) for i in range(3)]
    assert read(*lines[::-1]) == "012"


def test_a_row_upside_down_is_read_from_its_own_left() -> None:
    row = [(str(i), turned_half(box(i * 100, 0, 80, 20), 300, 20)) for i in range(3)]
    assert read(*row[::-1]) == "012"


def test_the_order_does_not_depend_on_the_order_given() -> None:
    cells = [(f"{r}{c} ", box(c * 200, r * 40, 60, 20)) for c in range(3) for r in range(3)]
    assert read(*cells) == read(*cells[::-1])


def test_lines_without_a_place_come_last_as_given() -> None:
    assert read(("x", ()), ("a", box(0, 0, 10, 10)), ("y", ())) == "axy"


def test_nothing_gives_nothing() -> None:
    assert reading_order([]) == []
