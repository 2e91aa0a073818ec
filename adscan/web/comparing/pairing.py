"""Which part of one state of an ad is which of the other: a page put in shifts no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio
from scipy.optimize import linear_sum_assignment

from adscan.web.comparing.streams import Document, folded

Likeness = Callable[[int, int], float | None]  # of pictures, 0 to 1; None: not both have one

ENOUGH = 0.45  # parts less alike are not the same part
ENOUGH_ACROSS_KINDS = 0.6  # a text that came back as a picture
PLACE = 0.05  # how much the same place among the parts speaks for a pair
LONGEST = 5_000  # characters that tell which part it is


@dataclass(frozen=True)
class Pair:
    """Indexes of the parts; None: the other side has no such part."""

    before: int | None
    after: int | None
    moved: bool = False  # it stands elsewhere among the others


def pair_parts(
    before: Sequence[Document], after: Sequence[Document], likeness: Likeness
) -> list[Pair]:
    """Every part of both sides once, in the order of `after`; removed ones where they were."""
    pairs: list[tuple[int, int]] = []
    if before and after:
        scores = np.array([[_score(before, after, likeness, i, j) for j in range(len(after))]
                           for i in range(len(before))])  # fmt: skip
        rows, columns = linear_sum_assignment(-scores)
        pairs = [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if scores[i, j] > 0]
        pairs += _left_in_place(before, after, pairs)
        pairs.sort(key=lambda pair: pair[1])
    kept = _longest_rise([i for i, _ in pairs])
    found = [Pair(i, j, moved=at not in kept) for at, (i, j) in enumerate(pairs)]
    taken_before, taken_after = {i for i, _ in pairs}, {j for _, j in pairs}
    for j in range(len(after)):
        if j not in taken_after:
            at = next((k for k, p in enumerate(found) if (p.after or 0) > j), len(found))
            found.insert(at, Pair(None, j))
    for i in range(len(before)):
        if i not in taken_before:
            before_it = [k for k, p in enumerate(found) if p.before is not None and p.before < i]
            found.insert(max(before_it, default=-1) + 1, Pair(i, None))
    return found


def _score(
    before: Sequence[Document], after: Sequence[Document], likeness: Likeness, i: int, j: int
) -> float:
    """Above 0: may be the same part."""
    one, two = before[i], after[j]
    alike = _alike(one, two, likeness(i, j))
    if alike < (ENOUGH if one["kind"] == two["kind"] else ENOUGH_ACROSS_KINDS):
        return 0.0
    apart = abs(i / max(1, len(before) - 1) - j / max(1, len(after) - 1))
    return alike + PLACE * (1 - apart)


def _alike(one: Document, two: Document, pictures: float | None) -> float:
    texts = [folded(part["text"][:LONGEST]) for part in (one, two)]
    if all(texts):
        words = ratio(*texts) / 100
        return words if pictures is None else max(words, (words + pictures) / 2)
    if any(texts):
        return (pictures or 0.0) * 0.9
    return pictures if pictures is not None else float(one["kind"] == two["kind"]) * ENOUGH


def _left_in_place(
    before: Sequence[Document], after: Sequence[Document], pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """A part of the same kind that is alone between the same neighbours was rewritten."""
    found = []
    ends = sorted([(-1, -1), *pairs, (len(before), len(after))])
    for (i, j), (next_i, next_j) in pairwise(ends):
        if next_i - i == 2 and next_j - j == 2 and before[i + 1]["kind"] == after[j + 1]["kind"]:
            found.append((i + 1, j + 1))
    return found


def _longest_rise(values: Sequence[int]) -> set[int]:
    """Positions of a longest rising subsequence: what did not move."""
    if not values:
        return set()
    lengths: NDArray[np.int64] = np.ones(len(values), np.int64)
    last = [-1] * len(values)
    for at, value in enumerate(values):
        for earlier in range(at):
            if values[earlier] < value and lengths[earlier] >= lengths[at]:
                lengths[at], last[at] = lengths[earlier] + 1, earlier
    at, kept = int(lengths.argmax()), set()
    while at >= 0:
        kept.add(at)
        at = last[at]
    return kept
