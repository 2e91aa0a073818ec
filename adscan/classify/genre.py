"""The genre of a text from weighted cues; the table is genre_cues.yaml.

The source of the boundary: 广告可识别性执法指南 (2024) and 广告法适用范围执法指南 (2025).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import re2
import yaml
from pydantic import BaseModel, ConfigDict

from adscan.records.review import Genre, GenreLabel
from adscan.records.text import MaskKind, NormalText

CONTACTS = (MaskKind.PHONE, MaskKind.URL, MaskKind.EMAIL, MaskKind.ACCOUNT)
# A text needs this many points of a genre's cues to be held for that genre: two light cues or one
# strong one. Set on the project's own examples.
ENOUGH = 3.0
OFFERED = 2.0  # points of offer that make a text an advertisement
OUTWEIGHS = 1.5  # a genre must have so many times the points of the offer
SOFT_OFFER = 3.0  # points of offer and contact that turn an article into a soft one


class CueGroup(BaseModel):
    """Expressions that say the same thing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: float
    most: int  # occurrences that count
    any: list[str]


class Cues(BaseModel):
    """The table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    news: list[CueGroup]
    education: list[CueGroup]
    legal: list[CueGroup]
    complaint: list[CueGroup]
    offer: list[CueGroup]
    contact: list[CueGroup]
    helpline: list[str]


GENRES = (GenreLabel.NEWS, GenreLabel.EDUCATION, GenreLabel.LEGAL, GenreLabel.COMPLAINT)


def find_genre(texts: Sequence[NormalText]) -> Genre:
    """The genre of an ad's texts together. Without any cue it is `other`, confidence 0.5."""
    whole = "\n".join(text.text for text in texts)
    cues = _load_cues()
    points = {label: _points(whole, getattr(cues, label.value)) for label in GENRES}
    offer = _points(whole, cues.offer)
    reachable = _points(whole, cues.contact) + _numbers(texts, cues.helpline)
    best = max(GENRES, key=lambda label: points[label])
    if points[best] >= ENOUGH:
        if reachable and offer + reachable >= SOFT_OFFER and offer >= 1:
            return Genre(GenreLabel.SOFT_ARTICLE, _sureness(offer + reachable, points[best] / 2))
        if points[best] >= OUTWEIGHS * offer:
            return Genre(best, _sureness(points[best], offer))
    if offer + reachable >= OFFERED:
        return Genre(GenreLabel.ADVERTISEMENT, _sureness(offer + reachable, points[best]))
    return Genre(GenreLabel.OTHER, 0.5)


def _points(text: str, groups: Sequence[CueGroup]) -> float:
    total = 0.0
    for group in groups:
        seen = sum(len(_compiled(expression).findall(text)) for expression in group.any)
        total += group.weight * min(seen, group.most)
    return total


def _numbers(texts: Sequence[NormalText], helplines: Sequence[str]) -> float:
    """One point if a phone, link or account is given that is no public helpline."""
    for text in texts:
        for mask in text.masks:
            shown = mask.span.of(text.text)
            if mask.kind in CONTACTS and not any(
                _compiled(line).search(shown) for line in helplines
            ):
                return 1.0
    return 0.0


def _sureness(mine: float, others: float) -> float:
    return round(min(0.5 + 0.5 * mine / (mine + others + 1), 0.99), 2)


@cache
def _compiled(expression: str) -> re2._Regexp:
    return re2.compile(expression)


@cache
def _load_cues() -> Cues:
    text = Path(__file__).with_name("genre_cues.yaml").read_text(encoding="utf-8")
    return Cues.model_validate(yaml.safe_load(text))
