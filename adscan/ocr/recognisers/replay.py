"""Recorded lines instead of OCR: tests and demonstrations without weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from adscan.errors import ModelError
from adscan.ocr.recogniser import SeenLine
from adscan.records.ad import Pixels
from adscan.records.part import LineKind


def pixels_sha256(image: Pixels) -> str:
    """What a picture is filed under: hash of its size and pixels, whatever its file format."""
    digest = hashlib.sha256(repr(image.shape).encode())
    digest.update(np.ascontiguousarray(image).tobytes())
    return digest.hexdigest()


class ReplayRecogniser:
    """Answers with the lines recorded for a picture; an unknown picture has no text."""

    def __init__(self, recorded: Mapping[str, Sequence[SeenLine]]) -> None:
        self._recorded = dict(recorded)

    @classmethod
    def from_file(cls, file: Path) -> ReplayRecogniser:
        """From JSON as `recorded_json` gives it. Raises ModelError if it is something else."""
        try:
            pictures = json.loads(file.read_text(encoding="utf-8"))
            recorded = {key: [_line(line) for line in lines] for key, lines in pictures.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"识别记录 {file} 读不出：{error}", hint="请重新生成该文件") from error
        return cls(recorded)

    @property
    def version(self) -> str:
        """Says that nothing was read."""
        return "replay"

    def read_lines(self, image: Pixels) -> list[SeenLine]:
        """The lines recorded for exactly these pixels."""
        return list(self._recorded.get(pixels_sha256(image), ()))


def recorded_json(recorded: Mapping[str, Sequence[SeenLine]]) -> str:
    """The recordings as JSON text, keyed by `pixels_sha256`."""
    pictures = {
        key: [
            {
                "text": line.text,
                "confidence": line.confidence,
                "polygon": [list(point) for point in line.polygon],
                "kind": line.kind.value,
                "vertical": line.vertical,
            }
            for line in lines
        ]
        for key, lines in recorded.items()
    }
    return json.dumps(pictures, ensure_ascii=False, indent=1, sort_keys=True)


def _line(record: Mapping[str, Any]) -> SeenLine:
    return SeenLine(
        text=record["text"],
        confidence=float(record["confidence"]),
        polygon=tuple((float(x), float(y)) for x, y in record["polygon"]),
        kind=LineKind(record.get("kind", "ocr")),
        vertical=bool(record.get("vertical", False)),
    )
