"""The genre of a text from weighted cues; the table is genre_cues.yaml.

The source of the boundary: 广告可识别性执法指南 (2024) and 广告法适用范围执法指南 (2025).

An advertisement taken for news or a warning would lose its findings, so those genres need clear
evidence and must outweigh what is on offer; a text that offers something and is nothing else is an
advertisement; `other` is for texts that offer nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import re2
import yaml
from pydantic import BaseModel, ConfigDict

from adscan.language.expressions import Expressions
from adscan.records.review import Genre, GenreLabel
from adscan.records.text import MaskKind, NormalText

CONTACTS = (MaskKind.PHONE, MaskKind.URL, MaskKind.EMAIL, MaskKind.ACCOUNT)
# The numbers were set on two thirds of tests/materials/classify/texts.jsonl; the other third is
# what the tests measure.
ENOUGH = 2.0  # points of a genre's cues that make a text of that genre, if nothing is offered …
ENOUGH_BESIDE_OFFER = 3.0  # … and if something is
OUTWEIGHS = 1.0  # a genre must have so many times the points of the offer
OFFERED = 0.5  # points of offer or goods that make a text an advertisement
SLOGAN_LENGTH = 80  # code points; so short a text with no cue at all is most often a slogan
SOFT_PARAGRAPH = 45  # code points; a poster or slogan has no paragraph as long
SOFT_MARKS = 1.0  # points of article, news or education that make an offer a soft article
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
    other: list[CueGroup]
    article: list[CueGroup]
    offer: list[CueGroup]
    goods: list[CueGroup]
    contact: list[CueGroup]
    helpline: list[str]


KINDS = tuple(name for name in Cues.model_fields if name != "helpline")
GENRES = (
    GenreLabel.COMPLAINT,
    GenreLabel.EDUCATION,
    GenreLabel.NEWS,
    GenreLabel.LEGAL,
    GenreLabel.OTHER,
)


def find_genre(texts: Sequence[NormalText]) -> Genre:
    """The genre of an ad's texts together. Without any cue, short ones are slogans."""
    whole = "\n".join(text.text for text in texts)
    points = _points(whole)
    offer = points["offer"]
    reachable = points["contact"] + _numbers(texts)
    best = max(GENRES, key=lambda label: points[label.value])
    mine = points[best.value]
    if _is_soft(points, reachable, max(map(len, whole.split("\n")))):
        return Genre(GenreLabel.SOFT_ARTICLE, _sureness(offer + reachable, mine / 2))
    if mine >= (ENOUGH_BESIDE_OFFER if offer else ENOUGH) and mine >= OUTWEIGHS * (
        offer + reachable
    ):
        return Genre(best, _sureness(mine, offer))
    offered = offer + reachable + points["goods"]
    if offered >= OFFERED and (offer or points["other"] < points["goods"]):
        return Genre(GenreLabel.ADVERTISEMENT, _sureness(offered, mine))
    if 0 < len(whole.strip()) <= SLOGAN_LENGTH and not any(points.values()):
        return Genre(GenreLabel.ADVERTISEMENT, 0.5)
    return Genre(GenreLabel.OTHER, 0.5)


def _is_soft(points: dict[str, float], reachable: float, longest: int) -> bool:
    told = points["article"] + (points["news"] + points["education"]) / 2
    return (
        longest >= SOFT_PARAGRAPH
        and told >= SOFT_MARKS
        and reachable >= 1
        and points["offer"] >= 1
        and points["offer"] + reachable >= max(SOFT_OFFER, told / 2)
    )


def _points(text: str) -> dict[str, float]:
    """The points of each kind of cue: each group's occurrences times its weight."""
    groups, expressions = _table()
    places: dict[int, int] = {}
    for number, found in expressions.find(text).items():
        owner = groups[number]
        places[owner] = places.get(owner, 0) + len(found)
    points = dict.fromkeys(KINDS, 0.0)
    for number, seen in places.items():
        kind, group = _groups()[number]
        points[kind] += min(seen, group.most) * group.weight
    return points


def _numbers(texts: Sequence[NormalText]) -> float:
    """One point if a phone, link or account is given that is no public helpline."""
    for text in texts:
        for mask in text.masks:
            if mask.kind in CONTACTS and not _helpline().search(mask.span.of(text.text)):
                return 1.0
    return 0.0


def _sureness(mine: float, others: float) -> float:
    return round(min(0.5 + 0.5 * mine / (mine + others + 1), 0.99), 2)


@cache
def _groups() -> list[tuple[str, CueGroup]]:
    return [(kind, group) for kind in KINDS for group in getattr(_load_cues(), kind)]


@cache
def _table() -> tuple[list[int], Expressions]:
    """For each expression the number of its group; and the expressions."""
    owners = [
        (number, expression)
        for number, (_, group) in enumerate(_groups())
        for expression in group.any
    ]
    return [number for number, _ in owners], Expressions(text for _, text in owners)


@cache
def _helpline() -> re2._Regexp:
    return re2.compile("|".join(_load_cues().helpline))


@cache
def _load_cues() -> Cues:
    text = Path(__file__).with_name("genre_cues.yaml").read_text(encoding="utf-8")
    return Cues.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
