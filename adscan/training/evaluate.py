"""Measures the shipped model and what it stands beside; the numbers of `docs/accuracy.md`."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from adscan.classify.calibration import weigh
from adscan.ingest.sources import text_source
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.verdict import OperatingPoint, Sureness, Verdict
from adscan.settings import Settings
from adscan.training.corpus import RULES, Sample
from adscan.training.corrections import Correction
from adscan.training.measure import Bools, recall_at
from adscan.training.noise import Noise
from adscan.training.systems import Told
from adscan.training.witness import Observer, Seen


@dataclass(frozen=True)
class Reviewed:
    """What the product said of some texts, with the model and without."""

    verdicts: tuple[Verdict, ...]
    findings: Bools  # (N, R): rules found, at the prereview point
    plain: Bools  # (N, R): rules found without the model
    genres: tuple[str, ...]

    @property
    def alarms(self) -> Bools:
        """Texts that are shown at the prereview point."""
        alarms: Bools = np.asarray(self.findings.any(axis=1))
        return alarms

    @property
    def archive(self) -> Bools:
        """Texts that are shown at the archive point."""
        return self.alarms & np.array([v.sureness is Sureness.SURE for v in self.verdicts])

    @property
    def chances(self) -> NDArray[np.float64]:
        """The probability of a violation."""
        return np.array([verdict.violation for verdict in self.verdicts])


class Product:
    """The product's own path, with and without the model."""

    def __init__(self, observer: Observer) -> None:
        now = datetime(2026, 11, 25, tzinfo=timezone.utc)
        settings = Settings()
        self._placement = Placement(observer.known.day)
        self._with = Reviewer(observer.rulebook, None, settings, now, observer.classifier)
        self._without = Reviewer(observer.rulebook, None, settings, now)

    def review(self, texts: Sequence[str], seen: Sequence[Seen], card: Verdicts) -> Reviewed:
        """All texts, read as `adscan check` reads them."""
        findings, plain, genres = [], [], []
        for text in texts:
            review = self._with.review(text_source(text), self._placement).review
            findings.append([finding.rule for finding in review.findings])
            genres.append(review.genre.label.value)
            bare = self._without.review(text_source(text), self._placement).review
            plain.append([finding.rule for finding in bare.findings])
        verdicts = tuple(card.of(one) for one in seen)
        return Reviewed(verdicts, _table(findings), _table(plain), tuple(genres))

    def agrees(self, correction: Correction) -> bool:
        """Whether the review of its text says of its rule what the reviewer said."""
        review = self._with.review(text_source(correction.text), self._placement).review
        found = correction.rule in {finding.rule for finding in review.findings}
        return found is correction.finding


@dataclass(frozen=True)
class Verdicts:
    """The verdicts of a calibrated model on what was seen."""

    observer: Observer

    def of(self, seen: Seen) -> Verdict:
        """At the prereview point."""
        calibration = self.observer.classifier.card.calibration
        return weigh(calibration, RULES, seen.witnesses, OperatingPoint.PREREVIEW)

    def told(self, seen: Sequence[Seen]) -> Told:
        """As one of the systems set side by side."""
        verdicts = [self.of(one) for one in seen]
        return Told(
            np.array([verdict.violation for verdict in verdicts]),
            np.array([[verdict.rules[rule] for rule in RULES] for verdict in verdicts]),
        )


def answers_of(samples: Sequence[Sample]) -> Bools:
    """The rules that texts break, shape (N, R)."""
    return _table([sample.rules for sample in samples])


def _table(found: Sequence[frozenset[str] | list[str]]) -> Bools:
    return np.array([[rule in one for rule in RULES] for one in found], dtype=np.bool_)


def ranking(told: Told, broken: Bools) -> tuple[float, float, float]:
    """Area under the ROC curve, recall at 3 % and at 0.1 % of lawful texts shown."""
    return (
        float(roc_auc_score(broken, told.violation)),
        recall_at(told.violation, broken, 0.03),
        recall_at(told.violation, broken, 0.001),
    )


def evaded(
    samples: Sequence[Sample], noises: Mapping[str, Noise], seed: int = 7
) -> Iterator[tuple[str, list[Sample]]]:
    """The violating texts after each trick."""
    guilty = [sample for sample in samples if sample.spans]
    for name, noise in noises.items():
        dice = random.Random(seed)
        yield name, [noise(sample, dice) for sample in guilty]
