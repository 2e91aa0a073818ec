"""The answer to: may this advertiser promote this?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from adscan.records.text import Span


class PermitStatus(str, Enum):
    """The contract's statuses."""

    COVERED = "covered"
    OUT_OF_SCOPE = "out_of_scope"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    NOT_IN_REGISTER = "not_in_register"
    AMBIGUOUS = "ambiguous"
    BANNED = "banned"
    NO_PUBLIC_PROMOTION = "no_public_promotion"
    NO_REGISTER = "no_register"
    NOT_REQUIRED = "not_required"


@dataclass(frozen=True, order=True)
class ActivityPlace:
    """Words that name an activity, in a part's NormalText."""

    part_id: str
    span: Span


@dataclass(frozen=True)
class Activity:
    """A business that the advertisement promotes."""

    id: str  # as in the permit table: fund_sales, deposit, …
    name: str  # Chinese
    confidence: float
    places: tuple[ActivityPlace, ...]


@dataclass(frozen=True)
class PermitCheck:
    """The permit verdict of one advertisement."""

    status: PermitStatus
    advertiser: str | None
    activities: tuple[Activity, ...] = ()
