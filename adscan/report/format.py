"""The contract of a report format: cases into text or bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from adscan.records.review import Case


class Format(Protocol):
    """Renders reviews, one after the other, without holding them all."""

    def render(self, cases: Iterable[Case]) -> Iterator[str | bytes]:
        """The report in pieces, in order: all text or all bytes.

        No case gives a valid, empty report.
        """
        ...
