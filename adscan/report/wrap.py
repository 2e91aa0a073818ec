"""Line breaking for Chinese on a terminal: between any two characters, but for the usual marks."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_NOT_FIRST = frozenset("，。、；：！？）》」』】〕”’…·%％),.;:!?]}")
_NOT_LAST = frozenset("（《「『【〔“‘([{")


class Paragraphs:
    """Text that fills its width; rich alone breaks only at blanks."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for paragraph in self._text.split("\n", allow_blank=True):
            at = list(breaks(paragraph.plain, options.max_width))
            for line in paragraph.divide(at):
                line.rstrip()
                line.no_wrap = True
                yield line

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        longest = max(cell_len(line) for line in self._text.plain.split("\n"))
        return Measurement(min(2, longest), min(longest, options.max_width))


def breaks(text: str, width: int) -> Iterator[int]:
    """Offsets at which a new line begins, so that each fits `width` columns."""
    start = used = 0
    for at, character in enumerate(text):
        cells = cell_len(character)
        if used + cells > width and at > start:
            cut = _allowed(text, start, at)
            yield cut
            start, used = cut, cell_len(text[cut:at])
        used += cells


def _allowed(text: str, start: int, at: int) -> int:
    """The last good place for a break up to `at`; `at` itself if there is none near."""
    for cut in range(at, max(start, at - 16), -1):
        if _may_break(text, cut):
            return cut
    return at


def _may_break(text: str, at: int) -> bool:
    last, first = text[at - 1], text[at]
    if first in _NOT_FIRST or last in _NOT_LAST or first == " ":
        return False
    if last == " ":
        return not _counts(text[at - 2 : at - 1], first)
    return not (last.isascii() and first.isascii())


def _counts(before: str, after: str) -> bool:
    """Whether a blank joins a number to its word: `第 3 行` and `12 项` stay whole."""
    if before.isascii() == after.isascii():
        return False
    return (before.isdigit() and after.isalpha()) or (before.isalpha() and after.isdigit())
