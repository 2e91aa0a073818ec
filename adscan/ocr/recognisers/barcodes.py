"""QR codes and barcodes of a picture, decoded."""

from __future__ import annotations

import zxingcpp

from adscan.ocr.recogniser import SeenLine
from adscan.records.ad import Pixels
from adscan.records.part import LineKind


def read_barcodes(picture: Pixels) -> list[SeenLine]:
    """One line for each code that decodes; `picture` is RGB."""
    lines = []
    for code in zxingcpp.read_barcodes(picture):
        text = " ".join(code.text.split())
        if not text:
            continue
        at = code.position
        corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
        polygon = tuple((float(corner.x), float(corner.y)) for corner in corners)
        lines.append(SeenLine(text, 1.0, polygon, kind=LineKind.BARCODE))
    return sorted(lines, key=lambda line: (line.polygon[0][1], line.polygon[0][0], line.text))
