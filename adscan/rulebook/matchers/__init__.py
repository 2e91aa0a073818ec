"""The ways of matching, by the `kind` of an entry."""

from __future__ import annotations

from adscan.rulebook.matcher import Matcher
from adscan.rulebook.matchers.absent import AbsentMatcher
from adscan.rulebook.matchers.label import LabelMatcher
from adscan.rulebook.matchers.legibility import LegibilityMatcher
from adscan.rulebook.matchers.nearby import NearbyMatcher
from adscan.rulebook.matchers.number import NumberMatcher
from adscan.rulebook.matchers.pattern import PatternMatcher
from adscan.rulebook.matchers.phrase import PhraseMatcher
from adscan.rulebook.schema import (
    AbsentEntry,
    AnyEntry,
    LabelEntry,
    LegibilityEntry,
    NearbyEntry,
    NumberEntry,
    PatternEntry,
    PhraseEntry,
)


def matcher_for(entry: AnyEntry) -> Matcher:
    """The matcher that carries out an entry."""
    match entry:
        case PhraseEntry():
            return PhraseMatcher(entry)
        case PatternEntry():
            return PatternMatcher(entry)
        case NearbyEntry():
            return NearbyMatcher(entry)
        case AbsentEntry():
            return AbsentMatcher(entry)
        case NumberEntry():
            return NumberMatcher(entry)
        case LegibilityEntry():
            return LegibilityMatcher(entry)
        case LabelEntry():
            return LabelMatcher(entry)
