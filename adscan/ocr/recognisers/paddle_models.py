"""Weights laid out as the model folders PaddleOCR reads, without a network.

The wheel of `rapidocr` carries PP-OCRv6 small as bare ONNX files; PaddleOCR wants a folder with
`inference.onnx` and `inference.yml`. The folder is written once per set of weights.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from adscan.errors import ModelError
from adscan.settings import Settings

_DETECTOR, _RECOGNISER = "PP-OCRv6_small_det", "PP-OCRv6_small_rec"
_WEIGHTS, _CONFIG = "inference.onnx", "inference.yml"
_READ = {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}}


@dataclass(frozen=True)
class ModelFolder:
    """One PaddleOCR model on disk."""

    path: Path
    name: str  # PaddleOCR's name of the model
    sha256: str  # of its weights

    @property
    def label(self) -> str:
        """Name and short hash, for the review's provenance."""
        return f"{self.name}@{self.sha256[:8]}"


@dataclass(frozen=True)
class OcrModels:
    """What finds text and what reads it."""

    detector: ModelFolder
    recogniser: ModelFolder


def find_models(settings: Settings) -> OcrModels:
    """The folders the settings name, or those of the weights that come with rapidocr.

    Raises ModelError if a folder or its files are missing or cannot be written.
    """
    detector, recogniser = settings.ocr.detector_dir, settings.ocr.recogniser_dir
    if detector and recogniser:
        return OcrModels(_named_folder(detector), _named_folder(recogniser))
    bundled = _bundled_models(settings.cache_dir / "ocr")
    return OcrModels(
        _named_folder(detector) if detector else bundled.detector,
        _named_folder(recogniser) if recogniser else bundled.recogniser,
    )


def _named_folder(folder: Path) -> ModelFolder:
    """A folder the user named."""
    hint = "文件夹中须有 inference.onnx 和 inference.yml（PaddleOCR 的 ONNX 模型）"
    for name in (_WEIGHTS, _CONFIG):
        if not (folder / name).is_file():
            raise ModelError(f"文字识别模型文件夹 {folder} 中没有 {name}", hint=hint)
    try:
        config = yaml.safe_load((folder / _CONFIG).read_text(encoding="utf-8"))
        name = str(config["Global"]["model_name"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ModelError(f"文字识别模型文件夹 {folder} 的 {_CONFIG} 读不出", hint=hint) from error
    return ModelFolder(folder, name, _sha256(folder / _WEIGHTS))


def _bundled_models(cache: Path) -> OcrModels:
    """The weights of the rapidocr wheel, laid out under `cache` if they are not there yet."""
    detector, recogniser = _wheel_weights()
    sums = [_sha256(detector), _sha256(recogniser)]
    folder = cache / hashlib.sha256("".join(sums).encode()).hexdigest()[:16]
    if not folder.is_dir():
        try:
            _write_whole(folder, detector, recogniser)
        except OSError as error:
            raise ModelError(
                f"写不了文字识别模型的缓存文件夹 {folder}：{error.strerror}",
                hint="请用环境变量 ADSCAN_CACHE_DIR 指定一个可写的文件夹",
            ) from error
    return OcrModels(
        ModelFolder(folder / "det", _DETECTOR, sums[0]),
        ModelFolder(folder / "rec", _RECOGNISER, sums[1]),
    )


def _wheel_weights() -> tuple[Path, Path]:
    """Detector and recogniser weights; the package is found without importing it."""
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModelError("没有找到文字识别模型", hint="请重新安装 adscan（缺少 rapidocr 包）")
    models = Path(spec.origin).parent / "models"
    files = models / "PP-OCRv6_det_small.onnx", models / "PP-OCRv6_rec_small.onnx"
    for file in files:
        if not file.is_file():
            raise ModelError(
                f"缺少文字识别模型 {file.name}", hint="请重新安装 rapidocr 3.10 以上版本"
            )
    return files


def _write_whole(folder: Path, detector: Path, recogniser: Path) -> None:
    """Write both model folders aside, then move them in place at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".ocr-", dir=folder.parent))
    try:
        _write_folder(aside / "det", detector, _detector_config())
        _write_folder(aside / "rec", recogniser, _recogniser_config(recogniser))
        aside.replace(folder)
    except OSError:
        if not folder.is_dir():  # else another process was first, and its folder is as good
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_folder(folder: Path, weights: Path, config: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(weights, folder / _WEIGHTS)
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    (folder / _CONFIG).write_text(text, encoding="utf-8")


def _detector_config() -> dict[str, Any]:
    """What PaddleOCR asks of a detector; the numbers are those PP-OCRv6 was published with."""
    normalise = {
        "mean": [0.485, 0.456, 0.406],
        "std": [0.229, 0.224, 0.225],
        "scale": 1 / 255,
        "order": "hwc",
    }
    return {
        "Global": {"model_name": _DETECTOR},
        "PreProcess": {
            "transform_ops": [
                _READ,
                {"DetResizeForTest": {"resize_long": 960}},
                {"NormalizeImage": normalise},
                {"ToCHWImage": None},
                {"KeepKeys": {"keep_keys": ["image", "shape"]}},
            ]
        },
        "PostProcess": {
            "name": "DBPostProcess",
            "thresh": 0.2,
            "box_thresh": 0.45,
            "max_candidates": 3000,
            "unclip_ratio": 1.4,
        },
    }


def _recogniser_config(weights: Path) -> dict[str, Any]:
    """What PaddleOCR asks of a recogniser; the alphabet lies in the weights themselves."""
    return {
        "Global": {"model_name": _RECOGNISER},
        "PreProcess": {
            "transform_ops": [
                _READ,
                {"MultiLabelEncode": {"gtc_encode": "NRTRLabelEncode"}},
                {"RecResizeImg": {"image_shape": [3, 48, 320]}},
                {"KeepKeys": {"keep_keys": ["image"]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": _alphabet(weights)},
    }


def _alphabet(weights: Path) -> list[str]:
    """The characters the weights can read, in the order of their output."""
    import onnxruntime  # noqa: PLC0415  (heavy, and needed once per set of weights)

    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    characters: str = session.get_modelmeta().custom_metadata_map["character"]
    return characters.splitlines()


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
