"""What two texts say differently, in words and phrases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import ratio

from adscan.web.comparing.streams import Document, Stream, Token, in_order_of

Block = tuple[int, int, int, int]  # tokens of before from, to; of after from, to

MOST_CELLS = 400_000_000  # bits of the table that the exact comparison takes: 50 MB
STOPS = "。！？；!?;"
SIGNS = STOPS + ",，、:：()（）\"'"
LEAD, TRAIL = 8, 4  # characters around a change that make it understood


@dataclass(frozen=True)
class Stretch:
    """One side of a change."""

    text: str
    start: int  # code points of the part's text
    end: int
    line: int | None  # from 1; None: this side has nothing
    polygons: tuple[list[list[float]], ...]  # of the lines it touches
    quote: str  # with a few words around
    unsure: bool  # read from lines that are not sure

    def document(self) -> Document:
        """As JSON."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "line": self.line,
            "polygons": [*self.polygons],
        }


@dataclass(frozen=True)
class TextChange:
    """Words that were replaced, removed or added."""

    before: Stretch
    after: Stretch

    @property
    def unsure(self) -> bool:
        """Whether it may be nothing but a poor reading of one side."""
        return self.before.unsure or self.after.unsure


@dataclass(frozen=True)
class TextDifference:
    """All changes of one text, and both texts in one."""

    runs: tuple[Document, ...]  # {text, kind: same | removed | added, change: index or None}
    changes: tuple[TextChange, ...]


def compare_texts(before: Document, after: Document) -> TextDifference:
    """The difference of two parts of the contract. See streams.py for what is no difference."""
    old, new = Stream.of(before), Stream.of(after)
    if old.is_ocr and new.is_ocr:
        new = in_order_of(new, old)
    blocks = list(changed_blocks([t.key for t in old.tokens], [t.key for t in new.tokens]))
    blocks = [piece for block in blocks for piece in _by_lines(old, new, block)]
    changes = tuple(TextChange(_stretch(old, a, b), _stretch(new, c, d)) for a, b, c, d in blocks)
    return TextDifference(tuple(_runs(old, new, blocks)), changes)


def _by_lines(old: Stream, new: Stream, block: Block) -> Iterator[Block]:
    """A line reworded and others next to it gone (or come) are different changes."""
    a, b, c, d = block
    old_lines, new_lines = _line_ranges(old, a, b), _line_ranges(new, c, d)
    if len(old_lines) > 1 and len(new_lines) == 1:
        start, end = _likest(old, old_lines, new, new_lines[0])
        pieces = [(a, start, c, c), (start, end, c, d), (end, b, d, d)]
    elif len(new_lines) > 1 and len(old_lines) == 1:
        start, end = _likest(new, new_lines, old, old_lines[0])
        pieces = [(a, a, c, start), (a, b, start, end), (b, b, end, d)]
    else:
        pieces = [block]
    yield from (one for one in pieces if one[0] < one[1] or one[2] < one[3])


def _line_ranges(stream: Stream, start: int, end: int) -> list[tuple[int, int]]:
    """The tokens from `start` to `end`, line by line."""
    cuts = [
        at for at in range(start + 1, end)
        if "\n" in _gap(stream, stream.tokens[at - 1], stream.tokens[at])
    ]  # fmt: skip
    return list(pairwise([start, *cuts, end])) if start < end else []


def _likest(
    many: Stream, ranges: Sequence[tuple[int, int]], one: Stream, only: tuple[int, int]
) -> tuple[int, int]:
    """Which of the lines the only line of the other side was; the first if none is like it."""
    words = "".join(token.key for token in one.tokens[slice(*only)])

    def alike(place: tuple[int, int]) -> float:
        return ratio("".join(token.key for token in many.tokens[slice(*place)]), words)

    return max(ranges, key=alike)


def changed_blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[Block]:
    """Where the two differ, in order; changes with next to nothing between them are one."""
    merged: list[Block] = []
    for a, b, c, d in _raw_blocks(before, after):
        if merged and _belong_together(merged[-1], (a, b, c, d), before):
            merged[-1] = (merged[-1][0], b, merged[-1][2], d)
        else:
            merged.append((a, b, c, d))
    yield from merged


def _belong_together(one: Block, two: Block, before: Sequence[str]) -> bool:
    """What is the same between two changes is chance if it is no longer than either of them."""
    between = "".join(before[one[1] : two[0]])
    if any(stop in between for stop in STOPS):
        return False
    least = min(max(b - a, d - c) for a, b, c, d in (one, two))
    return len(between) <= 1 or len(between) <= min(least, 4)


