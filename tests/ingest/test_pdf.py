"""PDF pages: words with places, and which pages must be looked at."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from adscan.errors import DamagedFile, TooLarge
from adscan.records.ad import AdKind

LAYERED = (Path(__file__).parent.parent / "materials/ingest/layered.pdf").read_bytes()


def turned(degrees: int) -> bytes:
    document = pypdfium2.PdfDocument(LAYERED)
    page = document[0]
    page.set_rotation(degrees)
    stream = BytesIO()
    document.save(stream)
    page.close()
    document.close()
    return stream.getvalue()


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def locked(password: bytes) -> bytes:
    """A one-page PDF under the standard security handler, revision 2 (ISO 32000-1, 7.6.3)."""
    identity, permissions = b"0123456789abcdef", -4
    user = (password + PADDING)[:32]
    owner_entry = rc4(hashlib.md5((b"owner" + PADDING)[:32]).digest()[:5], user)
    key = hashlib.md5(
        user + owner_entry + permissions.to_bytes(4, "little", signed=True) + identity
    )
    key = key.digest()[:5]
    words = b"BT /F1 24 Tf 20 100 Td (Fixed deposit one year) Tj ET"
    stream = rc4(hashlib.md5(key + b"\x04\x00\x00\x00\x00").digest()[:10], words)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Filter/Standard/V 1/R 2/Length 40/P %d/O<%s>/U<%s>>>"
        % (permissions, owner_entry.hex().encode(), rc4(key, PADDING).hex().encode()),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 7\n0000000000 65535 f \n%strailer<</Size 7/Root 1 0 R/Encrypt 6 0 R/ID[<%s><%s>]>>"
        b"\nstartxref\n%d\n%%%%EOF"
        % (table, identity.hex().encode(), identity.hex().encode(), len(out))
    )


def test_the_text_layer_comes_line_by_line(read):
    ad = read(LAYERED)
    assert ad.kind is AdKind.PDF
    page = ad.sheets[0]
    assert page.page_number == 1
    assert page.text.split("\n")[0] == "安心存款产品说明"
    assert "一年 1.35%" in page.text.split("\n")
    for line in page.lines:
        assert line.span.of(page.text) == line.text


def test_kangxi_radicals_stay_as_the_file_has_them(read):
    assert "⼈⺠币⾦额" in read(LAYERED).sheets[0].text


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_places_are_points_of_the_page_as_shown(degrees, read):
    sheet = read(turned(degrees)).sheets[0]
    pixels = sheet.pixels()
    expected = (400, 300) if degrees % 180 == 0 else (300, 400)
    shown = (pixels.shape[1] * sheet.units_per_pixel, pixels.shape[0] * sheet.units_per_pixel)
    assert shown == pytest.approx(expected, abs=1)
    ink = np.zeros(pixels.shape[:2], dtype=bool)
    for line in sheet.lines:
        (left, top), _, (right, bottom), _ = line.polygon
        rows = slice(int(top / sheet.units_per_pixel) - 2, int(bottom / sheet.units_per_pixel) + 3)
        columns = slice(
            int(left / sheet.units_per_pixel) - 2, int(right / sheet.units_per_pixel) + 3
        )
        assert (pixels[rows, columns].min(axis=-1) < 128).any()
        ink[rows, columns] = True
    assert not (pixels.min(axis=-1) < 128)[~ink].any()


def test_a_page_of_words_only_needs_no_looking_at(read):
    assert [sheet.read_pixels for sheet in read(LAYERED).sheets] == [False, True, True]


def test_a_scan_is_looked_at(read):
    stream = BytesIO()
    Image.new("RGB", (300, 400), (230, 230, 220)).save(stream, "PDF")
    sheet = read(stream.getvalue()).sheets[0]
    assert sheet.read_pixels
    assert sheet.text == ""


def test_an_empty_password_opens(read):
    assert read(locked(b"")).sheets[0].text == "Fixed deposit one year"


def test_a_real_password_is_asked_for(read):
    with pytest.raises(DamagedFile, match="密码"):
        read(locked(b"secret"))


def test_a_damaged_pdf_says_so(read):
    with pytest.raises(DamagedFile, match="PDF 已损坏"):
        read(b"%PDF-1.7\nnothing more")


def test_too_many_pages_name_the_setting(read):
    with pytest.raises(TooLarge, match="ADSCAN_LIMITS__MAX_PAGES"):
        read(LAYERED, max_pages=2)


def test_a_billboard_is_rendered_within_the_pixel_limit(read):
    sheet = read(LAYERED, max_image_pixels=100_000).sheets[0]
    height, width, _ = sheet.pixels().shape
    assert height * width <= 101_500
    assert width * sheet.units_per_pixel == pytest.approx(400, abs=2)
