"""The normalising chain: a part's text into the text that rules are matched on."""

from __future__ import annotations

from collections.abc import Iterable

from adscan.normalise.step import Step
from adscan.normalise.steps.invisible import INVISIBLE
from adscan.normalise.steps.script import SCRIPT
from adscan.normalise.steps.width import WIDTH
from adscan.records.part import Part
from adscan.records.text import NormalText, OffsetMap

# Width first: it makes blanks and characters out of forms the other two do not know.
STEPS: tuple[Step, ...] = (WIDTH, INVISIBLE, SCRIPT)


def unify(text: str) -> tuple[str, OffsetMap]:
    """The text in one script and width, visible only, with the way back to `text`."""
    offsets = OffsetMap.identity(len(text))
    for step in STEPS:
        text, step_offsets = step.apply(text)
        offsets = step_offsets.after(offsets)
    return text, offsets


class Normaliser:
    """Normalises parts for one rulebook."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.terms = frozenset(terms)

    def normalise(self, part: Part) -> NormalText:
        """The part's text as the rules read it; an unread part gives an empty text."""
        text, offsets = unify(part.text)
        return NormalText(part_id=part.id, text=text, offsets=offsets)
