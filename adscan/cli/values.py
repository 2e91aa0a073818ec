"""Kinds of option value."""

from __future__ import annotations

from datetime import date

import click

from adscan.permits.places import code_of


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


class ChinesePlace(click.ParamType[str]):
    """A place by its Chinese name; its code."""

    name = "place"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The code of the place. Fails with a Chinese sentence."""
        code = code_of(str(value))
        if code is None:
            self.fail(
                f"“{value}” 不是省、市、县的名称，应写成 浙江省 或 浙江省温州市 这样", param, ctx
            )
        return code
