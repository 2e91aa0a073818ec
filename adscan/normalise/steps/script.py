"""Traditional characters to simplified ones, with OpenCC's dictionary (t2s)."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from adscan.normalise.steps.character_map import CharacterMap
from adscan.records.text import OffsetMap


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _converter() -> _Converter:
    from opencc import OpenCC  # noqa: PLC0415  (only where a text has such a character)

    converter: _Converter = OpenCC("t2s")
    return converter


def fold(character: str) -> str:
    """The simplified form of a character that stands alone."""
    return character if character < "\u2e80" else _simplified(character)


def _simplified(text: str) -> str:
    convert = _converter().convert
    return convert(convert(text))  # twice: 薴 first becomes 苧, itself a traditional character


class Script(CharacterMap):
    """Simplifies, by whole words where OpenCC knows the word (乾 in 乾坤 stays)."""

    def apply(self, text: str) -> tuple[str, OffsetMap]:
        """The new text, and for each of its characters the run of `text` it came from."""
        if not self.changes(text):
            return text, OffsetMap.identity(len(text))
        lines = text.split("\n")
        converted = [_simplified(line) for line in lines]
        if all(len(new) == len(old) for new, old in zip(converted, lines, strict=True)):
            return "\n".join(converted), OffsetMap.identity(len(text))
        return super().apply(text)  # a word changed its length: each character by itself


SCRIPT = Script(fold)
