"""JSON lines: one review a line, written as soon as it is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adscan.records.review import Case
from adscan.report.document import as_document, as_json


class JsonLines:
    """One compact JSON object and a line end for each case; no case, no line."""

    def render(self, cases: Iterable[Case]) -> Iterator[str]:
        """A line a case."""
        for case in cases:
            yield f"{as_json(as_document(case.review))}\n"
