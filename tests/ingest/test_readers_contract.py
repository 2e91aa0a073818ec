"""What every reader promises, whatever the bytes."""

from __future__ import annotations

import random
import re

import pytest

from adscan.errors import DamagedFile, InputError, TooLarge
from adscan.ingest.readers import READABLE, reader_for
from adscan.records.ad import Source
from adscan.settings import Limits

KINDS = (
    *("text", "gb18030", "html", "mhtml", "pdf", "docx"),
    *("png", "jpeg", "webp", "bmp", "tiff", "gif"),
)


def use(ad: object) -> None:
    """Everything a later stage would do with the sheets."""
    for sheet in ad.sheets:
        assert sheet.unread or sheet.text is not None or sheet.pixels is not None
        for line in sheet.lines:
            assert line.span.of(sheet.text) == line.text
        if sheet.pixels is not None and sheet.read_pixels:
            pixels = sheet.pixels()
            assert pixels.dtype == "uint8"
            assert pixels.ndim == 3
            assert pixels.shape[2] == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_valid_file_gives_sheets(kind, samples, read):
    ad = read(samples[kind])
    assert ad.sheets
    assert re.fullmatch("[0-9a-f]{16}", ad.id)
    assert ad.sha256.startswith(ad.id)
    use(ad)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_give_the_same_words(kind, samples, read):
    first, second = read(samples[kind]), read(samples[kind])
    assert [sheet.text for sheet in first.sheets] == [sheet.text for sheet in second.sheets]
    assert [sheet.id for sheet in first.sheets] == [sheet.id for sheet in second.sheets]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_file_is_read_or_refused_in_words(kind, share, samples, read):
    data = samples[kind]
    try:
        ad = read(data[: max(1, int(len(data) * share))])
        use(ad)
    except InputError as error:
        assert error.hint
        assert "\n" not in str(error)


@pytest.mark.parametrize("kind", KINDS)
def test_mutated_bytes_raise_nothing_but_input_errors(kind, samples, read):
    generator = random.Random(kind)
    for _ in range(30):
        data = bytearray(samples[kind])
        for _ in range(generator.choice((1, 4, 40))):
            data[generator.randrange(len(data))] = generator.randrange(256)
        try:
            use(read(bytes(data)))
        except InputError as error:
            assert error.hint


@pytest.mark.parametrize("kind", READABLE)
@pytest.mark.parametrize("data", [b"", b"\x00" * 64, bytes(range(256)) * 4, b"%PDF-1.7\n", b"<"])
def test_a_reader_given_rubbish_raises_nothing_but_input_errors(kind, data):
    source = Source("rubbish", lambda: data, lambda name: None)
    try:
        reader_for(kind).read(data, source, Limits())
    except InputError as error:
        assert error.hint


def test_an_empty_file_is_said_to_be_empty(read):
    with pytest.raises(DamagedFile, match="文件是空的"):
        read(b"")


def test_a_file_over_the_size_limit_names_the_setting(read):
    with pytest.raises(TooLarge, match="ADSCAN_LIMITS__MAX_FILE_BYTES"):
        read("存款".encode() * 100, max_file_bytes=100)
