from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from adscan.ocr.recognisers.second_look import look_again
from adscan.ocr.recognisers.text_boxes import find_boxes
from adscan.ocr.recognisers.tiling import plan_tiles, text_map
from adscan.records.ad import Pixels


def look(tile: Pixels) -> NDArray[np.float32]:
    """A stand-in for the network: dark pixels are text."""
    assert tile.shape[0] % 32 == 0
    assert tile.shape[1] % 32 == 0
    return (tile.min(axis=2) < 128).astype(np.float32)


def white(height: int, width: int) -> Pixels:
    return np.full((height, width, 3), 255, np.uint8)


@pytest.mark.parametrize("size", [(1, 1), (1280, 1280), (1281, 700), (20000, 640), (3000, 5000)])
def test_the_kept_parts_of_tiles_cover_each_pixel_once(size: tuple[int, int]) -> None:
    covered = np.zeros(size, np.uint8)
    for tile in plan_tiles(*size):
        covered[tile.keep_top : tile.keep_bottom, tile.keep_left : tile.keep_right] += 1
    assert covered.min() == covered.max() == 1


def test_lines_on_seams_are_neither_cut_nor_doubled() -> None:
    picture = white(20000, 640)
    tops = range(40, 19950, 37)  # some line lies across each seam
    for top in tops:
        picture[top : top + 20, 40:600] = 0
    boxes = find_boxes(text_map(picture, look), 1.0, (20000, 640))
    assert len(boxes) == len(tops)
    assert {round(box.height) for box in boxes} == {round(boxes[0].height)}


def test_a_line_wider_than_a_tile_stays_one() -> None:
    picture = white(60, 6000)
    picture[20:40, 10:5990] = 0
    assert len(find_boxes(text_map(picture, look), 1.0, (60, 6000))) == 1


def test_text_at_the_very_edge_is_found() -> None:
    picture = white(100, 300)
    picture[80:100, 0:300] = 0
    assert len(find_boxes(text_map(picture, look), 1.0, (100, 300))) == 1


def test_boxes_stay_inside_the_picture() -> None:
    picture = white(100, 300)
    picture[80:100, 0:300] = 0
    quad = find_boxes(text_map(picture, look), 0.5, (200, 600))[0].quad
    assert quad.min() >= 0
    assert (quad <= (600, 200)).all()


def test_nothing_is_looked_at_twice_when_nothing_is_left() -> None:
    def must_not_look(tile: Pixels) -> NDArray[np.float32]:
        raise AssertionError(tile.shape)

    assert look_again(white(400, 400), white(400, 400), 1.0, [], must_not_look) == []


def test_only_what_was_left_over_is_looked_at_again() -> None:
    picture = white(1000, 800)
    for top in (100, 900):
        cv2.putText(picture, "WWMMHH" * 4, (60, top), cv2.FONT_HERSHEY_PLAIN, 2, (90, 90, 90), 2)
    heights = []

    def watch(tile: Pixels) -> NDArray[np.float32]:
        heights.append(tile.shape[0])
        return look(tile)

    upper = find_boxes(cv2.dilate(text_map(picture, look), np.ones((9, 25))), 1.0, (1000, 800))[:1]
    assert upper[0].bounds[3] < 200
    look_again(picture, picture, 1.0, upper, watch)
    assert len(heights) == 1
    assert heights[0] < 400
