"""The hand-written tables of disguises (`lookalikes.yaml`), ready to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from adscan.records.text import Trick

_SECTIONS = (
    ("sounds", Trick.HOMOPHONE),
    ("lookalikes", Trick.LOOKALIKE),
    ("digits_and_emoji", Trick.DIGITS_AND_EMOJI),
    ("letters", Trick.PINYIN),
)


@dataclass(frozen=True)
class Tables:
    """What is written for what."""

    tricks: Mapping[tuple[str, str], Trick]  # (written, meant); shape wins over sound
    same: tuple[tuple[str, ...], ...]  # whole expressions; the first is a term's way of writing
    radicals: Mapping[str, str]  # a component in full: its forms as part of a character
    splits: Mapping[str, tuple[str, ...]]  # a character: its parts, side by side
    everyday: frozenset[str]  # characters that are words by themselves
    ordinary: frozenset[str]  # words that share sounds, shapes or seams with terms


@cache
def load_tables() -> Tables:
    """The tables shipped with adscan."""
    source = files("adscan.normalise").joinpath("lookalikes.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return Tables(
        tricks=dict(_pairs(data)),
        same=tuple(tuple(str(item) for item in group) for group in data["same"]),
        radicals=data["radicals"],
        splits={meant: tuple(parts) for meant, parts in data["splits"].items()},
        everyday=frozenset(data["everyday"]) - {" "},
        ordinary=frozenset(data["ordinary"].split()),
    )


def _pairs(data: dict[str, Any]) -> Iterator[tuple[tuple[str, str], Trick]]:
    """Every (written, meant) of the four character tables, in the order of the sections."""
    for section, trick in _SECTIONS:
        for meant, written in data[section].items():
            for character in written:
                yield (character, meant), trick
