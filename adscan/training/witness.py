"""What the product's own path sees in a text before the verdict; the ground for calibration."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from adscan.classify.activity import find_activities
from adscan.classify.answers import Answers
from adscan.classify.calibration import Witnesses, witnesses_of
from adscan.classify.model import Classifier
from adscan.judge.context import standing_rules
from adscan.normalise.chain import Normaliser
from adscan.records.circumstances import Circumstances
from adscan.records.part import Part, PartKind
from adscan.rulebook.rulebook import Rulebook
from adscan.training.corpus import RULES, Sample


@dataclass(frozen=True)
class Seen:
    """One text's raw answers and witnesses."""

    answers: Answers
    witnesses: Witnesses
    worded: frozenset[str]  # rules whose words stand in it unreleased
    activities: dict[str, float]  # what the words alone say of activities


@dataclass(frozen=True)
class Observer:
    """The rulebook and the model, on plain texts."""

    rulebook: Rulebook
    classifier: Classifier
    normaliser: Normaliser
    known: Circumstances  # its day is that of texts of which none is known

    def see(self, samples: Iterable[Sample]) -> Iterator[Seen]:
        """What is seen in each text, in order; texts are read side by side."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            yield from pool.map(self._see, samples)

    def _see(self, sample: Sample) -> Seen:
        normal = [self.normaliser.normalise(Part("text:0", PartKind.TEXT, sample.text))]
        answers = self.classifier.read(normal)
        worded_activities = {found.id: found.confidence for found in find_activities(normal)}
        known = replace(self.known, day=sample.day or self.known.day)
        hits, _ = self.rulebook.find(normal, known)
        worded = standing_rules(hits, normal, lambda rule: self.rulebook[rule].rule)
        return Seen(answers, witnesses_of(answers, RULES, worded), worded, worded_activities)
