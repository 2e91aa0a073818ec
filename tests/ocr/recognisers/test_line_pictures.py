from __future__ import annotations

import numpy as np

from adscan.ocr.recognisers.contrast import stretched
from adscan.ocr.recognisers.line_pictures import pieces_of, upright_line
from adscan.ocr.recognisers.text_boxes import TextBox


def box(left: int, top: int, right: int, bottom: int) -> TextBox:
    corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
    return TextBox(np.array(corners, np.float32), 0.9)


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)


def test_a_line_is_cut_a_little_longer_than_its_box() -> None:
    assert upright_line(noise(100, 400), box(100, 40, 300, 60)).shape == (20, 208, 3)


def test_a_line_at_the_edge_is_not_cut_beyond_it() -> None:
    assert upright_line(noise(20, 200), box(0, 0, 200, 20)).shape == (20, 200, 3)


def test_a_column_lies_on_its_left_side() -> None:
    assert upright_line(noise(400, 100), box(40, 100, 60, 300)).shape == (20, 208, 3)


def test_a_huge_line_is_shrunk_to_what_the_reader_sees() -> None:
    assert upright_line(noise(1000, 2000), box(100, 100, 1900, 700)).shape[0] == 96


def test_a_very_long_line_is_cut_between_letters() -> None:
    line = np.full((20, 2000, 3), 255, np.uint8)
    for left in range(0, 2000, 20):
        line[4:16, left : left + 15 : 2] = 0
    pieces = pieces_of(line)
    assert len(pieces) == 3
    assert sum(piece.shape[1] for piece in pieces) == 2000
    assert all((piece[:, 0] == 255).all() or (piece[:, -1] == 255).all() for piece in pieces)


def test_an_ordinary_line_stays_whole() -> None:
    assert len(pieces_of(noise(20, 400))) == 1


def test_pale_lines_are_stretched_and_others_left_alone() -> None:
    pale = np.full((20, 100, 3), 250, np.uint8)
    pale[5:15, ::2] = 235
    assert int(np.ptp(stretched(pale))) == 255
    assert (stretched(noise(20, 100)) == noise(20, 100)).all()
