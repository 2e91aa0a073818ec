"""What the first steps share: a text changed character by character."""

from __future__ import annotations

from collections.abc import Callable

from adscan.records.text import OffsetMap


class CharacterMap:
    """A step that replaces single characters by none, one or several others.

    Texts are met many times with the same few thousand characters, so what a character becomes is
    asked once and remembered. A text without any character to change costs one set difference.
    """

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._plain: set[str] = set()
        self._changed: dict[str, str] = {}

    def changes(self, text: str) -> dict[str, str]:
        """The characters of `text` that this step changes, with what they become."""
        strange = set(text) - self._plain
        for character in strange - self._changed.keys():
            folded = self._fold(character)
            if folded == character:
                self._plain.add(character)
            else:
                self._changed[character] = folded
        return {c: self._changed[c] for c in strange if c in self._changed}

    def apply(self, text: str) -> tuple[str, OffsetMap]:
        """The new text, and for each of its characters the run of `text` it came from."""
        changes = self.changes(text)
        if not changes:
            return text, OffsetMap.identity(len(text))
        new_text = text.translate({ord(old): new for old, new in changes.items()})
        if all(len(new) == 1 for new in changes.values()):
            return new_text, OffsetMap.identity(len(text))
        starts: list[int] = []
        for at, character in enumerate(text):
            new = changes.get(character)
            if new is None:
                starts.append(at)
            else:
                starts.extend([at] * len(new))
        return new_text, OffsetMap(starts, [at + 1 for at in starts], len(text))
