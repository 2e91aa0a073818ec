"""What an input may cost, checked before the cost arises."""

from __future__ import annotations

from adscan.errors import TooLarge
from adscan.settings import Limits


def check(what: str, found: float, unit: str, limits: Limits, setting: str) -> None:
    """Raise TooLarge if `found` is above the limit named `setting`; says both numbers."""
    limit = getattr(limits, setting)
    if found > limit:
        raise TooLarge(
            f"{what}有 {_figure(found, unit)}，超过上限 {_figure(limit, unit)}",
            hint=f"请缩小或拆分后再检查，或调大设置 ADSCAN_LIMITS__{setting.upper()}",
        )


def _figure(value: float, unit: str) -> str:
    if unit == "字节" and value >= 1_000_000:
        return f"{value / 1_000_000:,.1f} MB"
    return f"{value:,.0f} {unit}"
