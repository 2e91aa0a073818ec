"""The contract's exit codes of reviews."""

from __future__ import annotations

from collections.abc import Iterable

from adscan.judge.policy import ORDER
from adscan.records.rule import Decision

FAILED = 1
UNREADABLE = 3


def exit_code(decisions: Iterable[Decision], fail_on: Decision) -> int:
    """3 if an input was lost, else 1 if something is at or above `fail_on`, else 0."""
    found = set(decisions)
    if Decision.ERROR in found:
        return UNREADABLE
    return FAILED if any(ORDER.index(one) >= ORDER.index(fail_on) for one in found) else 0
