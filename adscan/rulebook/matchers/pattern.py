"""RE2 expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adscan.rulebook.matcher import Found, Matcher
from adscan.rulebook.scene import Scene
from adscan.rulebook.schema import PatternEntry


@dataclass(frozen=True)
class PatternMatcher(Matcher):
    """Any of the expressions."""

    entry: PatternEntry
    default_confidence = 0.9

    def expressions(self) -> Iterable[str]:
        """The expressions themselves."""
        return self.entry.any

    def terms(self) -> Iterable[str]:
        """The words named as terms."""
        return self.entry.terms

    def groups(self) -> Iterable[Iterable[str]]:
        """The expressions."""
        return (self.entry.any,)

    def find(self, scene: Scene) -> Iterator[Found]:
        """Every place of every expression."""
        for place in scene.any_of(self.entry.any):
            yield Found(place)
