"""What the first steps share: a text changed character by character."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adscan.records.text import OffsetMap


class CharacterMap:
    """A step that replaces single characters by none, one or several others.

    Texts are made of the same few thousand characters, so whether one changes is asked once and
    remembered: a text without any character to change costs one look into an array.
    """

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._answers = np.zeros(0x110000, dtype=np.int8)  # 1 stays, -1 changes, 0 not yet asked

    def changes(self, text: str) -> dict[str, str]:
        """The characters of `text` that this step changes, with what they become."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        answers = self._answers[codes]
        if (answers == 1).all():
            return {}
        changed: dict[str, str] = {}
        for code in sorted(set(codes[answers != 1].tolist())):
            folded = self._fold(chr(code))
            self._answers[code] = 1 if folded == chr(code) else -1
            if folded != chr(code):
                changed[chr(code)] = folded
        return changed

    def apply(self, text: str) -> tuple[str, OffsetMap]:
        """The new text, and for each of its characters the run of `text` it came from."""
        changes = self.changes(text)
        if not changes:
            return text, OffsetMap.identity(len(text))
        new_text = text
        for old, new in changes.items():  # no new character is an old one: folding is final
            new_text = new_text.replace(old, new)
        if all(len(new) == 1 for new in changes.values()):
            return new_text, OffsetMap.identity(len(text))
        starts: list[int] = []
        for at, character in enumerate(text):
            starts.extend([at] * len(changes.get(character, character)))
        return new_text, OffsetMap(starts, [at + 1 for at in starts], len(text))
