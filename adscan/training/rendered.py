"""Texts set as simple posters and read back by the product's own OCR."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from adscan.ocr.recognisers import load_recogniser
from adscan.ocr.transcribe import transcribe
from adscan.records.ad import Pixels, Sheet
from adscan.records.part import PartKind
from adscan.settings import load_settings
from adscan.training.corpus import Sample
from adscan.training.noise import edited

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"  # Debian's fonts-noto-cjk
WIDTH_PX, MARGIN_PX, HEIGHT_PX = 720, 40, 30
COLOURS = (("#c8102e", "#ffe9a8"), ("#0b3d91", "#ffffff"), ("#ffffff", "#333333"))


def read_back(samples: Iterable[Sample], wear: random.Random | None = None) -> Iterator[Sample]:
    """The samples with the text that OCR reads from their posters; places move along.

    With `wear` the posters look as if photographed or passed on too often.
    """
    settings = load_settings()
    recogniser = load_recogniser(settings)
    for number, sample in enumerate(samples):
        ground, ink = COLOURS[number % len(COLOURS)]
        picture = poster(sample.text, ground, ink)
        if wear:
            picture = worn(picture, wear)
        sheet = Sheet("image:0", PartKind.IMAGE, pixels=lambda pixels=picture: pixels)  # type: ignore[misc]
        part = transcribe(sheet, recogniser, settings.ocr.min_confidence)
        yield carried(sample, part.text)


def carried(sample: Sample, text: str) -> Sample:
    """The sample with what was read instead of what was written; its places move along."""
    blocks = SequenceMatcher(None, sample.text, text, autojunk=False).get_opcodes()
    changed = [(a, b, text[c:d]) for kind, a, b, c, d in blocks if kind != "equal"]
    return edited(sample, changed)


def worn(picture: Pixels, dice: random.Random) -> Pixels:
    """Smaller, a little askew and blurred, and saved as a poor JPEG."""
    image = Image.fromarray(picture)
    scale = dice.uniform(0.4, 0.8)
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    image = image.rotate(dice.uniform(-1.5, 1.5), expand=True, fillcolor=image.getpixel((0, 0)))
    image = image.filter(ImageFilter.GaussianBlur(dice.uniform(0.0, 0.9)))
    saved = BytesIO()
    image.save(saved, "JPEG", quality=dice.randint(12, 50))
    return np.asarray(Image.open(saved))


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
