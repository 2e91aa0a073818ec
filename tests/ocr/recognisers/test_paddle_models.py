from __future__ import annotations

from pathlib import Path

import pytest

from adscan.errors import ModelError
from adscan.ocr.recognisers.paddle import PaddleRecogniser, _missing_library
from adscan.ocr.recognisers.paddle_models import find_models
from adscan.settings import OcrSettings, Settings


def settings(cache: Path, detector: Path | None = None) -> Settings:
    return Settings(cache_dir=cache, ocr=OcrSettings(detector_dir=detector))


def model_folder(folder: Path, config: str) -> Path:
    folder.mkdir()
    (folder / "inference.onnx").write_bytes(b"weights")
    (folder / "inference.yml").write_text(config, encoding="utf-8")
    return folder


def test_a_missing_model_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no-such-folder.*inference\.onnx"):
        find_models(settings(tmp_path, tmp_path / "no-such-folder"))


def test_a_damaged_model_folder_is_named(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "broken", "Global: [")
    with pytest.raises(ModelError, match=r"broken.*inference\.yml"):
        find_models(settings(tmp_path, folder))


def test_a_named_folder_replaces_one_model_only(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "mine", "Global: {model_name: PP-OCRv5_mobile_det}")
    models = find_models(settings(tmp_path / "cache", folder))
    assert (models.detector.name, models.detector.path) == ("PP-OCRv5_mobile_det", folder)
    assert models.recogniser.name == "PP-OCRv6_small_rec"


def test_the_folder_is_written_once_and_leaves_nothing_aside(tmp_path: Path) -> None:
    first = find_models(settings(tmp_path))
    written = (first.recogniser.path / "inference.yml").stat().st_mtime_ns
    assert find_models(settings(tmp_path)) == first
    assert (first.recogniser.path / "inference.yml").stat().st_mtime_ns == written
    assert len(list((tmp_path / "ocr").iterdir())) == 1


def test_a_cache_that_cannot_be_written_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "ocr").write_text("a file stands where the folder belongs", encoding="utf-8")
    with pytest.raises(ModelError, match="ADSCAN_CACHE_DIR"):
        find_models(settings(tmp_path))


def test_the_version_names_engine_models_and_weights(tmp_path: Path) -> None:
    words = PaddleRecogniser(settings(tmp_path)).version.split()
    assert words[0] == "paddleocr"
    assert [word.split("@")[0] for word in words[1:]] == [
        "PP-OCRv6_small_det",
        "PP-OCRv6_small_rec",
    ]
    assert all(len(word.split("@")[1]) == 8 for word in words[1:])


def test_a_missing_shared_library_names_the_debian_packages() -> None:
    error = ImportError("libGL.so.1: cannot open shared object file")
    assert "apt-get install libgl1 libglib2.0-0" in str(_missing_library(error))
