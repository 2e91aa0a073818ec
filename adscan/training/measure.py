"""Scores with intervals: how often right, how often a false alarm, how well calibrated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000  # of the bootstrap
BINS = 10  # of the reliability diagram
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Score:
    """A share with its 95 % interval, by bootstrap over texts."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}–{self.high:.3f}]"


def score(measure: Callable[[NDArray[np.intp]], float], texts: int) -> Score:
    """`measure` on all texts, and on RESAMPLES draws with replacement. It gets their numbers."""
    dice = np.random.default_rng(7)
    drawn = [measure(dice.integers(0, texts, texts)) for _ in range(RESAMPLES)]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Score(measure(np.arange(texts)), float(low), float(high))


def share(of: Bools, among: Bools) -> Callable[[NDArray[np.intp]], float]:
    """The share of texts `among` these for which `of` holds."""
    return lambda at: float(of[at][among[at]].mean()) if among[at].any() else float("nan")


def f1(found: Bools, broken: Bools) -> Callable[[NDArray[np.intp]], float]:
    """F1 of one rule."""
    return lambda at: f1_of(found[at], broken[at])


def macro_f1(found: Bools, broken: Bools) -> Callable[[NDArray[np.intp]], float]:
    """The mean F1 over rules; both of shape (texts, rules)."""
    return lambda at: float(
        np.mean([f1_of(found[at, rule], broken[at, rule]) for rule in range(found.shape[1])])
    )


def f1_of(found: Bools, broken: Bools) -> float:
    """F1 of one rule; 0 where nothing is found and nothing broken."""
    total = found.sum() + broken.sum()
    return float(2 * (found & broken).sum() / total) if total else 0.0


def recall_at(scores: NDArray[np.float64], broken: Bools, alarms: float) -> float:
    """Recall at the lowest threshold that shows no more than this share of the lawful texts."""
    lawful = np.sort(scores[~broken])[::-1]
    threshold = lawful[min(int(len(lawful) * alarms), len(lawful) - 1)]
    return float((scores[broken] > threshold).mean())


def reliability(chances: NDArray[np.float64], broken: Bools) -> list[tuple[float, float, int]]:
    """For each tenth of the scale: mean probability, share that breaks the law, number of texts."""
    place = np.minimum((chances * BINS).astype(int), BINS - 1)
    return [
        (float(chances[place == at].mean()), float(broken[place == at].mean()), int(count))
        for at in range(BINS)
        if (count := (place == at).sum())
    ]


def calibration_error(chances: NDArray[np.float64], broken: Bools) -> float:
    """The expected calibration error: the mean gap of the reliability diagram, by texts."""
    rows = reliability(chances, broken)
    return sum(abs(said - true) * count for said, true, count in rows) / len(chances)
