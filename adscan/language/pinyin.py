"""Toneless pinyin: of single syllables, and of names that people remember by ear."""

from __future__ import annotations

import unicodedata
from functools import cache


def toneless(pinyin: str) -> str:
    """The syllable without its tone mark, ü as v; pinyin letters only."""
    plain = pinyin.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v")
    plain = plain.replace("ǚ", "v").replace("ǜ", "v")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if c < "\x80")


@cache
def syllable_of(character: str) -> str:
    """The commonest syllable of a character, toneless; empty if it has none."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415  (0.2 s)

    return toneless(PINYIN_DICT.get(ord(character), "").split(",")[0])


def sound_of(text: str) -> str:
    """The syllables of a text, joined; what is no Chinese character stays as it is."""
    return "".join(syllable_of(char) or char for char in text).lower()
