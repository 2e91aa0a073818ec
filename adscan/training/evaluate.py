"""Measures the shipped model and what it stands beside; the numbers of `docs/accuracy.md`."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from adscan.classify.calibration import weigh
from adscan.classify.model import find_model, load_classifier
from adscan.ingest.sources import text_source
from adscan.normalise.chain import Normaliser
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.circumstances import KNOWN_FROM, Circumstances
from adscan.records.review import Review
from adscan.records.verdict import OperatingPoint, Sureness, Verdict
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Settings, Thresholds
from adscan.training.corpus import ACTIVITIES, RULES, Sample
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
    activities: Bools  # (N, A): said to be promoted
    plain_activities: Bools  # (N, A): the same by words alone

    def only(self, at: Sequence[int]) -> Reviewed:
        """What was said of some of the texts."""
        chosen = list(at)
        return Reviewed(
            tuple(self.verdicts[number] for number in chosen),
            self.findings[chosen],
            self.plain[chosen],
            tuple(self.genres[number] for number in chosen),
            self.activities[chosen],
            self.plain_activities[chosen],
        )

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

    def review(self, samples: Sequence[Sample], seen: Sequence[Seen], card: Verdicts) -> Reviewed:
        """All texts, read as `adscan check` reads them on the day they were published."""
        reviews = [self._review(self._with, sample) for sample in samples]
        bare = [self._review(self._without, sample) for sample in samples]
        return Reviewed(
            tuple(card.of(one) for one in seen),
            _table([[finding.rule for finding in review.findings] for review in reviews]),
            _table([[finding.rule for finding in review.findings] for review in bare]),
            tuple(review.genre.label.value for review in reviews),
            _promoted(reviews),
            _promoted(bare),
        )

    def _review(self, reviewer: Reviewer, sample: Sample) -> Review:
        placement = Placement(sample.day or self._placement.published)
        return reviewer.review(text_source(sample.text), placement).review

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


def activities_of(samples: Sequence[Sample]) -> Bools:
    """The activities that texts promote, shape (N, A)."""
    return _table([sample.activities for sample in samples], ACTIVITIES)


def _promoted(reviews: Sequence[Review]) -> Bools:
    surely = [
        [a.id for a in review.permit_check.activities if a.confidence >= KNOWN_FROM]
        for review in reviews
    ]
    return _table(surely, ACTIVITIES)


def _table(found: Sequence[frozenset[str] | list[str]], names: Sequence[str] = RULES) -> Bools:
    return np.array([[name in one for name in names] for one in found], dtype=np.bool_)


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


@dataclass(frozen=True)
class Measured:
    """A labelled set and all that was said of it."""

    samples: list[Sample]
    seen: list[Seen]
    reviewed: Reviewed

    def only(self, hand: str) -> Measured:
        """What one hand wrote."""
        at = [number for number, sample in enumerate(self.samples) if sample.hand == hand]
        return Measured(
            [self.samples[number] for number in at],
            [self.seen[number] for number in at],
            self.reviewed.only(at),
        )

    @property
    def rules(self) -> Bools:
        """What ought to be found."""
        return answers_of(self.samples)

    @property
    def broken(self) -> Bools:
        """Which texts break the law."""
        return np.asarray(self.rules.any(axis=1))


class Evaluation:
    """Everything that is measured, on one model."""

    def __init__(self, day: date) -> None:
        self.day = day
        rulebook = load_rulebook()
        known = Circumstances(day, thresholds=Thresholds().model_dump())
        classifier = load_classifier(find_model())
        self.observer = Observer(rulebook, classifier, Normaliser(rulebook.terms()), known)
        self.verdicts = Verdicts(self.observer)
        self.product = Product(self.observer)

    def measure(self, samples: list[Sample]) -> Measured:
        """A labelled set through the product."""
        seen = list(self.observer.see(samples))
        return Measured(samples, seen, self.product.review(samples, seen, self.verdicts))
