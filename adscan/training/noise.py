"""Ways in which the same text comes in worse: evasion, bad reading, cutting. Labels move along."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import opencc

from adscan.normalise.tables import load_tables
from adscan.records.text import Span
from adscan.training.corpus import Sample

Noise = Callable[[Sample, random.Random], Sample]

SEPARATORS = "·.*-_丨|/ 　~"
PUNCTUATION = re.compile(r"[，。！？；：、,.!?;:\s]+")
EMOJI = ("🔥", "💰", "✅", "👉", "❗", "🎉", "📈", "💯")
SHORTEST_CUT = 30  # code points that a cut leaves at least


def edited(sample: Sample, pieces: Sequence[tuple[int, int, str]]) -> Sample:
    """The sample with stretches replaced: (start, end, instead), in order, not overlapping."""
    text, at = [], 0
    moved: list[int] = []  # new place of each old code point
    length = 0
    for start, end, instead in [*pieces, (len(sample.text), len(sample.text), "")]:
        text.append(sample.text[at:start])
        moved.extend(range(length, length + start - at))
        length += start - at
        text.append(instead)
        moved.extend([length] * (end - start))
        length += len(instead)
        at = end
    moved.append(length)
    spans = tuple(
        (Span(moved[span.start], max(moved[span.end], moved[span.start])), rule)
        for span, rule in sample.spans
    )
    return replace(sample, text="".join(text), spans=tuple(s for s in spans if len(s[0])))


def separated(sample: Sample, dice: random.Random) -> Sample:
    """One sign between the characters of the words at fault."""
    sign = dice.choice(SEPARATORS)
    inside = {at for span, _ in sample.spans for at in range(span.start + 1, span.end)}
    chosen = sorted(at for at in inside if dice.random() < 0.6)
    return edited(sample, [(at, at, sign) for at in chosen])


def lookalike(sample: Sample, dice: random.Random) -> Sample:
    """Characters of the words at fault written by similar ones."""
    pieces = []
    for at in sorted({at for span, _ in sample.spans for at in range(span.start, span.end)}):
        others = _written_for(sample.text[at])
        if others and dice.random() < 0.4:
            pieces.append((at, at + 1, dice.choice(others)))
    return edited(sample, pieces)


def traditional(sample: Sample, dice: random.Random) -> Sample:
    """Some or all characters in traditional script."""
    share = dice.choice((0.3, 1.0))
    converted = [_to_traditional(char) for char in sample.text]
    pieces = [
        (at, at + 1, other)
        for at, (char, other) in enumerate(zip(sample.text, converted, strict=True))
        if char != other and dice.random() < share
    ]
    return edited(sample, pieces)


def unpunctuated(sample: Sample, dice: random.Random) -> Sample:
    """Punctuation gone, or line breaks and blanks in its place."""
    instead = dice.choice(("", " ", "\n"))
    found = PUNCTUATION.finditer(sample.text)
    return edited(sample, [(m.start(), m.end(), instead) for m in found if dice.random() < 0.8])


def unsigned(sample: Sample, dice: random.Random) -> Sample:
    """Percent signs gone, as small print and bad reading leave them."""
    signs = [
        (m.start(), m.end(), dice.choice(("", "个点", "％")))
        for m in _PERCENT.finditer(sample.text)
    ]
    return edited(sample, signs)


def decorated(sample: Sample, dice: random.Random) -> Sample:
    """Emoji before some sentences."""
    starts = [m.end() for m in PUNCTUATION.finditer(sample.text) if dice.random() < 0.3]
    return edited(sample, [(at, at, dice.choice(EMOJI)) for at in sorted({0, *starts})])


def cut_short(sample: Sample, dice: random.Random) -> Sample:
    """The end or the beginning lost, but never any words at fault."""
    first = min((span.start for span, _ in sample.spans), default=0)
    last = max((span.end for span, _ in sample.spans), default=SHORTEST_CUT)
    length = len(sample.text)
    if length <= SHORTEST_CUT or sample.whole:
        return sample
    if dice.random() < 0.5:
        end = dice.randint(max(last, SHORTEST_CUT), max(length, last, SHORTEST_CUT))
        return edited(sample, [(min(end, length), length, "")])
    start = dice.randint(0, min(first, length - SHORTEST_CUT)) if sample.spans else 0
    return edited(sample, [(0, start, "")])


def misread(sample: Sample, dice: random.Random) -> Sample:
    """Here and there a character as a poor reading gives it: similar, lost, or a stray break."""
    pieces = []
    for at, char in enumerate(sample.text):
        if dice.random() >= 0.04:
            continue
        others = _written_for(char)
        choice = dice.random()
        if others and choice < 0.5:
            pieces.append((at, at + 1, dice.choice(others)))
        elif choice < 0.65:
            pieces.append((at, at + 1, ""))
        else:
            pieces.append((at, at, dice.choice((" ", "\n", "", "l", "."))))
    return edited(sample, pieces)


_PERCENT = re.compile(r"[%％]")
NOISES: tuple[Noise, ...] = (
    separated,
    lookalike,
    traditional,
    unpunctuated,
    unsigned,
    decorated,
    cut_short,
    misread,
)


def noisy(sample: Sample, dice: random.Random) -> Sample:
    """The sample after one or two of the noises; those that change nothing may be drawn too."""
    for noise in dice.sample(NOISES, dice.choice((1, 1, 2))):
        sample = noise(sample, dice)
    return sample


@cache
def _written_for(char: str) -> tuple[str, ...]:
    """What is written in a character's place to hide it, or seen there by mistake."""
    return tuple(written for written, meant in load_tables().tricks if meant == char)


@cache
def _to_traditional(char: str) -> str:
    converted: str = _converter().convert(char)
    return converted if len(converted) == 1 else char


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")
