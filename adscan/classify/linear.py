"""A linear model on runs of characters: cheap, and sure of wordings that the encoder saw seldom."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LONGEST = 4  # characters of a run; shorter ones count too


@dataclass(frozen=True)
class LinearModel:
    """Logistic regression on the TF-IDF weights of runs of characters.

    Source: scikit-learn's TfidfVectorizer (sublinear term frequency, L2 norm) and
    LogisticRegression, which fitted it; the numbers here are theirs.
    """

    numbers: dict[str, int]  # each run's place in the arrays
    rarity: NDArray[np.float32]  # (F,): inverse document frequency
    weights: NDArray[np.float32]  # (F, K): one column for each question
    bias: NDArray[np.float32]  # (K,)

    def logits(self, text: str) -> NDArray[np.float32]:
        """One logit for each question, shape (K,)."""
        counts = Counter(run for run in runs_of(text) if run in self.numbers)
        if not counts:
            return self.bias
        at = np.fromiter((self.numbers[run] for run in counts), dtype=np.intp, count=len(counts))
        often = np.fromiter((1 + math.log(n) for n in counts.values()), np.float32, len(counts))
        told = often * self.rarity[at]
        logits: NDArray[np.float32] = (told / np.linalg.norm(told)) @ self.weights[at] + self.bias
        return logits


def runs_of(text: str) -> Iterator[str]:
    """Every run of one to LONGEST characters; blanks count as one, case does not matter."""
    plain = " ".join(text.lower().split())
    for length in range(1, LONGEST + 1):
        for at in range(len(plain) - length + 1):
            yield plain[at : at + length]


def load_linear(path: Path) -> LinearModel:
    """The model of an .npz file, as `training/linear.py` writes it."""
    with np.load(path, allow_pickle=False) as kept:
        runs = str(kept["runs"]).split("\n")
        return LinearModel(
            {run: number for number, run in enumerate(runs)},
            kept["rarity"].astype(np.float32),
            kept["weights"].astype(np.float32),
            kept["bias"].astype(np.float32),
        )
