"""What nobody sees: zero-width and control characters go, every blank becomes a space.

Line ends become one line feed. Marks laid over a character (strike-through, enclosing keycap,
accents) go as well: they are drawn on top of 保̶本̶ and change nothing in what is read.
"""

from __future__ import annotations

import unicodedata

from adscan.normalise.steps.character_map import CharacterMap
from adscan.records.text import OffsetMap

_LINE_ENDS = frozenset("\n\r\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\ufffc\u2063")  # drawn as nothing


def fold(character: str) -> str:
    """A visible character as it is, a blank as a space, an invisible one as nothing."""
    if character in _LINE_ENDS:
        return "\n"
    if character.isspace() or character == "\u2800":  # braille blank
        return " "
    if character in _FILLERS or unicodedata.category(character) in _DROPPED_CATEGORIES:
        return ""
    return character


class Invisible(CharacterMap):
    """Drops what is not seen."""

    def apply(self, text: str) -> tuple[str, OffsetMap]:
        """The new text, and for each of its characters the run of `text` it came from."""
        new_text, offsets = super().apply(text)
        if "\r\n" not in text:
            return new_text, offsets
        return _join_line_ends(text, new_text, offsets)


def _join_line_ends(text: str, new_text: str, offsets: OffsetMap) -> tuple[str, OffsetMap]:
    """One line feed for each CR LF of the source, coming from both."""
    kept: list[str] = []
    runs: list[tuple[int, int]] = []
    for character, start, end in zip(new_text, offsets.starts, offsets.ends, strict=True):
        if text.startswith("\n", start) and text.endswith("\r", 0, start) and runs:
            runs[-1] = (runs[-1][0], end)
        else:
            kept.append(character)
            runs.append((start, end))
    return "".join(kept), OffsetMap.of_runs(runs, len(text))


INVISIBLE = Invisible(fold)
