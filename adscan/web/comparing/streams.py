"""A part's text as tokens to compare, each knowing where it stands.

Blanks, line breaks, bullets and invisible characters are no tokens: OCR breaks, spaces and adorns
the same words now so, now so. Full-width letters, digits and signs equal their half-width ones,
and quotation marks, dashes, middle dots and tildes equal their kin. Everything else counts: case,
traditional characters, the signs themselves. A number with its decimals and percent sign is one
token, and so is a Latin word: 4.5% becomes 8%, not 4 an 8.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]

# What OCR and word processors exchange at will.
KIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟「」『』＂", '"'),
        **dict.fromkeys("‘’‚‛＇", "'"),
        **dict.fromkeys("‐‑‒–—―－", "-"),
        **dict.fromkeys("·•・‧∙⋅", "·"),
        **dict.fromkeys("〜∼～", "~"),
        **dict.fromkeys("．", "."),
        "％": "%",
    }
)
BULLETS = frozenset(map(chr, range(0x25A0, 0x2600)))  # OCR takes them for ornament or for words
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*%?|[A-Za-z]+|.", re.DOTALL)
SURE = 0.85  # OCR lines read with less may well say something else


@dataclass(frozen=True)
class Token:
    """A word, number or character as it is compared; `start` to `end` in the part's text."""

    key: str
    start: int
    end: int
    line: int  # index of the part's line; -1: in none


@dataclass(frozen=True)
class LinePlace:
    """One of the part's lines and where it stands in the text."""

    start: int
    end: int
    polygon: list[list[float]]
    is_ocr: bool
    unsure: bool


@dataclass(frozen=True)
class Stream:
    """A part ready to be compared."""

    text: str
    lines: tuple[LinePlace, ...]
    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, part: Document) -> Stream:
        """`part` is the contract's."""
        text = part["text"]
        lines = tuple(_lines(text, part.get("lines", ())))
        return cls(text, lines, tuple(_tokens(text, lines)))

    @property
    def key(self) -> str:
        """The whole as it is compared."""
        return "".join(token.key for token in self.tokens)

    @property
    def is_ocr(self) -> bool:
        """Whether all its lines were read from a picture."""
        return bool(self.lines) and all(line.is_ocr for line in self.lines)


def folded(text: str) -> str:
    """Text as it is compared: no blanks, one width."""
    return "".join(key for key, _ in _characters(text))


def in_order_of(stream: Stream, other: Stream) -> Stream:
    """`stream` with its lines in the order in which `other` has the same ones.

    The reading order of a picture's lines is a guess; that they stand elsewhere is for the
    pictures to show. Lines that `other` lacks follow the line they followed.
    """
    known: dict[str, list[int]] = {}
    for at, key in enumerate(_line_keys(other)):
        known.setdefault(key, []).append(at)
    places: list[float] = []
    for key in _line_keys(stream):
        last = places[-1] if places else -1.0
        places.append(float(known[key].pop(0)) if known.get(key) else last)
    order = sorted(range(len(places)), key=lambda at: places[at])
    by_line: dict[int, list[Token]] = {}
    for token in stream.tokens:
        by_line.setdefault(token.line, []).append(token)
    tokens = [*by_line.get(-1, ()), *(token for at in order for token in by_line.get(at, ()))]
    return Stream(stream.text, stream.lines, tuple(tokens))


def _line_keys(stream: Stream) -> list[str]:
    return [folded(stream.text[line.start : line.end]) for line in stream.lines]


def _lines(text: str, lines: Sequence[Document]) -> Iterator[LinePlace]:
    at = 0
    for line in lines:
        start = text.find(line["text"], at)
        if start < 0:
            continue
        at = start + len(line["text"])
        is_ocr = line.get("kind", "ocr") == "ocr"
        unsure = bool(line.get("unsure")) or (is_ocr and line.get("confidence", 1.0) < SURE)
        yield LinePlace(start, at, line.get("polygon") or [], is_ocr, unsure)


def _tokens(text: str, lines: Sequence[LinePlace]) -> Iterator[Token]:
    characters = list(_characters(text))
    stream = "".join(key for key, _ in characters)
    line = 0
    for found in _TOKEN.finditer(stream):
        start = characters[found.start()][1]
        end = characters[found.end() - 1][1] + 1
        while line < len(lines) and lines[line].end <= start:
            line += 1
        inside = line < len(lines) and lines[line].start <= start
        yield Token(found.group(), start, end, line if inside else -1)


def _characters(text: str) -> Iterator[tuple[str, int]]:
    """Each character that counts, one code point for one, with its place."""
    for at, char in enumerate(text):
        if char.isspace() or unicodedata.category(char) in ("Cf", "Cc") or char in BULLETS:
            continue
        kin = char.translate(KIN)
        if 0xFF01 <= ord(kin) <= 0xFF5E:  # the full-width forms of ASCII
            kin = chr(ord(kin) - 0xFEE0)
        yield kin, at
