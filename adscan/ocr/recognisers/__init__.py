"""The recognisers by name. Modules are imported when one is asked for."""

from __future__ import annotations

from collections.abc import Callable

from adscan.ocr.recogniser import Recogniser
from adscan.ocr.recognisers.paddle import PaddleRecogniser
from adscan.settings import Settings

RECOGNISERS: dict[str, Callable[[Settings], Recogniser]] = {
    "paddle": PaddleRecogniser,
}


def load_recogniser(settings: Settings, name: str = "paddle") -> Recogniser:
    """The named recogniser; its weights are loaded with the first picture."""
    return RECOGNISERS[name](settings)
