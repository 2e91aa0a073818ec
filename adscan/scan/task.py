"""What a worker is asked and what it answers; both travel between processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adscan.records.ad import Placement, Source

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]  # by table, as tables.py has their columns


@dataclass(frozen=True)
class Task:
    """One review to make: of an ad's files, or of what was read of them before."""

    number: int  # of the task, in the order they were given out
    name: str  # of the ad
    placement: Placement
    reading_id: str
    review_id: str
    sources: tuple[Source, ...] = ()
    title: str | None = None  # as the archive says
    stored: Rows | None = None  # its rows of `readings` and `parts`; None: `sources` must be read
    pictures: bool = False  # it needs OCR: slow


@dataclass(frozen=True)
class Outcome:
    """The answer to one task."""

    number: int
    review: Row  # columns of `ads` that the review settles
    rows: Rows = field(default_factory=dict)  # `findings`, and `readings` and `parts` if read anew
