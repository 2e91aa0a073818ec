"""The text layer of one PDF page: its lines, and where each stands on the page as shown."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from adscan.records.part import Line, Polygon
from adscan.records.text import Span

Box = tuple[float, float, float, float]  # left, top, right, bottom in points, as shown

_FINE = 100  # PDFium gives places as whole numbers: asked for in hundredths of a point
_HYPHENS = (0x02, 0xFFFE)  # how PDFium marks a hyphen at a line's end
_FEW_LETTERS = 10  # a page with fewer may hold its message in outlines
_POOR_SHARE = 0.1  # of characters the font gives no meaning to
_MEANINGLESS = re.compile(r"[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")


@dataclass(frozen=True)
class TextLayer:
    """A page's own words. `is_poor`: the page must be looked at to know what it says."""

    text: str
    lines: tuple[Line, ...]
    is_poor: bool


def read_lines(page: pypdfium2.PdfPage) -> TextLayer:
    """The text layer in the document's order, line by line. Raises PdfiumError."""
    place = _Placing(page)
    lines: list[Line] = []
    start = 0
    with _text_page(page) as text_page:
        for words, boxes in _lines_of(text_page):
            polygon = place.polygon(boxes)
            lines.append(Line(words, Span(start, start + len(words)), 1.0, polygon))
            start += len(words) + 1
    text = "\n".join(line.text for line in lines)
    return TextLayer(text, tuple(lines), _is_poor(text, page))


def _is_poor(text: str, page: pypdfium2.PdfPage) -> bool:
    letters = re.sub(r"\s", "", text)
    if len(letters) < _FEW_LETTERS:
        return bool(pdfium.FPDFPage_CountObjects(page.raw) > 0)
    return len(_MEANINGLESS.findall(letters)) > _POOR_SHARE * len(letters)


@contextmanager
def _text_page(page: pypdfium2.PdfPage) -> Iterator[pypdfium2.PdfTextPage]:
    text_page = page.get_textpage()
    try:
        yield text_page
    finally:
        text_page.close()


def _lines_of(text_page: pypdfium2.PdfTextPage) -> Iterator[tuple[str, list[Box]]]:
    """Words and character boxes (page units) of each line that has any."""
    words: list[str] = []
    boxes: list[Box] = []
    raw = text_page.raw
    for index in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (0x0A, 0x0D):
            if "".join(words).strip():
                yield _trimmed(words), boxes
            words, boxes = [], []
            continue
        words.append(_character(code))
        box = _box(raw, index)
        if box:
            boxes.append(box)
    if "".join(words).strip():
        yield _trimmed(words), boxes


def _trimmed(words: list[str]) -> str:
    return "".join(words).strip(" ")


def _character(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    return chr(code)


def _box(text_page: pdfium.FPDF_TEXTPAGE, index: int) -> Box | None:
    if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
        return None  # a space that PDFium put in
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(text_page, index, left, right, bottom, top):
        return None
    return left.value, top.value, right.value, bottom.value


class _Placing:
    """From a page's own units to points of the page as shown: cropped, rotated, origin top left."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page
        self._size = (round(page.get_width() * _FINE), round(page.get_height() * _FINE))

    def polygon(self, boxes: list[Box]) -> Polygon:
        """The rectangle around the boxes; empty if there are none."""
        if not boxes:
            return ()
        corners = [
            self._shown(x, y)
            for x, y in (
                (min(box[0] for box in boxes), max(box[1] for box in boxes)),
                (max(box[2] for box in boxes), min(box[3] for box in boxes)),
            )
        ]
        left, right = sorted(x for x, _ in corners)
        top, bottom = sorted(y for _, y in corners)
        return ((left, top), (right, top), (right, bottom), (left, bottom))

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self._page.raw, 0, 0, *self._size, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE
