"""What is known of an ad beside its words: rules may depend on it, and never guess it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from adscan.records.text import Span

# From this confidence an activity counts as what the ad promotes; one naming word gives 0.8.
KNOWN_FROM = 0.6


@dataclass(frozen=True)
class LineLook:
    """How a line of a picture or page looks."""

    height: float  # of its characters, in the part's units (pixels or points)
    measure_contrast: Callable[[], float]  # WCAG ratio of letters to ground, 1 to 21; costs pixels


class LineLooks(Protocol):
    """How the lines of parts look."""

    def over(self, part_id: str, span: Span) -> Sequence[tuple[Span, LineLook]]:
        """Lines that a span of the part's text touches, where known: their place, their look."""
        ...


class Looks(Protocol):
    """How lines look; asked for only where a rule needs it."""

    def at(self, part_id: str, span: Span) -> Sequence[LineLook]:
        """The looks of the lines over which a span of a part's NormalText runs, where known."""
        ...


class UnknownLooks:
    """Nothing is known of how lines look."""

    def at(self, part_id: str, span: Span) -> Sequence[LineLook]:
        """Nothing."""
        return ()


@dataclass(frozen=True)
class Circumstances:
    """The day, and whatever else could be found out."""

    day: date
    products: frozenset[str] = frozenset()  # activity ids the ad surely promotes; empty: unknown
    medium: str | None = None
    hidden: frozenset[str] = frozenset()  # ids of parts whose words a reader cannot see
    looks: Looks = field(default_factory=UnknownLooks)
    thresholds: Mapping[str, float] = field(default_factory=dict)
