"""A text cut into windows that the encoder can take, each led by the beginning of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adscan.records.text import Span

# Pieces of a window, marks included: nine posts in ten fit into one.
SIZE = 256
CONTEXT = 24  # pieces of the text's beginning, most often its title, that later windows bring along
OVERLAP = 48  # pieces that two neighbours share, so that no sentence is seen without its own

BEGIN, END = 0, 2  # ids of <s> and </s>


@dataclass(frozen=True)
class Window:
    """Pieces of a text. `spans` are their places, None for marks and for the context."""

    ids: tuple[int, ...]
    spans: tuple[Span | None, ...]


def cut(ids: Sequence[int], offsets: Sequence[tuple[int, int]]) -> Iterator[Window]:
    """The windows of a text's pieces, given without marks; a text without any gives one of marks.

    `offsets` are each piece's first and last code point (not included).
    """
    places = [Span(start, end) for start, end in offsets]
    if len(ids) <= SIZE - 2:
        yield Window((BEGIN, *ids, END), (None, *places, None))
        return
    body = SIZE - CONTEXT - 4  # <s> context </s> </s> body </s>
    step = body - OVERLAP
    for at in range(0, len(ids) - OVERLAP, step):
        taken = slice(at, at + body)
        head = (BEGIN, *ids[:CONTEXT], END, END)
        yield Window((*head, *ids[taken], END), (*(None for _ in head), *places[taken], None))
