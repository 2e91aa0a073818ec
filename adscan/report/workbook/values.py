"""Cells that are words in a table but more than words in a workbook: days and percentages."""

from __future__ import annotations

from adscan.report import wording


class Day(str):
    """A day as `2026-11-25`; a workbook holds it as a date."""

    __slots__ = ()


class Percent(str):
    """A whole percentage as `98%`; a workbook holds it as a number, so that both say the same."""

    __slots__ = ()

    @classmethod
    def of(cls, share: float) -> Percent:
        """A share of 0 to 1, rounded as people read it everywhere."""
        return cls(wording.percent(share))
