"""What the trained model makes of an ad as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class OperatingPoint(str, Enum):
    """How false alarms weigh against misses; the contract's two."""

    PREREVIEW = "prereview"  # recall first
    ARCHIVE = "archive"  # at most one false alarm in a thousand ads


class Sureness(str, Enum):
    """How sure it is that an ad breaks the law."""

    CLEAR = "clear"  # below both operating points
    DOUBT = "doubt"  # between them: a person must look
    SURE = "sure"  # above both


@dataclass(frozen=True)
class Verdict:
    """Calibrated probabilities, from the model and the rules' words together."""

    violation: float  # that the ad breaks any rule
    rules: Mapping[str, float]  # that it breaks each
    broken: frozenset[str]  # rules that count as broken, if the ad breaks any
    sureness: Sureness
    point: OperatingPoint

    @property
    def alarms(self) -> bool:
        """Whether anything is shown at this operating point."""
        if self.point is OperatingPoint.ARCHIVE:
            return self.sureness is Sureness.SURE
        return self.sureness is not Sureness.CLEAR

    def upholds(self, rule: str) -> bool:
        """Whether words of this rule are a finding."""
        return self.alarms and rule in self.broken
