"""What an ad promotes: activities of the permit table, with confidence and places.

The table of words is activities.yaml. Several activities may hold at once. Words under a negation,
a warning or in a quotation promote nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from adscan.language.expressions import Expressions
from adscan.language.negation import is_negated
from adscan.language.quotation import is_in_title, is_quoted
from adscan.records.circumstances import KNOWN_FROM
from adscan.records.permit import Activity, ActivityPlace
from adscan.records.text import NormalText, Span

# Share of the doubt that is left after one more word; set so that one sure word gives 0.8, one
# hint stays below the 0.6 from which a product counts as known, and two different ones reach it.
SURE_DOUBT = 0.2
HINT_DOUBT = 0.6
CONTEXT_DOUBT = 0.6  # beside a hint only
COUNTED = 3  # different words of a kind that count; a fourth adds nothing
YIELDED = 0.5  # the most that is left to an activity that yields to a known one


class ActivityWords(BaseModel):
    """The words of one activity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str  # Chinese, for reports
    sure: list[str]
    hint: list[str] = []
    context: list[str] = []
    not_: list[str] = []
    unless: list[str] = []
    yields: list[str] = []


ROLES = ("sure", "hint", "context", "not_", "unless")


@dataclass
class _Found:
    """What of an activity's words stands in the ad."""

    places: dict[str, list[ActivityPlace]] = field(default_factory=dict)  # by role
    words: dict[str, set[str]] = field(default_factory=dict)  # by role, different ones

    def add(self, role: str, place: ActivityPlace, word: str) -> None:
        self.places.setdefault(role, []).append(place)
        self.words.setdefault(role, set()).add(word)

    def confidence(self) -> float:
        sure = len(self.words.get("sure", ()))
        hints = 0 if "unless" in self.places else len(self.words.get("hint", ()))
        doubt = SURE_DOUBT ** min(sure, COUNTED) * HINT_DOUBT ** min(hints, COUNTED)
        if hints and "context" in self.places:
            doubt *= CONTEXT_DOUBT
        return round(1 - doubt, 3)


def find_activities(texts: Sequence[NormalText]) -> tuple[Activity, ...]:
    """The activities named in an ad's texts, surest first; none gives an empty tuple."""
    found: dict[str, _Found] = {}
    for text in texts:
        for activity_id, role, span, word in _promoted_words(text):
            place = ActivityPlace(text.part_id, span)
            found.setdefault(activity_id, _Found()).add(role, place, word)
    confidences = {activity_id: words.confidence() for activity_id, words in found.items()}
    activities = [
        Activity(
            activity_id,
            load_activities()[activity_id].name,
            _yielding(activity_id, confidences),
            tuple(sorted({*words.places.get("sure", ()), *words.places.get("hint", ())})),
        )
        for activity_id, words in found.items()
        if confidences[activity_id] > 0
    ]
    return tuple(sorted(activities, key=lambda activity: (-activity.confidence, activity.id)))


def _yielding(activity_id: str, confidences: Mapping[str, float]) -> float:
    others = load_activities()[activity_id].yields
    if any(confidences.get(other, 0) >= KNOWN_FROM for other in others):
        return min(confidences[activity_id], YIELDED)
    return confidences[activity_id]


def _promoted_words(text: NormalText) -> Iterator[tuple[str, str, Span, str]]:
    """Activity, role, place and word of all that stands in a text and promotes something."""
    roles, expressions = _table()
    barred: dict[str, list[Span]] = {}
    matches = []
    for number, places in expressions.find(text.masked).items():
        activity_id, role = roles[number]
        if role == "not_":
            barred.setdefault(activity_id, []).extend(places)
        else:
            matches.append((activity_id, role, number, places))
    known: dict[Span, bool] = {}
    for activity_id, role, number, places in matches:
        for span in places:
            if any(span.overlaps(other) for other in barred.get(activity_id, ())):
                continue
            if role in ("sure", "hint"):
                if span not in known:
                    known[span] = _promoted(text, span)
                if not known[span]:
                    continue
            word = span.of(text.masked) if role == "sure" else str(number)
            yield activity_id, role, span, word


def _promoted(text: NormalText, span: Span) -> bool:
    words = text.text
    return not (is_in_title(words, span) or is_quoted(words, span) or is_negated(words, span))


@cache
def _table() -> tuple[list[tuple[str, str]], Expressions]:
    """For each expression its activity and role; and the expressions."""
    owners = [
        (activity_id, role, expression)
        for activity_id, words in load_activities().items()
        for role in ROLES
        for expression in getattr(words, role)
    ]
    return [(owner, role) for owner, role, _ in owners], Expressions(text for *_, text in owners)


@cache
def load_activities() -> dict[str, ActivityWords]:
    """The table as written beside this module, in its order."""
    text = Path(__file__).with_name("activities.yaml").read_text(encoding="utf-8")
    table = yaml.load(text, Loader=yaml.CSafeLoader)
    return {
        activity_id: ActivityWords(
            **{"not_" if key == "not" else key: value for key, value in words.items()}
        )
        for activity_id, words in table.items()
    }
