"""The table of report formats. Each is imported only when asked for."""
# ruff: noqa: PLC0415 - rich, jinja2 and numpy must not cost `adscan --help` anything

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adscan.errors import SettingsError

if TYPE_CHECKING:  # the contract knows the records, which know numpy
    from adscan.report.format import Format


@dataclass(frozen=True)
class Look:
    """How a report is to look; formats take from it what concerns them."""

    width: int = 100  # terminal columns
    colour: bool = False
    verbose: bool = False


def _terminal(look: Look) -> Format:
    from adscan.report.formats.terminal import Terminal

    return Terminal(width=look.width, colour=look.colour, verbose=look.verbose)


def _json(look: Look) -> Format:
    from adscan.report.formats.json import Json

    return Json()


def _jsonl(look: Look) -> Format:
    from adscan.report.formats.jsonl import JsonLines

    return JsonLines()


def _html(look: Look) -> Format:
    from adscan.report.formats.html import Html

    return Html()


def _sarif(look: Look) -> Format:
    from adscan.report.formats.sarif import Sarif

    return Sarif()


def _csv(look: Look) -> Format:
    from adscan.report.formats.csv import Csv

    return Csv()


def _xlsx(look: Look) -> Format:
    from adscan.report.formats.xlsx import Xlsx

    return Xlsx()


_FORMATS: dict[str, Callable[[Look], Format]] = {
    "terminal": _terminal,
    "json": _json,
    "jsonl": _jsonl,
    "html": _html,
    "sarif": _sarif,
    "csv": _csv,
    "xlsx": _xlsx,
}

NAMES = tuple(_FORMATS)
BINARY = frozenset({"xlsx"})  # bytes that no terminal can show


def load_format(
    name: str, *, width: int = 100, colour: bool = False, verbose: bool = False
) -> Format:
    """The format of that name. Raises SettingsError for a name not in NAMES."""
    if name not in _FORMATS:
        raise SettingsError(f"没有名为 {name} 的报告格式", hint=f"可选：{'、'.join(NAMES)}")
    return _FORMATS[name](Look(width, colour, verbose))
