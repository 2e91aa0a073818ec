"""PaddleOCR as a recogniser; nothing heavy is imported before the first picture."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from adscan.errors import ModelError
from adscan.ocr.recogniser import SeenLine
from adscan.ocr.recognisers.paddle_models import OcrModels, find_models
from adscan.records.ad import Pixels
from adscan.settings import Settings

if TYPE_CHECKING:
    from adscan.ocr.recognisers.paddle_engine import PaddleEngine


class PaddleRecogniser:
    """Reads pictures with PaddleOCR on the processor, without a network."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._engine: PaddleEngine | None = None

    @cached_property
    def models(self) -> OcrModels:
        """The weights in use. Raises ModelError if they are missing."""
        return find_models(self._settings)

    @property
    def version(self) -> str:
        """Engine, models and short hashes of their weights."""
        return f"paddleocr {self.models.detector.label} {self.models.recogniser.label}"

    def read_lines(self, image: Pixels) -> list[SeenLine]:
        """Text lines and decoded codes of one picture; see the contract."""
        try:
            from adscan.ocr.recognisers.picture_reader import (  # noqa: PLC0415  (loads OpenCV)
                read_picture,
            )
        except ImportError as error:
            raise _missing_library(error) from error
        return read_picture(image, self._loaded_engine())

    def _loaded_engine(self) -> PaddleEngine:
        """The engine, loaded once, whichever thread asks first."""
        from adscan.ocr.recognisers.paddle_engine import PaddleEngine  # noqa: PLC0415

        with self._lock:
            if self._engine is None:
                self._engine = PaddleEngine(self.models, self._settings.ocr.threads)
            return self._engine


def _missing_library(error: ImportError) -> ModelError:
    """What to install when OpenCV cannot be loaded: slim systems lack two shared libraries."""
    if ".so" in str(error):
        hint = "在 Debian 或 Ubuntu 上请运行：apt-get install libgl1 libglib2.0-0"
        return ModelError(f"系统缺少文字识别所需的共享库：{error}", hint=hint)
    return ModelError(f"文字识别的依赖包不可用：{error}", hint="请重新安装 adscan")
