"""The service's clock."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> datetime:
    """The time, aware."""
    return datetime.now(timezone.utc)
