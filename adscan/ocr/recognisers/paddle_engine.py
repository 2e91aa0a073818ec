"""The corner of PaddleOCR: a map of where text is, and the words of one line's picture."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adscan.errors import ModelError
from adscan.ocr.recognisers.paddle_models import ModelFolder, OcrModels
from adscan.records.ad import Pixels

_MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
_STD = np.array([0.229, 0.224, 0.225], np.float32) * 255
_BATCH = 6  # lines read at once: more only pads short lines to the width of the longest
# Every picture has its own size: memory kept for the last one helps the next one little. Without
# it a poster is as fast and takes a fifth less.
_LEAN = {"enable_cpu_mem_arena": False, "enable_mem_pattern": False}


class PaddleEngine:
    """Detector and recogniser, loaded. Safe to share between threads: one call at a time."""

    def __init__(self, models: OcrModels, threads: int | None = None) -> None:
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")  # no network
        from paddleocr import TextDetection, TextRecognition  # noqa: PLC0415  (takes seconds)

        self._detector = _load(TextDetection, models.detector, threads)
        self._recogniser = _load(TextRecognition, models.recogniser, threads)
        self._lock = threading.Lock()

    def text_map(self, tile: Pixels) -> NDArray[np.float32]:
        """How likely each pixel of `tile` belongs to text, 0 to 1.

        `tile` is BGR, both sides multiples of 32.
        """
        x = ((tile.astype(np.float32) - _MEAN) / _STD).transpose(2, 0, 1)[None]
        with self._lock:
            found = self._detector.paddlex_predictor.runner(x=[x])
        return np.asarray(found[0][0, 0], np.float32)

    def read(self, pictures: Sequence[Pixels]) -> list[tuple[str, float]]:
        """Words and confidence of each line's picture (BGR, upright), in the order given."""
        by_width = sorted(range(len(pictures)), key=lambda i: pictures[i].shape[1])
        words: list[tuple[str, float]] = [("", 0.0)] * len(pictures)
        with self._lock:
            for at in range(0, len(by_width), _BATCH):
                batch = by_width[at : at + _BATCH]
                read = self._recogniser.predict([pictures[i] for i in batch], batch_size=_BATCH)
                for i, result in zip(batch, read, strict=True):
                    words[i] = (str(result["rec_text"]), float(result["rec_score"]))
        return words


def _load(kind: Any, folder: ModelFolder, threads: int | None) -> Any:
    """One PaddleOCR model on the processor."""
    config = _LEAN if threads is None else {**_LEAN, "intra_op_num_threads": threads}
    try:
        return kind(
            model_name=folder.name,
            model_dir=str(folder.path),
            engine="onnxruntime",
            engine_config=config,
            device="cpu",
        )
    except Exception as error:  # PaddleOCR and onnxruntime raise whatever they like
        raise ModelError(
            f"文字识别模型 {folder.path} 载入失败：{error}",
            hint="文件可能损坏或不是 PaddleOCR 的 ONNX 模型；删去该文件夹可重新生成自带的模型",
        ) from error
