"""Numbers over a threshold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adscan.language.prefilter import compile_expression
from adscan.rulebook.matcher import Found, Matcher
from adscan.rulebook.scene import Scene
from adscan.rulebook.schema import NumberEntry


@dataclass(frozen=True)
class NumberMatcher(Matcher):
    """Expressions whose first group is a number above the named threshold."""

    entry: NumberEntry
    default_confidence = 0.6

    def expressions(self) -> Iterable[str]:
        """The expressions themselves."""
        return self.entry.any

    def groups(self) -> Iterable[Iterable[str]]:
        """The expressions."""
        return (self.entry.any,)

    def find(self, scene: Scene) -> Iterator[Found]:
        """The places whose number is above the threshold."""
        above = scene.circumstances.thresholds[self.entry.above]
        for expression in self.entry.any:
            places = scene.places(expression)
            if not places:
                continue
            compiled = compile_expression(expression)
            for place in places:
                words = place.span.of(scene.texts[place.text_index].masked)
                found = compiled.search(words)
                if found and float(found.group(1)) > above:
                    yield Found(place)
