"""Disguised terms to the terms: 保*本, 宝本, 亻呆本, bao本 to 保本, each reported as a reading.

A disguise is read only where it completes a term. The text is looked at as rows of units
(`skeleton`), all spellings are searched in it at once (`spellings`), and what is found must be
credible in its surroundings (`plausible`). Cost is linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adscan.normalise.candidate import Candidate
from adscan.normalise.plausible import Plausibility
from adscan.normalise.skeleton import Skeleton, SkeletonBuilder
from adscan.normalise.spellings import Spelling, Spellings
from adscan.normalise.splits import Splits
from adscan.normalise.tables import load_tables
from adscan.records.text import OffsetMap, Span, Trick


@dataclass(frozen=True)
class Disguise:
    """A disguised term in the text of this step."""

    span: Span
    term: str
    runs: tuple[tuple[int, int], ...]  # for each character of the term
    tricks: tuple[Trick, ...]  # none: only the layout parts it (稳赚⏎不赔)


class Disguises:
    """Finds and undoes the disguises of one rulebook's terms."""

    def __init__(self, terms: Iterable[str]) -> None:
        tables = load_tables()
        self._spellings = Spellings(terms, tables)
        characters = {c for s in self._spellings.spellings for c in s.term}
        self._splits = Splits(characters, tables)
        self._builder = SkeletonBuilder(self._spellings.pictures)
        self._plausibility = Plausibility(tables)

    def find(self, text: str, masked: Sequence[Span] = ()) -> list[Disguise]:
        """The disguised terms, in order, none overlapping another, a plain term or a mask."""
        found: dict[Span, Disguise] = {}
        plain: list[Span] = []
        for skeleton, syllables in self._skeletons(text):
            for number, at in sorted(self._spellings.find(skeleton, syllables)):
                spelling = self._spellings.spellings[number]
                last = at + len(spelling.units) - 1
                span = Span(int(skeleton.starts[at]), int(skeleton.ends[last]))
                if span.of(text).lower() == spelling.term.lower():
                    plain.append(span)
                elif span not in found:
                    disguise = self._read(text, skeleton, spelling, at)
                    if disguise is not None:
                        found[span] = disguise
        return _chosen(found.values(), plain, masked, len(text)) if found else []

    def _skeletons(self, text: str) -> Iterator[tuple[Skeleton, bool]]:
        """The ways to see the text, and whether letters are seen as syllables."""
        splits = self._splits.find(text)
        rows = [self._builder.build(text, splits)]
        all_splits = self._splits.find_all(text)
        if len(all_splits) > len(splits):
            rows.append(self._builder.build(text, all_splits))
        cleared = self._builder.without_strays(text)
        if cleared is not None:
            rows.append(self._builder.build(cleared, splits))
        for skeleton in rows:
            yield skeleton, False
            spelled = skeleton.with_syllables(self._spellings.sounds.of_letters)
            if spelled is not None:
                yield spelled, True

    def _read(self, text: str, skeleton: Skeleton, spelling: Spelling, at: int) -> Disguise | None:
        """The disguise that stands at this unit, if it is one."""
        size = len(spelling.units)
        tricks: list[Trick | None] = []
        known: list[bool] = []
        for unit, meant in enumerate(spelling.units, start=at):
            trick, listed = self._spellings.trick(chr(skeleton.codes[unit]), meant)
            if trick is None and not listed:
                return None
            tricks.append(skeleton.made.get(unit, trick))
            known.append(listed)
        starts = skeleton.starts[at : at + size].tolist()
        ends = skeleton.ends[at : at + size].tolist()
        candidate = Candidate(
            spelling.term, text, starts, ends, tricks, known, spelling.alias is not None
        )
        if not self._plausibility.holds(candidate):
            return None
        starts[0] -= candidate.opens()
        ends[-1] += candidate.closes()
        used = {trick for trick in tricks if trick is not None}
        if candidate.is_parted():
            used.add(Trick.SEPARATORS)
        if spelling.alias is not None:
            used.add(Trick.DIGITS_AND_EMOJI)
        return Disguise(
            Span(starts[0], ends[-1]),
            spelling.term,
            _runs(spelling, starts, ends),
            tuple(trick for trick in Trick if trick in used),
        )


def _runs(
    spelling: Spelling, starts: Sequence[int], ends: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """The source run of each character of the term."""
    runs = list(zip(starts, ends, strict=True))
    if spelling.alias is None:
        return tuple(runs)
    a, b, c, d = spelling.alias
    return (*runs[:a], *[(starts[a], ends[b - 1])] * (d - c), *runs[b:])


def _chosen(
    found: Iterable[Disguise], plain: Sequence[Span], masked: Iterable[Span], length: int
) -> list[Disguise]:
    """The longest from the left that meet no mask and hold a plain term whole or not at all."""
    inside = bytearray(length + 1)  # after the first character of a plain term, before its end
    for span in plain:
        inside[span.start + 1 : span.end] = b"\1" * (len(span) - 1)
    closed = bytearray(length)
    for span in masked:
        closed[span.start : span.end] = b"\1" * len(span)
    whole = set(plain)
    chosen: list[Disguise] = []
    at = 0
    for disguise in sorted(found, key=lambda d: (d.span.start, -d.span.end)):
        start, end = disguise.span.start, disguise.span.end
        if (
            start < at
            or disguise.span in whole
            or inside[start]
            or inside[end]
            or any(closed[start:end])
        ):
            continue
        chosen.append(disguise)
        at = end
    return chosen


def replace(text: str, disguises: Sequence[Disguise]) -> tuple[str, OffsetMap]:
    """The text with the terms in place of their disguises."""
    pieces: list[str] = []
    runs: list[tuple[int, int]] = []
    at = 0
    for disguise in disguises:
        pieces += [text[at : disguise.span.start], disguise.term]
        runs += [(i, i + 1) for i in range(at, disguise.span.start)]
        runs += disguise.runs
        at = disguise.span.end
    pieces.append(text[at:])
    runs += [(i, i + 1) for i in range(at, len(text))]
    return "".join(pieces), OffsetMap.of_runs(runs, len(text))
