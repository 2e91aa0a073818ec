"""The contract of a matcher: one `match` or `allow` entry of a rule file into places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from adscan.records.hit import Origin
from adscan.rulebook.scene import Place, Scene


@dataclass(frozen=True)
class Found:
    """One place that an entry is about."""

    place: Place
    confidence: float | None = None  # None: the entry's, else the kind's default
    note: str = ""  # what was measured here, in Chinese


class Matcher(Protocol):
    """Finds what one entry describes. A kind says only what it has; the rest is empty."""

    default_confidence: float
    origin: Origin = Origin.PATTERN

    def phrases(self) -> Iterable[str]:
        """Fixed words to be looked up."""
        return ()

    def expressions(self) -> Iterable[str]:
        """RE2 expressions to be looked up."""
        return ()

    def terms(self) -> Iterable[str]:
        """Words whose disguises the normaliser shall undo."""
        return ()

    def groups(self) -> Iterable[Iterable[str]]:
        """Groups of phrases or expressions; it finds nothing unless each has one that occurs."""
        ...

    def find(self, scene: Scene) -> Iterator[Found]:
        """The places, in order of the text."""
        ...
