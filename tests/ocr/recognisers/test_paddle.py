"""Real pictures, real weights; run with `-m ocr`."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adscan.errors import ModelError
from adscan.ocr.recogniser import Recogniser
from adscan.ocr.recognisers import RECOGNISERS, load_recogniser
from adscan.ocr.recognisers.replay import ReplayRecogniser
from adscan.records.ad import Pixels
from adscan.settings import OcrSettings, Settings

pytestmark = [
    pytest.mark.ocr,
    # PaddleOCR and what it imports warn of their own deprecated calls
    pytest.mark.filterwarnings("ignore::Warning"),
]

MATERIALS = Path(__file__).parents[2] / "materials/ocr"


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recogniser]:
    """The real thing, in a process that cannot reach any network."""

    def refuse(*_: object) -> None:
        raise AssertionError("a network connection was tried")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield load_recogniser(Settings(cache_dir=tmp_path_factory.mktemp("cache")))


def picture(name: str) -> Pixels:
    with Image.open(MATERIALS / name) as image:
        return np.asarray(image.convert("RGB"))


def bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def missed(recogniser: Recogniser, name: str) -> list[str]:
    """Printed lines that were not read letter by letter."""
    records = map(json.loads, (MATERIALS / "ground_truth.jsonl").read_text("utf-8").splitlines())
    printed = next(record["lines"] for record in records if record["file"] == name)
    read = [bare(line.text) for line in recogniser.read_lines(picture(name))]
    return [line for line in printed if bare(line) not in read]


@pytest.mark.parametrize(
    "name", ["poster_4.webp", "banner_0.png", "pale_0.webp", "upright_1.webp", "table_3.png"]
)
def test_pictures_are_read_without_a_network(recogniser: Recogniser, name: str) -> None:
    assert missed(recogniser, name) == []


@pytest.mark.parametrize("name", ["turned_0.webp", "turned_2.webp"])
def test_pictures_on_their_side_are_read(recogniser: Recogniser, name: str) -> None:
    assert len(missed(recogniser, name)) <= 1


def test_a_picture_upside_down_says_where_its_lines_begin(recogniser: Recogniser) -> None:
    lines = recogniser.read_lines(picture("banner_0.png")[::-1, ::-1])
    assert lines
    assert all(line.polygon[0][0] > line.polygon[1][0] for line in lines)


def test_the_same_picture_gives_the_same_lines(recogniser: Recogniser) -> None:
    image = picture("banner_5.jpg")
    assert recogniser.read_lines(image) == recogniser.read_lines(image)


@pytest.mark.parametrize("size", [(1, 1), (5, 400), (400, 5), (200, 200)])
def test_a_picture_without_text_gives_no_lines(
    recogniser: Recogniser, size: tuple[int, int]
) -> None:
    assert recogniser.read_lines(np.full((*size, 3), 240, np.uint8)) == []


def test_weights_that_are_none_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "not-a-model"
    folder.mkdir()
    (folder / "inference.onnx").write_bytes(b"nothing")
    config = "Global: {model_name: PP-OCRv6_small_det}\n"
    (folder / "inference.yml").write_text(config, encoding="utf-8")
    settings = Settings(cache_dir=tmp_path, ocr=OcrSettings(detector_dir=folder))
    with pytest.raises(ModelError, match="not-a-model"):
        load_recogniser(settings).read_lines(picture("banner_4.png"))


def test_every_recogniser_meets_the_contract(recogniser: Recogniser) -> None:
    image = picture("banner_4.png")
    assert set(RECOGNISERS) == {"paddle"}
    for each in (recogniser, ReplayRecogniser({})):
        assert each.version
        for line in each.read_lines(image):
            assert line.text.strip() == line.text != ""
            assert 0 <= line.confidence <= 1
            assert len(line.polygon) == 4
            xs, ys = zip(*line.polygon, strict=True)
            assert 0 <= min(xs) < max(xs) <= image.shape[1]
            assert 0 <= min(ys) < max(ys) <= image.shape[0]
