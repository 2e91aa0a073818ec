"""Something that must be said and is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adscan.records.hit import Origin
from adscan.rulebook.matcher import Found
from adscan.rulebook.scene import Scene
from adscan.rulebook.schema import AbsentEntry


@dataclass(frozen=True)
class AbsentMatcher:
    """Claims that call for a statement, where the ad nowhere visibly makes it."""

    entry: AbsentEntry
    default_confidence = 0.85
    origin = Origin.PATTERN

    def phrases(self) -> Iterable[str]:
        """None."""
        return ()

    def expressions(self) -> Iterable[str]:
        """The claims, the statements and the exemptions."""
        return [*self.entry.when, *self.entry.unless, *self.entry.exempt]

    def terms(self) -> Iterable[str]:
        """None."""
        return ()

    def find(self, scene: Scene) -> Iterator[Found]:
        """The claims' places, if the statement is missing. Hidden words state nothing."""
        stated = [p for p in scene.any_of(self.entry.unless) if not scene.is_hidden(p)]
        if stated or scene.any_of(self.entry.exempt):
            return
        for place in scene.any_of(self.entry.when):
            yield Found(place)
