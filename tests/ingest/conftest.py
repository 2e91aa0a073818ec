"""Ways to read bytes as an advertisement, and small valid files of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import numpy as np
import pytest
from PIL import Image, ImageDraw

from adscan.ingest.read_ad import read_ad
from adscan.records.ad import Ad, Placement, Source
from adscan.settings import Limits

MATERIALS = Path(__file__).parent.parent / "materials" / "ingest"
PLACEMENT = Placement(published=date(2026, 1, 15))

Read = Callable[..., Ad]


@pytest.fixture
def read() -> Read:
    """Bytes to Ad; `beside` holds files beside it, other keywords are limits."""

    def read_bytes(
        data: bytes, *, name: str = "ad", beside: dict[str, bytes] | None = None, **limits: int
    ) -> Ad:
        source = Source(name, lambda: data, (beside or {}).get)
        return read_ad([source], PLACEMENT, Limits(**limits))

    return read_bytes


@pytest.fixture
def page(read: Read) -> Read:
    """The body of an HTML page to Ad."""

    def read_body(body: str, *, head: str = "", attributes: str = "", **keywords: object) -> Ad:
        html = (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head>"
            f"<body {attributes}>{body}</body></html>"
        )
        return read(html.encode(), **keywords)

    return read_body


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    stream = BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def drawn(width: int = 120, height: int = 60, ground: object = "white") -> Image.Image:
    image = Image.new("RGB", (width, height), ground)
    ImageDraw.Draw(image).rectangle((20, 20, 60, 40), fill="black")
    return image


def noisy(width: int = 120, height: int = 60) -> Image.Image:
    pixels = np.random.default_rng(7).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def document(*paragraphs: str) -> bytes:
    made = docx.Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


MHTML = (
    "From: <Saved by a browser>\r\n"
    "Subject: test\r\n"
    "MIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="=_edge"\r\n'
    "\r\n"
    "--=_edge\r\n"
    "Content-Type: text/html; charset={charset}\r\n"
    "Content-Transfer-Encoding: {encoding}\r\n"
    "Content-Location: http://bank.example/page.html\r\n"
    "\r\n"
    "{body}\r\n"
    "{more}"
    "--=_edge--\r\n"
)


def valid_samples() -> dict[str, bytes]:
    """One small good file of every kind, by name."""
    html = "<html><head><title>存款</title></head><body><p>稳健存款产品，欢迎咨询网点。</p></body></html>"
    mhtml = MHTML.format(charset="utf-8", encoding="8bit", body=html, more="")
    second = drawn(ground="red")
    return {
        "text": "稳健存款产品，欢迎咨询网点。\n利率以网点公示为准。".encode(),
        "gb18030": "稳健存款产品，欢迎咨询网点。".encode("gb18030"),
        "html": html.encode(),
        "mhtml": mhtml.encode(),
        "pdf": (MATERIALS / "layered.pdf").read_bytes(),
        "docx": document("稳健存款产品", "欢迎咨询网点"),
        "png": encoded(noisy(), "PNG"),
        "jpeg": encoded(noisy(), "JPEG"),
        "webp": encoded(noisy(), "WEBP"),
        "bmp": encoded(drawn(), "BMP"),
        "tiff": encoded(drawn(), "TIFF", compression="tiff_lzw"),
        "gif": encoded(drawn(), "GIF", save_all=True, append_images=[second], duration=50),
    }


@pytest.fixture
def samples() -> dict[str, bytes]:
    return valid_samples()


@pytest.fixture
def make_image() -> Callable[..., bytes]:
    return encoded
