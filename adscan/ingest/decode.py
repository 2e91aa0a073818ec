"""Bytes to characters: which encoding a text is in, by its bytes first and its word second."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from adscan.errors import UnsupportedFormat

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSED = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")  # earlier ones win a tie
_WIDER = {  # declared names mean the wider set in practice
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950"), "big5hkscs"),
}
# A text in the right encoding scores above 0.95, in a wrong one under 0.75 (measured on our own
# samples of ten characters and more in each encoding).
_READS_WELL = 0.8
_MAX_LOST = 0.02  # share of characters that may be broken in an otherwise good text
_FEW_LOST = 4  # one broken byte can cost a short text three characters
_MAX_CONTROLS = 0.05  # share of control characters above which it is no text
_SAMPLE_BYTES = 400_000  # what the guess looks at
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Decoded:
    """A text, its encoding, and how many of its characters were broken (now U+FFFD)."""

    text: str
    encoding: str
    lost: int = 0


def decode_text(data: bytes, declared: str | None = None) -> Decoded:
    """The characters of `data`: by its mark, else strict UTF-8, else `declared`, else a guess.

    Raises UnsupportedFormat if it reads as no text in any of them.
    """
    marked = _by_mark(data)
    if marked:
        return marked
    for encoding in _candidates(data, declared):
        text = _strictly(data, encoding)
        if text is not None and is_texty(text):
            return Decoded(text, encoding)
    return _leniently(data, declared)


def is_texty(text: str) -> bool:
    """Whether it has hardly any control characters, as a text for people has."""
    controls = sum(1 for _ in _CONTROL.finditer(text))
    return controls <= _MAX_CONTROLS * len(text)


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            lost = text.count("\ufffd")
            if lost <= max(_FEW_LOST, _MAX_LOST * len(text)) and is_texty(text):
                return Decoded(text, encoding, lost)
    return None


def _candidates(data: bytes, declared: str | None) -> Iterator[str]:
    wide = _zero_bytes(data)
    if wide:
        yield wide
    yield "utf-8"
    sample = data[:_SAMPLE_BYTES]
    if declared and (known := _known(declared)) and _score(sample, known) >= _READS_WELL:
        yield known
    # `sorted` is stable, so equal scores keep the order of _GUESSED
    scores = {encoding: _score(sample, encoding) for encoding in _GUESSED}
    good = [encoding for encoding in _GUESSED if scores[encoding] >= _READS_WELL]
    yield from sorted(good, key=lambda encoding: -scores[encoding])


def _known(name: str) -> str | None:
    name = name.strip().lower()
    try:
        return _WIDER.get(name) or codecs.lookup(name).name
    except LookupError:
        return None


def _zero_bytes(data: bytes) -> str | None:
    """UTF-16 without a mark, told by Latin letters and line ends: every other byte is zero."""
    sample = data[:_SAMPLE_BYTES]
    half = len(sample) // 2
    if half < 2 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.2 and even < 0.02:
        return "utf-16-le"
    if even > 0.2 and odd < 0.02:
        return "utf-16-be"
    return None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _leniently(data: bytes, declared: str | None) -> Decoded:
    names = ["utf-8", *([_known(declared) or "utf-8"] if declared else []), *_GUESSED]
    best = max(names, key=lambda name: _score(data[:_SAMPLE_BYTES], name))
    text = data.decode(best, errors="replace")
    lost = text.count("\ufffd")
    few_lost = lost <= max(_FEW_LOST, _MAX_LOST * len(text)) and len(text) >= 8
    if not few_lost or not is_texty(text) or _score(data[:_SAMPLE_BYTES], best) < _READS_WELL:
        raise UnsupportedFormat(
            "内容不是文字，也不是能识别的文件格式",
            hint="支持纯文本、网页、PDF、DOCX、常见图片和 ZIP/TAR 压缩包，请转换后再检查",
        )
    return Decoded(text, best, lost)


def _score(sample: bytes, encoding: str) -> float:
    """Share of the characters beyond ASCII that Chinese texts often use; 0 if there are none."""
    try:
        text = sample.decode(encoding, errors="replace")
    except LookupError:
        return 0.0
    if len(sample) == _SAMPLE_BYTES:
        text = text[:-1]  # may be cut in the middle
    beyond = [character for character in text if character > "\x7f"]
    common = sum(1 for character in beyond if _is_common(character))
    return common / len(beyond) if beyond else 0.0


def _is_common(character: str) -> bool:
    """First-level characters of GB 2312 or Big5, and the punctuation that goes with them."""
    if "\u3000" <= character <= "\u301f" or "\uff01" <= character <= "\uff5e":
        return True
    if character in "·—‘’“”…￥％℃①②③④⑤⑥⑦⑧⑨⑩●★※→×":
        return True
    if not "\u4e00" <= character <= "\u9fff":
        return False
    first_gb = character.encode("gb2312", errors="ignore")[:1]
    first_big5 = character.encode("big5", errors="ignore")[:1]
    return b"\xb0" <= first_gb <= b"\xd7" or b"\xa4" <= first_big5 <= b"\xc6"
