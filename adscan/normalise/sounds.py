"""Toneless syllables: of the characters of the terms, and of what sounds like them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from adscan.language.pinyin import syllable_of, toneless

_FIRST_SYMBOL = 0xF0000  # private use: one code point for each syllable


@cache
def _everyday_characters() -> str:
    """The 6763 characters of GB 2312: what an ordinary keyboard offers."""
    cells = bytes(b for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for b in (row, cell))
    return cells.decode("gb2312", "ignore")


class Sounds:
    """Which characters and which runs of letters sound like characters of the terms."""

    def __init__(self, characters: Iterable[str]) -> None:
        wanted = sorted({syllable_of(c) for c in characters} - {""})
        self._symbols = {s: chr(_FIRST_SYMBOL + at) for at, s in enumerate(wanted)}
        self.of_character: dict[str, str] = {}  # character: symbol
        for character in (*_everyday_characters(), *characters):
            symbol = self._symbols.get(syllable_of(character))
            if symbol is not None:
                self.of_character[character] = symbol
        self._longest = max(map(len, wanted), default=0)
        self.of_letters = lru_cache(maxsize=4096)(self._of_letters)

    def _of_letters(self, letters: str) -> list[tuple[str, int]]:
        """The run of letters as (symbol, letters used); empty unless it is syllables throughout.

        Syllables of one letter do not count: they are initials or words of other languages.
        """
        run = toneless(letters.lower())
        if len(run) != len(letters):
            return []
        # rest[i]: how long the first syllable of run[i:] is; 0 if run[i:] is no row of syllables
        first = [0] * len(run) + [1]
        for at in range(len(run) - 2, -1, -1):
            for size in range(min(self._longest, len(run) - at), 1, -1):
                if run[at : at + size] in self._symbols and first[at + size]:
                    first[at] = size
                    break
        found: list[tuple[str, int]] = []
        at = 0
        while at < len(run) and first[at]:
            found.append((self._symbols[run[at : at + first[at]]], first[at]))
            at += first[at]
        return found
