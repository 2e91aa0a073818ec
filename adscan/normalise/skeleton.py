"""A text stripped to its units: separators out, split characters and syllables made one.

Texts are handled as arrays of code points: a scan of millions of posts spends its time here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adscan.records.text import Trick

Codes = NDArray[np.uint32]  # code points
Places = NDArray[np.int64]

# What ends a clause stays a unit, so that no word is read across it.
HARD = "。！？；，、：,!?;:%"
LETTERS = "A-Za-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
FILLER = "*"  # a separator
_LONGEST_RUN = 60  # letters: more are no disguised word
_REPEATED = re.compile(r"([。.，,、])\1+")
_LETTER_RUN = re.compile(rf"[{LETTERS}]{{2,}}")
_STRAY_LETTERS = re.compile(r"(?<=[\u4e00-\u9fff])[xXoO](?=[\u4e00-\u9fff])")


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(codes: Codes) -> str:
    """The text of code points."""
    return codes.tobytes().decode("utf-32-le")


class Channel:
    """A way to see texts: characters that are alike become one symbol, all others a blank."""

    def __init__(self, symbols: dict[str, str]) -> None:
        """`symbols` maps each character of interest to the one that stands for its like."""
        numbers = {s: 0x100 + at for at, s in enumerate(sorted(set(symbols.values())))}
        self._table = np.full(0x110000, ord(" "), dtype=np.uint16)
        for character, symbol in symbols.items():
            self._table[ord(character)] = numbers[symbol]

    def see(self, codes: Codes) -> str:
        """The symbols, one for each code point."""
        return self._table[codes].tobytes().decode("utf-16-le")


@dataclass(frozen=True)
class Skeleton:
    """The units of a text, one code point each, and the runs of the text they were written as."""

    codes: Codes
    starts: Places
    ends: Places
    made: dict[int, Trick]  # units that were written with several characters

    def with_syllables(self, split: Callable[[str], Sequence[tuple[str, int]]]) -> Skeleton | None:
        """This skeleton with each run of letters as the syllables it spells; None if none does."""
        codes, ends = self.codes.copy(), self.ends.copy()
        kept = np.ones(len(codes), dtype=np.bool_)
        for match in _LETTER_RUN.finditer(text_of(codes)):
            at = match.start()
            if match.end() - at > _LONGEST_RUN:
                continue
            for symbol, size in split(match.group()):
                codes[at] = ord(symbol)
                ends[at] = ends[at + size - 1]
                kept[at + 1 : at + size] = False
                at += size
        if kept.all():
            return None
        return Skeleton(codes[kept], self.starts[kept], ends[kept], {})


class SkeletonBuilder:
    """Builds skeletons; `pictures` are the symbols that count as units."""

    def __init__(self, pictures: Iterable[str]) -> None:
        self._pictures = "".join(sorted(pictures))
        self._no_pictures = {ord(picture): FILLER for picture in self._pictures}
        self._is_picture = np.zeros(0x110000, dtype=np.bool_)
        self._is_picture[codes_of(self._pictures)] = True
        self._units: dict[str, bool] = dict.fromkeys(HARD + self._pictures, True) | {"_": False}
        self._is_unit = np.zeros(0x110000, dtype=np.int8)  # 1 unit, -1 separator, 0 not yet asked

    def build(self, text: str, splits: Sequence[tuple[int, int, str]] = ()) -> Skeleton:
        """The skeleton; `splits` are (start, end, character) of characters written in parts."""
        if any(mark * 2 in text for mark in "。.，,、"):
            text = _REPEATED.sub(lambda match: FILLER * len(match.group()), text)
        codes = codes_of(text)
        kept = self._kept(codes)
        ends = np.arange(1, len(codes) + 1)
        made: dict[int, Trick] = {}
        if splits:
            codes = codes.copy()
            for start, end, character in splits:
                codes[start] = ord(character)
                ends[start] = end
                kept[start + 1 : end] = False
            numbers = np.cumsum(kept) - 1
            made = {int(numbers[start]): Trick.SPLIT for start, _, _ in splits}
        return Skeleton(codes[kept], np.flatnonzero(kept), ends[kept], made)

    def _kept(self, codes: Codes) -> NDArray[np.bool_]:
        """Which code points are units."""
        answers = self._is_unit[codes]
        if not answers.all():
            for code in set(codes[answers == 0].tolist()):
                character = chr(code)
                unit = self._units.get(character, character.isalnum())
                self._is_unit[code] = 1 if unit else -1
            answers = self._is_unit[codes]
        kept: NDArray[np.bool_] = answers > 0
        return kept

    def without_strays(self, text: str) -> str | None:
        """The text with pictures and stray x and o made separators; None if it has none."""
        cleared = text
        if self._is_picture[codes_of(text)].any():
            cleared = text.translate(self._no_pictures)
        if any(letter in text for letter in "xXoO"):
            cleared = _STRAY_LETTERS.sub(FILLER, cleared)
        return None if cleared == text else cleared
