"""Kinds of option value."""

from __future__ import annotations

from datetime import date

import click


class ChineseDate(click.ParamType[date]):
    """A day as 2026-11-25."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day. Fails with a Chinese sentence."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” 不是日期，应写成 2026-11-25 这样", param, ctx)
