"""Posters made for the tests, and what happens to pictures on their way to a platform."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

BOLD = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
SIZE = (1080, 1350)
RATE, WARNING = "预期年化 4.5%", "投资有风险，理财需谨慎。过往业绩不代表未来表现。"


def poster(
    rate: str = RATE, warning: str = WARNING, logo: bool = False, seed: int = 1, photo: bool = True
) -> np.ndarray:
    """RGB. The rate stands at about (120, 520), the warning at (100, 1270), the logo at (820, 60)."""
    random = np.random.default_rng(seed)
    width, height = SIZE
    ground = np.linspace((250, 236, 214), (214, 90, 70), height)[:, None, :].repeat(width, 1)
    if photo:
        noise = Image.fromarray(random.integers(0, 255, (30, 24, 3), np.uint8))
        ground[700:1150] = np.asarray(noise.resize((width, 450), Image.Resampling.BICUBIC))
    picture = Image.fromarray(ground.astype(np.uint8))
    drawing = ImageDraw.Draw(picture)

    def write(place, text, size, fill):
        drawing.text(place, text, fill=fill, font=ImageFont.truetype(BOLD, size))

    write((100, 120), "安心宝稳健理财", 110, "#8c1c13")
    write((100, 300), "新客专享 · 一元起购", 56, "#333333")
    write((120, 520), rate, 84, "#8c1c13")
    write((100, 1180), "海州理财咨询有限公司", 36, "white")
    write((100, 1270), warning, 24, "white")
    if logo:
        drawing.ellipse((820, 60, 940, 180), fill="#1d3557")
        write((842, 90), "央行", 38, "white")
    return np.asarray(picture)


def as_jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def as_webp(pixels: np.ndarray, quality: int = 82) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def scaled(pixels: np.ndarray, scale: float) -> np.ndarray:
    image = Image.fromarray(pixels)
    size = (round(image.width * scale), round(image.height * scale))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def cropped(pixels: np.ndarray, left: int, top: int, right: int, bottom: int) -> np.ndarray:
    height, width = pixels.shape[:2]
    return np.ascontiguousarray(pixels[top : height - bottom, left : width - right])


def sharpened(pixels: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.UnsharpMask(1, 60, 2)))


def journeys(pixels: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """What platforms do to a picture that stays the same."""
    for quality in (60, 75, 90, 95):
        yield f"jpeg {quality}", as_jpeg(pixels, quality)
    for scale in (0.5, 0.67, 0.8, 1.25, 1.5):
        yield f"scale {scale}", scaled(pixels, scale)
        yield f"scale {scale}, jpeg 70", as_jpeg(scaled(pixels, scale), 70)
    for crop in ((3, 2, 0, 5), (6, 6, 6, 6), (0, 0, 8, 0)):
        yield f"crop {crop}", as_jpeg(cropped(pixels, *crop), 80)
        yield f"crop {crop}, scale 0.8", as_jpeg(scaled(cropped(pixels, *crop), 0.8), 80)
    yield "twice jpeg", as_jpeg(as_jpeg(pixels, 70), 65)
    yield "webp", as_webp(pixels)
