"""The contract of a normalising step: a text into another, with the way back."""

from __future__ import annotations

from typing import Protocol

from adscan.records.text import OffsetMap


class Step(Protocol):
    """One reversible change of a text."""

    def apply(self, text: str) -> tuple[str, OffsetMap]:
        """The new text, and for each of its characters the run of `text` it came from."""
        ...
