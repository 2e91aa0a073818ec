"""The two sides of a comparison, and their pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adscan.records.ad import Pixels
from adscan.scan.likeness import picture_hash

Document = dict[str, Any]

HASH_BITS = 64


def _no_picture(_: str) -> Pixels | None:
    return None


@dataclass(frozen=True)
class Side:
    """One state of an ad."""

    parts: Sequence[Document]  # the contract's
    picture: Callable[[str], Pixels | None] = _no_picture  # by part id
    # Units of polygons for one pixel of `picture`, by part id; 1 if not given.
    units_per_pixel: Mapping[str, float] = field(default_factory=dict)
    fingerprint: str = ""  # of words and files; empty: unknown
    unread: Sequence[str] = ()  # what the review says could not be read, in Chinese
    hashes: Mapping[str, str] = field(default_factory=dict)  # SHA-256 of the picture by part id

    @property
    def may_hold_more(self) -> bool:
        """Whether something in it could not be read: what is not found may be there."""
        return bool(self.unread) or any(part.get("unread") for part in self.parts)


class Pictures:
    """A side's pictures and their hashes."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._hashes: dict[str, str | None] = {}

    def pixels(self, part_id: str) -> Pixels | None:
        """Read anew each time: long ads have many, and memory is short."""
        return self._side.picture(part_id)

    def hash(self, part_id: str) -> str | None:
        """The perceptual hash, reckoned once."""
        if part_id not in self._hashes:
            pixels = self.pixels(part_id)
            self._hashes[part_id] = None if pixels is None else picture_hash(pixels)
        return self._hashes[part_id]


def likeness(one: str | None, two: str | None) -> float | None:
    """Of two pictures by their hashes, 0 to 1; None: not both have one."""
    if one is None or two is None:
        return None
    apart = bin(int(one, 16) ^ int(two, 16)).count("1")
    return max(0.0, 1 - 2 * apart / HASH_BITS)
