"""The classifier's labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adscan.records.hit import Origin
from adscan.rulebook.matcher import Found, Matcher
from adscan.rulebook.scene import Place, Scene
from adscan.rulebook.schema import LabelEntry


@dataclass(frozen=True)
class LabelMatcher(Matcher):
    """Stretches to which the classifier gave the label; its probability is the confidence."""

    entry: LabelEntry
    default_confidence = 0.5
    origin = Origin.MODEL

    def expressions(self) -> Iterable[str]:
        """The words that refute the label."""
        return self.entry.unless

    def groups(self) -> Iterable[Iterable[str]]:
        """None: it is asked whenever there are labels."""
        return ()

    def find(self, scene: Scene) -> Iterator[Found]:
        """The labelled stretches; none where words that refute the label are there to be seen."""
        if any(not scene.is_hidden(place) for place in scene.any_of(self.entry.unless)):
            return
        index_of = {text.part_id: index for index, text in enumerate(scene.texts)}
        for label in scene.labels:
            if label.label == self.entry.label:
                yield Found(Place(index_of[label.part_id], label.span), label.probability)
