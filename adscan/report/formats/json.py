"""One JSON text: the review itself for one ad, an array of reviews for none or several.

A program that must not care how many ads there were reads `jsonl`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adscan.records.review import Case
from adscan.report.document import as_document, as_json


class Json:
    """Indented JSON; holds one review at a time."""

    def render(self, cases: Iterable[Case]) -> Iterator[str]:
        """The object or the array, in pieces."""
        reviews = (as_json(as_document(case.review), indent=2) for case in cases)
        first = next(reviews, None)
        if first is None:
            yield "[]\n"
            return
        second = next(reviews, None)
        if second is None:
            yield f"{first}\n"
            return
        yield f"[\n{first}"
        yield f",\n{second}"
        for review in reviews:
            yield f",\n{review}"
        yield "\n]\n"
