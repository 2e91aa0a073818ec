"""A text stripped to its units: separators out, split characters and syllables made one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adscan.records.text import Trick

# What ends a clause stays a unit, so that no word is read across it.
HARD = "。！？；，、：,!?;:%"
_REPEATED = re.compile(r"([。.，,、])\1+")
_LETTERS = re.compile(r"[A-Za-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{2,}")
_STRAY_LETTERS = re.compile(r"(?<=[\u4e00-\u9fff])[xXoO](?=[\u4e00-\u9fff])")
FILLER = "*"  # a separator


@dataclass(frozen=True)
class Skeleton:
    """The units of a text, one character each, and the runs of the text they were written as."""

    text: str
    starts: list[int]
    ends: list[int]
    made: dict[int, Trick]  # units that were written with several characters

    def with_syllables(self, split: Callable[[str], list[tuple[str, int]]]) -> Skeleton | None:
        """This skeleton with each run of letters as the syllables it spells; None if none does."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for match in _LETTERS.finditer(self.text):
            syllables = split(match.group())
            if not syllables:
                continue
            pieces.append(self.text[at : match.start()])
            starts.extend(self.starts[at : match.start()])
            ends.extend(self.ends[at : match.start()])
            at = match.start()
            for symbol, size in syllables:
                pieces.append(symbol)
                starts.append(self.starts[at])
                ends.append(self.ends[at + size - 1])
                at += size
        if not pieces:
            return None
        pieces.append(self.text[at:])
        return Skeleton("".join(pieces), starts + self.starts[at:], ends + self.ends[at:], {})


class SkeletonBuilder:
    """Builds skeletons; `kept` are the symbols that count as units."""

    def __init__(self, kept: str) -> None:
        self._kept = kept
        self._separators = re.compile(rf"[^\w{re.escape(HARD + kept)}]+")
        self._strays = re.compile(rf"[{re.escape(kept)}]" if kept else r"(?!)")

    def build(self, text: str, splits: Sequence[tuple[int, int, str]] = ()) -> Skeleton:
        """The skeleton; `splits` are (start, end, character) of characters written in parts."""
        text = text.replace("_", FILLER)
        if any(mark * 2 in text for mark in "。.，,、"):
            text = _REPEATED.sub(lambda match: FILLER * len(match.group()), text)
        cuts = [(*match.span(), "") for match in self._separators.finditer(text)]
        if splits:
            cuts = sorted([*cuts, *splits])
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        made: dict[int, Trick] = {}
        at = 0
        for start, end, character in cuts:
            pieces.append(text[at:start])
            starts.extend(range(at, start))
            ends.extend(range(at + 1, start + 1))
            at = end
            if character:
                made[len(starts)] = Trick.SPLIT
                pieces.append(character)
                starts.append(start)
                ends.append(end)
        pieces.append(text[at:])
        starts.extend(range(at, len(text)))
        ends.extend(range(at + 1, len(text) + 1))
        return Skeleton("".join(pieces), starts, ends, made)

    def without_strays(self, text: str) -> str | None:
        """The text with pictures and stray x and o made separators; None if it has none."""
        cleared = _STRAY_LETTERS.sub(FILLER, self._strays.sub(FILLER, text))
        return None if cleared == text else cleared