def _raw_blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[Block]:
    """Sentence by sentence first: exact comparison of long texts would take too much memory."""
    old, new = _sentences(before), _sentences(after)
    matcher = SequenceMatcher(None, [s for s, _ in old], [s for s, _ in new], autojunk=False)
    old_ends = [0, *(end for _, end in old)]
    new_ends = [0, *(end for _, end in new)]
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        from_a, to_a, from_c, to_c = old_ends[a], old_ends[b], new_ends[c], new_ends[d]
        if (to_a - from_a) * (to_c - from_c) > MOST_CELLS:
            yield from_a, to_a, from_c, to_c
            continue
        exact = Indel.opcodes(before[from_a:to_a], after[from_c:to_c])
        yield from _joined(map(tuple, exact), from_a, from_c)


def _joined(opcodes: Iterable[tuple[Any, ...]], a0: int, c0: int) -> Iterator[Block]:
    """A removal with the insertion next to it is one block."""
    last: Block | None = None
    for tag, a, b, c, d in opcodes:
        if tag == "equal":
            continue
        if last is not None and last[1] == a + a0 and last[3] == c + c0:
            last = (last[0], b + a0, last[2], d + c0)
            continue
        if last is not None:
            yield last
        last = (a + a0, b + a0, c + c0, d + c0)
    if last is not None:
        yield last


def _sentences(tokens: Sequence[str]) -> list[tuple[tuple[str, ...], int]]:
    """Each sentence with where it ends."""
    found, start = [], 0
    for at, token in enumerate(tokens, start=1):
        if token in STOPS or at == len(tokens):
            found.append((tuple(tokens[start:at]), at))
            start = at
    return found


def _stretch(stream: Stream, start: int, end: int) -> Stretch:
    tokens = stream.tokens
    if start == end:
        at = tokens[start].start if start < len(tokens) else len(stream.text)
        return Stretch("", at, at, None, (), "", False)
    chosen = tokens[start:end]
    lines = [stream.lines[at] for at in dict.fromkeys(t.line for t in chosen) if at >= 0]
    return Stretch(
        text="".join(_words(stream, chosen)).strip(),
        start=min(token.start for token in chosen),
        end=max(token.end for token in chosen),
        line=stream.text.count("\n", 0, chosen[0].start) + 1,
        polygons=tuple(line.polygon for line in lines if line.polygon),
        quote=_quote(stream, start, end),
        unsure=any(line.unsure for line in lines),
    )


def _quote(stream: Stream, start: int, end: int) -> str:
    """The words with what stands around them in the same line and clause."""
    tokens, first, last = stream.tokens, start, end
    while first > 0 and _goes_on(stream, tokens[first - 1], tokens[first], tokens[start], LEAD):
        first -= 1
    while last < len(tokens) and _goes_on(
        stream, tokens[last], tokens[last - 1], tokens[end - 1], TRAIL
    ):
        last += 1
    return "".join(_words(stream, tokens[first:last])).strip()


def _goes_on(stream: Stream, token: Token, beside: Token, edge: Token, most: int) -> bool:
    low, high = sorted((token, beside), key=lambda one: one.start)
    is_far = max(abs(edge.start - token.start), abs(token.end - edge.end)) > most
    return not is_far and token.key not in SIGNS and "\n" not in stream.text[low.end : high.start]


def _words(stream: Stream, tokens: Sequence[Token]) -> Iterator[str]:
    """The tokens as written, with the blanks between those that follow each other."""
    for at, token in enumerate(tokens):
        yield stream.text[token.start : token.end]
        if at + 1 < len(tokens):
            yield _gap(stream, token, tokens[at + 1])


def _gap(stream: Stream, token: Token, following: Token) -> str:
    """What was written between; a line end where lines were put in another order."""
    gap = stream.text[token.end : following.start]
    return gap if token.end <= following.start and not gap.strip() else "\n"


def _runs(old: Stream, new: Stream, blocks: Sequence[Block]) -> Iterator[Document]:
    at_new = 0
    for index, (a, b, c, d) in enumerate(blocks):
        yield from _run(new, at_new, c, "same", None)
        removed = list(_run(old, a, b, "removed", index))
        if c < d:  # the line end is that of the words that came instead
            removed = [{**run, "text": run["text"].rstrip()} for run in removed]
        yield from removed
        yield from _run(new, c, d, "added", index)
        at_new = d
    yield from _run(new, at_new, len(new.tokens), "same", None)


def _run(stream: Stream, start: int, end: int, kind: str, change: int | None) -> Iterator[Document]:
    if start == end:
        return
    text = "".join(_words(stream, stream.tokens[start:end]))
    if end < len(stream.tokens):  # the blank or line end before what follows
        text += _gap(stream, stream.tokens[end - 1], stream.tokens[end])
    yield {"text": text, "kind": kind, "change": change}
