"""When a text counts as empty."""

from __future__ import annotations

import unicodedata
from collections import Counter

_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # fillers and the empty braille cell


def is_blank(text: str) -> bool:
    """Whether nobody could see a character of it: white space, zero-width and control only."""
    return all(
        unicodedata.category(character) in _INVISIBLE or character in _BLANK_LETTERS
        for character in text
    )


def visible_length(text: str) -> int:
    """How many characters a reader sees, white space apart."""
    return sum(count for character, count in Counter(text).items() if not is_blank(character))
