"""Kinds of option value."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar

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


class Bytes(click.ParamType[int]):
    """A size such as 6G or 800M."""

    name = "size"
    units: ClassVar = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Bytes. Fails with a Chinese sentence."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT])i?B?", str(value), re.IGNORECASE)
        if found is None:
            self.fail(f"“{value}” 不是内存大小，应写成 6G 或 800M 这样", param, ctx)
        return int(float(found.group(1)) * self.units[found.group(2).upper()])


class Columns(click.ParamType["dict[str, str]"]):
    """Pairs as text=正文,published=投放日期."""

    name = "columns"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, str]:
        """Our names and the table's. Fails with a Chinese sentence."""
        pairs = [pair.partition("=") for pair in str(value).split(",") if pair.strip()]
        if not pairs or not all(ours.strip() and theirs.strip() for ours, _, theirs in pairs):
            self.fail(f"“{value}” 应写成 text=正文,published=投放日期 这样", param, ctx)
        return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}


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
