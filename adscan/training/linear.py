"""Fits the linear model that stands beside the network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from adscan.classify.linear import LinearModel, runs_of

MOST_RUNS = 40_000
SEEN_IN = 3  # texts in which a run must stand


def fit_linear(texts: Sequence[str], answers: NDArray[np.float32]) -> LinearModel:
    """The model for `answers`, shape (N, K) of 0, 1 and NaN (not known), a column a question."""
    vectoriser = TfidfVectorizer(
        analyzer=runs_of, min_df=SEEN_IN, max_features=MOST_RUNS, sublinear_tf=True
    )
    features = vectoriser.fit_transform(texts)
    weights, bias = [], []
    for column in answers.T:
        known = np.flatnonzero(~np.isnan(column))
        if column[known].min() == column[known].max():  # a question with one answer
            weights.append(np.zeros(features.shape[1], np.float32))
            bias.append(10.0 if column[known[0]] else -10.0)
            continue
        fitted = LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear")
        fitted.fit(features[known], column[known])
        weights.append(fitted.coef_[0])
        bias.append(float(fitted.intercept_[0]))
    return LinearModel(
        {str(run): int(number) for run, number in vectoriser.vocabulary_.items()},
        vectoriser.idf_.astype(np.float32),
        np.stack(weights, axis=1).astype(np.float32),
        np.array(bias, dtype=np.float32),
    )


def save_linear(model: LinearModel, path: Path) -> None:
    """Written with half the digits: the answers change in the fourth place."""
    runs = sorted(model.numbers, key=model.numbers.__getitem__)
    np.savez_compressed(
        path,
        runs=np.array("\n".join(runs)),
        rarity=model.rarity,
        weights=model.weights.astype(np.float16),
        bias=model.bias,
    )
