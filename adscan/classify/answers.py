"""What the encoder and the linear model say of an ad, before it is weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adscan.records.text import Span

Logits = NDArray[np.float32]


@dataclass(frozen=True)
class Answers:
    """Raw logits on one ad. R rules, G genres, A activities; the highest over its windows."""

    violates: float
    rules: Logits  # (R,)
    linear: Logits  # (1 + R,): the linear model on violation, then on each rule
    genre: Logits  # (G,), the mean over windows
    activities: Logits  # (A,)
    words: tuple[tuple[int, str, Span], ...] = ()  # rule number, part, words at fault
