"""A sheet into a part: its own text, what OCR reads in its pixels, or both.

Nothing is lost in silence: what could not be read is said in the part, and lines the recogniser
is unsure of are kept and marked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adscan.errors import InputError
from adscan.ocr.blank import is_blank
from adscan.ocr.reading_order import Place, reading_order
from adscan.ocr.recogniser import Recogniser, SeenLine
from adscan.ocr.text_layer import repeats_text_layer
from adscan.records.ad import Pixels, Sheet
from adscan.records.part import Line, LineKind, Notice, NoticeCode, Part, PartKind, Polygon
from adscan.records.text import Span

NO_OCR = "未做文字识别（--no-ocr）"


@dataclass(frozen=True)
class _Seen:
    """What came of looking at a sheet's pixels."""

    lines: tuple[SeenLine, ...] = ()
    failed: str = ""  # why the pixels could not be read
    blank: bool = False  # nothing read, and nothing to read


def transcribe(sheet: Sheet, recogniser: Recogniser | None, min_confidence: float) -> Part:
    """The sheet's text and lines, in reading order, joined by line feeds.

    Without a `recogniser` (the user said --no-ocr) pictures stay unread, and say so. Lines below
    `min_confidence` are kept and marked unsure.

    Raises ModelError if the recogniser's weights cannot be loaded.
    """
    if sheet.unread:
        return _unread(sheet, sheet.unread)
    if not (sheet.read_pixels or sheet.kind is PartKind.IMAGE):
        return _part(sheet, sheet.text or "", sheet.lines, ())
    seen = _look(sheet, recogniser)
    if seen.failed and not (sheet.text or "").strip():
        return _unread(sheet, seen.failed)
    text, lines = _with_seen(sheet, seen.lines, min_confidence)
    return _part(sheet, text, lines, tuple(_notices(sheet, seen, lines, min_confidence)))


def _look(sheet: Sheet, recogniser: Recogniser | None) -> _Seen:
    """The lines of the sheet's pixels, or why there are none."""
    if sheet.pixels is None:
        return _Seen(failed="没有可供识别的图像")
    if recogniser is None:
        return _Seen(failed=NO_OCR)
    try:
        pixels: Pixels = sheet.pixels()
        lines = recogniser.read_lines(pixels)
    except InputError as error:
        return _Seen(failed=str(error))
    return _Seen(tuple(lines), blank=not lines and is_blank(pixels))


def _with_seen(
    sheet: Sheet, seen: Iterable[SeenLine], min_confidence: float
) -> tuple[str, tuple[Line, ...]]:
    """The sheet's own text followed by what only the pixels say."""
    own = sheet.text or ""
    placed = [(line, _in_units(line.polygon, sheet.units_per_pixel)) for line in seen]
    if own:
        placed = [
            (line, polygon)
            for line, polygon in placed
            if not repeats_text_layer(line.text, polygon, own, sheet.lines)
        ]
    order = reading_order([Place(polygon, line.vertical) for line, polygon in placed])
    text, lines = own, list(sheet.lines)
    for line, polygon in (placed[i] for i in order):
        words = " ".join(line.text.splitlines())
        text += "\n" if text else ""
        span = Span(len(text), len(text) + len(words))
        text += words
        unsure = line.confidence < min_confidence
        lines.append(Line(words, span, line.confidence, polygon, line.kind, unsure, line.vertical))
    return text, tuple(lines)


def _in_units(polygon: Polygon, units_per_pixel: float) -> Polygon:
    return tuple((x * units_per_pixel, y * units_per_pixel) for x, y in polygon)


def _notices(
    sheet: Sheet, seen: _Seen, lines: Iterable[Line], min_confidence: float
) -> Iterable[Notice]:
    """What a reader of the review must know about this sheet's pixels."""
    if seen.failed:
        message = f"{_name(sheet)}中的图像没有识别：{seen.failed}"
        yield Notice(NoticeCode.NOT_READ, message, sheet.id, unread=True)
    elif seen.blank:
        message = f"{_name(sheet)}是空白或极小的图像，没有文字"
        yield Notice(NoticeCode.NO_TEXT, message, sheet.id)
    elif not seen.lines and not (sheet.text or "").strip():
        message = f"{_name(sheet)}中没有认出任何文字，请人工查看原图"
        yield Notice(NoticeCode.NO_TEXT, message, sheet.id, unread=True)
    read = [line for line in lines if line.kind is LineKind.OCR]
    unsure = [line for line in read if line.unsure]
    if unsure:
        shown = "、".join(f"“{line.text}”" for line in unsure[:3])
        more = "等" if len(unsure) > 3 else ""
        message = (
            f"{_name(sheet)}有 {len(unsure)} 行文字识别把握不足"
            f"（置信度低于 {min_confidence:g}），请对照原图核对：{shown}{more}"
        )
        mostly = sum(len(line.text) for line in unsure) * 2 > sum(len(line.text) for line in read)
        yield Notice(NoticeCode.UNSURE_TEXT, message, sheet.id, unread=mostly)


def _name(sheet: Sheet) -> str:
    """The sheet as a reader knows it."""
    if sheet.page_number is not None:
        return f"第 {sheet.page_number} 页"
    return f"图片 {sheet.name}" if sheet.name else "图片"


def _unread(sheet: Sheet, reason: str) -> Part:
    return Part(sheet.id, sheet.kind, "", (), sheet.page_number, sheet.hidden, unread=reason)


def _part(sheet: Sheet, text: str, lines: tuple[Line, ...], notices: tuple[Notice, ...]) -> Part:
    return Part(sheet.id, sheet.kind, text, lines, sheet.page_number, sheet.hidden, notices=notices)
