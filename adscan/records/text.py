"""Places in text: spans, and the map from normalised characters back to the original ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, order=True)
class Span:
    """A run of code points, `start` included, `end` not."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"impossible span {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """The characters of `text` at this place."""
        return text[self.start : self.end]


@dataclass(frozen=True)
class OffsetMap:
    """Where each character of a normalised text came from.

    Character i came from source code points starts[i] (included) to ends[i] (not included).
    Both run upwards, never backwards; several characters may share a source run (㎡ → m2) and a
    source run may be longer than its character (保·本 → 保本, 亻呆 → 保). Source characters that
    belong to no character (zero-width, separators) lie in the gaps.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    source_length: int

    @classmethod
    def identity(cls, length: int) -> OffsetMap:
        """The map of a text onto itself."""
        return cls(range(length), range(1, length + 1), length)

    @classmethod
    def of_runs(cls, runs: Iterable[tuple[int, int]], source_length: int) -> OffsetMap:
        """The map whose characters came from these source runs, in order."""
        pairs = list(runs)
        return cls([start for start, _ in pairs], [end for _, end in pairs], source_length)

    def __len__(self) -> int:
        return len(self.starts)

    def to_source(self, span: Span) -> Span:
        """The source characters behind a span of this text, first to last."""
        if not len(span):
            at = self.starts[span.start] if span.start < len(self) else self.source_length
            return Span(at, at)
        return Span(self.starts[span.start], self.ends[span.end - 1])

    def after(self, earlier: OffsetMap) -> OffsetMap:
        """This map made to lead past `earlier`'s text to its source: the chain of two steps."""
        if isinstance(self.starts, range) and self.starts == range(self.source_length):
            return earlier
        if isinstance(earlier.starts, range):  # only the identity is made of ranges
            return self
        starts, ends = earlier.starts, earlier.ends
        runs = zip(self.starts, self.ends, strict=True)
        return OffsetMap.of_runs(
            [
                (starts[s], ends[e - 1]) if s < e else (earlier.to_source(Span(s, s)).start,) * 2
                for s, e in runs
            ],
            earlier.source_length,
        )


class Trick(str, Enum):
    """A way of hiding a word from a reader of words."""

    SEPARATORS = "separators"
    DIGITS_AND_EMOJI = "digits_and_emoji"
    LOOKALIKE = "lookalike"
    HOMOPHONE = "homophone"
    SPLIT = "split"
    PINYIN = "pinyin"


@dataclass(frozen=True)
class Reading:
    """A disguised word and how it is read; a fact for the report."""

    span: Span  # in the normalised text, where `read_as` now stands
    written: str  # the original characters
    read_as: str  # the rulebook's term
    tricks: tuple[Trick, ...]


class MaskKind(str, Enum):
    """What a masked stretch is; masked text takes no part in word matching."""

    PHONE = "phone"
    URL = "url"
    EMAIL = "email"
    ACCOUNT = "account"
    CODE = "code"
    NAME = "name"


@dataclass(frozen=True)
class Mask:
    """A stretch of the normalised text that no rule may read words into."""

    span: Span
    kind: MaskKind


@dataclass(frozen=True)
class NormalText:
    """One part's text as the rules read it, with the way back to the original characters."""

    part_id: str
    text: str  # simplified, half-width, visible, disguises undone where they spell a term
    offsets: OffsetMap  # to the part's text
    readings: tuple[Reading, ...] = ()
    masks: tuple[Mask, ...] = ()
    masked: str = field(default="")  # `text` with masked characters as MASK_CHAR; same length

    def __post_init__(self) -> None:
        if len(self.text) != len(self.offsets):
            raise ValueError("one offset per character")
        if not self.masked:
            characters = list(self.text)
            for mask in self.masks:
                characters[mask.span.start : mask.span.end] = MASK_CHAR * len(mask.span)
            object.__setattr__(self, "masked", "".join(characters))


MASK_CHAR = "\ufffc"  # object replacement character: no rule writes it
