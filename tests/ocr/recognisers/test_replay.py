from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adscan.errors import ModelError
from adscan.ocr.recogniser import SeenLine
from adscan.ocr.recognisers.replay import ReplayRecogniser, pixels_sha256, recorded_json
from adscan.records.part import LineKind

IMAGE = np.zeros((4, 6, 3), np.uint8)
LINES = [
    SeenLine("保本", 0.9, ((0, 0), (5, 0), (5, 3), (0, 3)), vertical=True),
    SeenLine("qr:1", 1.0, (), LineKind.BARCODE),
]


def test_recorded_lines_come_back_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "lines.json"
    file.write_text(recorded_json({pixels_sha256(IMAGE): LINES}), encoding="utf-8")
    assert ReplayRecogniser.from_file(file).read_lines(IMAGE) == LINES


def test_an_unknown_picture_has_no_lines() -> None:
    assert ReplayRecogniser({}).read_lines(IMAGE) == []


def test_pictures_of_the_same_bytes_but_another_shape_differ() -> None:
    assert pixels_sha256(IMAGE) != pixels_sha256(IMAGE.reshape(6, 4, 3))


def test_a_damaged_recording_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "lines.json"
    file.write_text("[", encoding="utf-8")
    with pytest.raises(ModelError, match=r"lines\.json"):
        ReplayRecogniser.from_file(file)
