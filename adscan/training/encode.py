"""Samples into arrays: windows of pieces with the answers that each ought to give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from adscan.classify.windows import Window, cut
from adscan.records.text import Span
from adscan.training.corpus import ACTIVITIES, GENRES, RULES, Sample

UNKNOWN = -100  # the class that a cross entropy leaves out
RULE_AT = {rule: at for at, rule in enumerate(RULES)}
ACTIVITY_AT = {activity: at for at, activity in enumerate(ACTIVITIES)}


@dataclass(frozen=True)
class Answer:
    """A window and what ought to be found in it."""

    sample: str
    ids: NDArray[np.int64]  # (T,)
    rules: NDArray[np.float32]  # (R,)
    known: NDArray[np.float32]  # (R,): 1 where someone judged the rule
    complete: bool  # everything was judged: the places, the genre, the activities too
    words: NDArray[np.bool_]  # (T, R): the piece is among the words that break the rule
    placed: NDArray[np.bool_]  # (T,): the piece has a place; marks and context have none
    genre: int
    activities: NDArray[np.float32]  # (A,)


def encode(samples: Iterable[Sample], tokenizer: Tokenizer) -> Iterator[Answer]:
    """The windows of all samples, in order."""
    for sample in samples:
        pieces = tokenizer.encode(sample.text, add_special_tokens=False)
        for number, window in enumerate(cut(pieces.ids, pieces.offsets)):
            yield _answer(sample, window, first=number == 0)


def _answer(sample: Sample, window: Window, first: bool) -> Answer:
    words = np.zeros((len(window.ids), len(RULES)), dtype=np.bool_)
    rules = np.zeros(len(RULES), dtype=np.float32)
    activities = np.zeros(len(ACTIVITIES), dtype=np.float32)
    for span, rule in sample.spans:
        touched = [at for at, place in enumerate(window.spans) if _touches(place, span)]
        words[touched, RULE_AT[rule]] = True
        rules[RULE_AT[rule]] = max(rules[RULE_AT[rule]], float(bool(touched)))
    if first:  # what is wrong with the text as a whole shows at its beginning
        rules[[RULE_AT[rule] for rule in sorted(sample.whole)]] = 1
    activities[[ACTIVITY_AT[activity] for activity in sorted(sample.activities)]] = 1
    return Answer(
        sample.id,
        np.array(window.ids, dtype=np.int64),
        rules,
        _known(sample),
        sample.known is None,
        words,
        np.array([place is not None for place in window.spans]),
        GENRES.index(sample.genre) if sample.genre else UNKNOWN,
        activities,
    )


def _known(sample: Sample) -> NDArray[np.float32]:
    if sample.known is None:
        return np.ones(len(RULES), dtype=np.float32)
    return np.array([rule in sample.known for rule in RULES], dtype=np.float32)


def _touches(place: Span | None, span: Span) -> bool:
    return place is not None and place.overlaps(span)
