"""The systems that `docs/accuracy.md` sets side by side: any fault, and which rules?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from adscan.training.calibrate import best_from, from_quantile, sigmoid
from adscan.training.corpus import RULES, Sample
from adscan.training.measure import Bools
from adscan.training.witness import Seen


@dataclass(frozen=True)
class Told:
    """What one system says of some texts."""

    violation: NDArray[np.float64]  # (N,): the higher, the likelier a fault
    rules: NDArray[np.float64]  # (N, R); empty columns where it knows no rules


@dataclass(frozen=True)
class Limits:
    """Where a system's scores become an alarm and a rule; set on the held-out texts."""

    prereview: float
    archive: float
    rules: NDArray[np.float64]  # (R,)

    def alarms(self, told: Told, archive: bool) -> Bools:
        """Which texts are shown."""
        alarms: Bools = told.violation >= (self.archive if archive else self.prereview)
        return alarms

    def found(self, told: Told, archive: bool) -> Bools:
        """Which rules are said to be broken, shape (N, R)."""
        found: Bools = (told.rules >= self.rules) & self.alarms(told, archive)[:, None]
        return found


def limits_of(told: Told, samples: Sequence[Sample], lawful: Told) -> Limits:
    """The limits that keep to the alarms allowed, and give each rule its best F1."""
    broken = np.array([bool(sample.rules) for sample in samples])
    calm = told.violation[~broken]
    thresholds = [
        best_from(told.rules[broken, at], np.array([r in s.rules for s in samples])[broken])
        for at, r in enumerate(RULES)
    ]
    return Limits(
        prereview=from_quantile(calm, 0.03),
        archive=from_quantile(np.concatenate([calm, lawful.violation]), 0.001),
        rules=np.array(thresholds),
    )


def linear_alone(seen: Sequence[Seen]) -> Told:
    """TF-IDF and logistic regression."""
    logits = np.array([one.answers.linear for one in seen], dtype=np.float64)
    return Told(logits[:, 0], sigmoid(logits[:, 1:]))


def encoder_alone(seen: Sequence[Seen]) -> Told:
    """The fine-tuned encoder."""
    return Told(
        np.array([one.answers.violates for one in seen], dtype=np.float64),
        sigmoid(np.array([one.answers.rules for one in seen], dtype=np.float64)),
    )


def words_listed(texts: Sequence[str], lexicon: Sequence[str]) -> Told:
    """A word list: the number of its words that occur; it knows no rules."""
    counts = np.array([sum(word in text for word in lexicon) for text in texts], dtype=np.float64)
    return Told(counts, np.zeros((len(texts), len(RULES))))


class ModelAlone:
    """Encoder and linear model together, without the rules' words; weighed on held-out texts."""

    def __init__(self, seen: Sequence[Seen], samples: Sequence[Sample]) -> None:
        broken = [bool(sample.rules) for sample in samples]
        self._whole = LogisticRegression().fit([o.witnesses.violation[:-1] for o in seen], broken)
        rows = [row[:-1] for one in seen for row in one.witnesses.rules]
        answers = [rule in sample.rules for sample in samples for rule in RULES]
        self._rules = LogisticRegression(max_iter=2000).fit(rows, answers)

    def tell(self, seen: Sequence[Seen]) -> Told:
        """What it says."""
        rows = [row[:-1] for one in seen for row in one.witnesses.rules]
        return Told(
            self._whole.predict_proba([one.witnesses.violation[:-1] for one in seen])[:, 1],
            self._rules.predict_proba(rows)[:, 1].reshape(len(seen), len(RULES)),
        )
