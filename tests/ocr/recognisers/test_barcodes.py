from __future__ import annotations

import numpy as np
import zxingcpp

from adscan.ocr.recognisers.barcodes import read_barcodes
from adscan.records.part import LineKind


def picture_with_code(text: str) -> np.ndarray:
    code = np.asarray(
        zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=5)
    )
    picture = np.full((600, 400, 3), 255, np.uint8)
    picture[300 : 300 + code.shape[0], 100 : 100 + code.shape[1]] = code[:, :, np.newaxis]
    return picture


def test_a_qr_code_is_a_line_of_its_own_kind_with_its_place() -> None:
    lines = read_barcodes(picture_with_code("https://example.com/a?b=领取"))
    assert [(line.text, line.kind) for line in lines] == [
        ("https://example.com/a?b=领取", LineKind.BARCODE)
    ]
    xs, ys = zip(*lines[0].polygon, strict=True)
    assert 90 < min(xs) < max(xs) < 310
    assert 290 < min(ys) < max(ys) < 510


def test_a_picture_without_codes_gives_no_lines() -> None:
    assert read_barcodes(np.full((100, 100, 3), 255, np.uint8)) == []
