"""Exact chances of the binomial distribution: the interval of a share, and whether one grew."""

from __future__ import annotations

from scipy.stats import binom, binomtest


def at_least(k: int, n: int, share: float) -> float:
    """The chance of at least `k` among `n`, each with the chance `share`, independently."""
    return float(binom.sf(k - 1, n, share))


def interval(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval (Clopper and Pearson, 1934) of a share of which `k` of `n` were seen.

    It holds the true share with at least that confidence. `n` is at least 1.
    """
    found = binomtest(k, n).proportion_ci(confidence, method="exact")
    return float(found.low), float(found.high)
