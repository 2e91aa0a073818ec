"""What an ad promotes: activities of the permit table, with confidence and places.

The table of words is activities.yaml. Several activities may hold at once. Words under a negation,
a warning or in a quotation promote nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import re2
import yaml
from pydantic import BaseModel, ConfigDict

from adscan.language.negation import is_negated
from adscan.language.quotation import is_in_title, is_quoted
from adscan.records.permit import Activity, ActivityPlace
from adscan.records.text import NormalText, Span

# Share of the doubt that is left after one more word; set so that one sure word gives 0.8, two
# hints together stay below the 0.6 from which a product counts as known.
SURE_DOUBT = 0.2
HINT_DOUBT = 0.65
COUNTED = 3  # words of a kind that count; the tenth mention adds nothing


class ActivityWords(BaseModel):
    """The words of one activity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str  # Chinese, for reports
    sure: list[str]
    hint: list[str] = []
    not_: list[str] = []


def find_activities(texts: Sequence[NormalText]) -> tuple[Activity, ...]:
    """The activities named in an ad's texts, surest first; none gives an empty tuple."""
    found = []
    for activity_id, words in load_activities().items():
        sure = list(_places(texts, words.sure, words.not_))
        hints = list(_places(texts, words.hint, words.not_))
        doubt = SURE_DOUBT ** min(len(sure), COUNTED) * HINT_DOUBT ** min(len(hints), COUNTED)
        if sure or hints:
            places = tuple(sorted({*sure, *hints}))
            found.append(Activity(activity_id, words.name, round(1 - doubt, 3), places))
    return tuple(sorted(found, key=lambda activity: (-activity.confidence, activity.id)))


def _places(
    texts: Sequence[NormalText], expressions: Sequence[str], excluded: Sequence[str]
) -> Iterator[ActivityPlace]:
    for text in texts:
        barred = [span for expression in excluded for span in _spans(expression, text)]
        for expression in expressions:
            for span in _spans(expression, text):
                if not any(span.overlaps(other) for other in barred) and _promoted(text, span):
                    yield ActivityPlace(text.part_id, span)


def _spans(expression: str, text: NormalText) -> Iterator[Span]:
    for match in _compiled(expression).finditer(text.masked):
        yield Span(*match.span())


def _promoted(text: NormalText, span: Span) -> bool:
    words = text.text
    return not (is_in_title(words, span) or is_quoted(words, span) or is_negated(words, span))


@cache
def _compiled(expression: str) -> re2._Regexp:
    return re2.compile(expression)


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
