"""The contract of an input: one kind of archive to its advertisements, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from adscan.scan.entry import Entry
from adscan.settings import Limits


@dataclass(frozen=True)
class InputOptions:
    """How archives are to be read."""

    limits: Limits
    columns: Mapping[str, str] = field(default_factory=dict)  # our name to the archive's column
    image_root: Path | None = None  # where picture paths of tables begin; None: beside the table


class Place(Protocol):
    """A file that holds advertisements: on disk, or inside an archive."""

    @property
    def name(self) -> str:
        """As shown to the user."""
        ...

    def open(self) -> BinaryIO:
        """Its bytes as a stream, from the beginning. Raises InputError."""
        ...

    def __hash__(self) -> int: ...


class Input(Protocol):
    """Reads one kind of archive."""

    def __call__(self, place: Place, options: InputOptions) -> Iterator[Entry]:
        """Its ads in the archive's order; the same archive gives the same names in the same order.

        Nothing that grows with the number of ads is held. What is wrong with one ad is that ad's
        `trouble`; an archive that ends too early gives a last entry with `trouble` that says what
        was lost.

        Raises SetupError before the first entry if it cannot be read at all.
        """
        ...
