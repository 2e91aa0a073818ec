"""How a permit stands on a day, in one word: for lists and pages. What it allows is check.py's."""

from __future__ import annotations

from datetime import date
from enum import Enum

from adscan.records.permit import PermitLine, PermitState


class Standing(str, Enum):
    """How a permit stands."""

    ACTIVE = "active"
    NOT_YET = "not_yet"  # begins later
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNLISTED = "unlisted"  # a complete list no longer has it


WORDS = {
    Standing.ACTIVE: "有效",
    Standing.NOT_YET: "尚未生效",
    Standing.SUSPENDED: "中止、暂停",
    Standing.REVOKED: "吊销",
    Standing.CANCELLED: "注销",
    Standing.EXPIRED: "已过期",
    Standing.UNLISTED: "名录中已没有",
}
_ENDED = {
    PermitState.SUSPENDED: Standing.SUSPENDED,
    PermitState.REVOKED: Standing.REVOKED,
    PermitState.CANCELLED: Standing.CANCELLED,
}


def standing(line: PermitLine, day: date) -> Standing:
    """How the permit stands on a day."""
    begun = line.state_since is None or line.state_since <= day
    if line.state in _ENDED and begun:
        return _ENDED[line.state]
    if line.valid_to and line.valid_to < day:
        return Standing.EXPIRED
    if line.listed_until and line.listed_until <= day:
        return Standing.UNLISTED
    if line.valid_from and day < line.valid_from:
        return Standing.NOT_YET
    return Standing.ACTIVE
