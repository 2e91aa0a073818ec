"""Texts set as simple posters and read back by the product's own OCR."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from adscan.ocr.recognisers import load_recogniser
from adscan.ocr.transcribe import transcribe
from adscan.records.ad import Pixels, Sheet
from adscan.records.part import PartKind
from adscan.settings import load_settings
from adscan.training.corpus import Sample

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"  # Debian's fonts-noto-cjk
WIDTH_PX, MARGIN_PX, HEIGHT_PX = 720, 40, 30
COLOURS = (("#c8102e", "#ffe9a8"), ("#0b3d91", "#ffffff"), ("#ffffff", "#333333"))


def read_back(samples: Iterable[Sample]) -> Iterator[Sample]:
    """The samples with the text that OCR reads from their posters; places are lost."""
    settings = load_settings()
    recogniser = load_recogniser(settings)
    for number, sample in enumerate(samples):
        ground, ink = COLOURS[number % len(COLOURS)]
        picture = poster(sample.text, ground, ink)
        sheet = Sheet("image:0", PartKind.IMAGE, pixels=lambda pixels=picture: pixels)  # type: ignore[misc]
        part = transcribe(sheet, recogniser, settings.ocr.min_confidence)
        yield replace(sample, text=part.text, spans=(), whole=sample.rules)


def poster(text: str, ground: str, ink: str) -> Pixels:
    """The text in lines of one size, RGB uint8."""
    font = ImageFont.truetype(FONT, HEIGHT_PX)
    lines = [piece for line in text.split("\n") for piece in _wrapped(line, font)]
    height = 2 * MARGIN_PX + round(1.6 * HEIGHT_PX) * max(len(lines), 1)
    picture = Image.new("RGB", (WIDTH_PX, height), ground)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((MARGIN_PX, MARGIN_PX + round(1.6 * HEIGHT_PX) * number), line, ink, font)
    return np.asarray(picture)


def _wrapped(line: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    room, begun = WIDTH_PX - 2 * MARGIN_PX, ""
    for char in line:
        if font.getlength(begun + char) > room:
            yield begun
            begun = ""
        begun += char
    yield begun
