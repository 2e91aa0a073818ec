"""Fixed words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adscan.rulebook.matcher import Found, Matcher
from adscan.rulebook.scene import Scene
from adscan.rulebook.schema import PhraseEntry


@dataclass(frozen=True)
class PhraseMatcher(Matcher):
    """Any of the words."""

    entry: PhraseEntry
    default_confidence = 0.95

    def phrases(self) -> Iterable[str]:
        """The words themselves."""
        return self.entry.any

    def terms(self) -> Iterable[str]:
        """The words: each may be disguised."""
        return self.entry.any

    def groups(self) -> Iterable[Iterable[str]]:
        """The words."""
        return (self.entry.any,)

    def find(self, scene: Scene) -> Iterator[Found]:
        """Every place of every word."""
        for place in scene.any_of(self.entry.any):
            yield Found(place)
