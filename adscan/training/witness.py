"""What the product's own path sees in a text before the verdict; the ground for calibration."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from adscan.classify.answers import Answers
from adscan.classify.calibration import Witnesses, witnesses_of
from adscan.classify.model import Classifier
from adscan.judge.context import standing_rules
from adscan.normalise.chain import Normaliser
from adscan.records.circumstances import Circumstances
from adscan.records.part import Part, PartKind
from adscan.rulebook.rulebook import Rulebook
from adscan.training.corpus import RULES


@dataclass(frozen=True)
class Seen:
    """One text's raw answers and witnesses."""

    answers: Answers
    witnesses: Witnesses
    worded: frozenset[str]  # rules whose words stand in it unreleased


@dataclass(frozen=True)
class Observer:
    """The rulebook and the model, on plain texts of one day."""

    rulebook: Rulebook
    classifier: Classifier
    normaliser: Normaliser
    known: Circumstances

    def see(self, texts: Iterable[str]) -> Iterator[Seen]:
        """What is seen in each text, in order; texts are read side by side."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            yield from pool.map(self._see, texts)

    def _see(self, text: str) -> Seen:
        normal = [self.normaliser.normalise(Part("text:0", PartKind.TEXT, text))]
        hits, _ = self.rulebook.find(normal, self.known)
        worded = standing_rules(hits, normal, lambda rule: self.rulebook[rule].rule)
        answers = self.classifier.read(normal)
        return Seen(answers, witnesses_of(answers, RULES, worded), worded)
