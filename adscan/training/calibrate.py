"""Fits the numbers of `classify/calibration.py` on texts that no model was trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from adscan.classify.calibration import Calibration, activity_witnesses
from adscan.training.corpus import ACTIVITIES, RULES, Sample
from adscan.training.measure import f1_of
from adscan.training.witness import Seen

PREREVIEW_ALARMS = 0.03  # share of lawful texts that may be shown
ARCHIVE_ALARMS = 0.001
STEPS = np.round(np.arange(0.05, 0.96, 0.01), 2)  # thresholds tried for a rule
USUAL_FROM = 0.4  # a rule's threshold before its own texts say anything
PSEUDO_TEXTS = 10  # how many texts that usual threshold weighs


def fit_calibration(
    samples: Sequence[Sample], seen: Sequence[Seen], lawful: Sequence[Seen]
) -> Calibration:
    """The calibration for labelled `samples`; `lawful` are more texts without a violation.

    `lawful` only move the thresholds of the operating points, not the probabilities.
    """
    broken = np.array([bool(sample.rules) for sample in samples])
    whole = np.array([one.witnesses.violation for one in seen])
    violation = LogisticRegression(C=1.0).fit(whole, broken)
    rule_weights, rule_bias = _fit_rules(samples, seen)
    activity_weights, activity_bias = _fit_activities(samples, seen)
    chances = {
        rule: sigmoid(np.array([one.witnesses.rules[at] for one in seen]) @ rule_weights + bias)
        for at, (rule, bias) in enumerate(rule_bias.items())
    }
    calm = [one.witnesses.violation for one in lawful]
    mine = violation.predict_proba(whole)[:, 1]
    theirs = violation.predict_proba(np.array(calm))[:, 1] if calm else np.empty(0)
    return Calibration(
        violation=tuple(violation.coef_[0].tolist()),
        violation_bias=float(violation.intercept_[0]),
        rule=tuple(rule_weights.tolist()),
        rule_bias=rule_bias,
        activity=tuple(activity_weights.tolist()),
        activity_bias=activity_bias,
        rule_from={
            rule: best_from(chances[rule][broken], _breaks(samples, rule)[broken]) for rule in RULES
        },
        prereview_from=from_quantile(mine[~broken], PREREVIEW_ALARMS),
        archive_from=from_quantile(np.concatenate([mine[~broken], theirs]), ARCHIVE_ALARMS),
    )


def _fit_rules(
    samples: Sequence[Sample], seen: Sequence[Seen]
) -> tuple[NDArray[np.float64], dict[str, float]]:
    columns = [[one.witnesses.rules[at] for one in seen] for at in range(len(RULES))]
    return _fit_shared(RULES, columns, [_breaks(samples, rule) for rule in RULES])


def _fit_activities(
    samples: Sequence[Sample], seen: Sequence[Seen]
) -> tuple[NDArray[np.float64], dict[str, float]]:
    columns = [
        [
            activity_witnesses(float(one.answers.activities[at]), one.activities.get(name, 0.0))
            for one in seen
        ]
        for at, name in enumerate(ACTIVITIES)
    ]
    right = [np.array([name in sample.activities for sample in samples]) for name in ACTIVITIES]
    return _fit_shared(ACTIVITIES, columns, right)


def _fit_shared(
    names: Sequence[str],
    columns: Sequence[Sequence[tuple[float, ...]]],
    right: Sequence[NDArray[np.bool_]],
) -> tuple[NDArray[np.float64], dict[str, float]]:
    """One weight for each witness, shared by all names; a bias for each name."""
    own = np.eye(len(names)).tolist()
    rows = [[*row, *own[at]] for at, column in enumerate(columns) for row in column]
    fitted = LogisticRegression(C=1.0, max_iter=2000).fit(np.array(rows), np.concatenate(right))
    weights, biases = fitted.coef_[0][: -len(names)], fitted.coef_[0][-len(names) :]
    base = float(fitted.intercept_[0])
    return weights, {name: base + float(bias) for name, bias in zip(names, biases, strict=True)}


def _breaks(samples: Sequence[Sample], rule: str) -> NDArray[np.bool_]:
    return np.array([rule in sample.rules for sample in samples])


def best_from(chances: NDArray[np.float64], breaks: NDArray[np.bool_]) -> float:
    """The threshold of best F1 among violating texts, near the usual one where texts are few."""
    scores = [f1_of(chances >= step, breaks) for step in STEPS]
    best = float(np.median(STEPS[np.isclose(scores, max(scores))]))
    weight = breaks.sum() / (breaks.sum() + PSEUDO_TEXTS)
    return round(weight * best + (1 - weight) * USUAL_FROM, 3)


def from_quantile(lawful: NDArray[np.float64], alarms: float) -> float:
    """The lowest threshold at which no more than this share of lawful texts is shown."""
    allowed = int(len(lawful) * alarms)
    highest = np.sort(lawful)[::-1][allowed]
    return float(np.nextafter(highest, 1.0))


def sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of logits."""
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return chances
