"""Samples as the product reads them: through the normaliser, labels and all."""

from __future__ import annotations

from dataclasses import replace

from adscan.normalise.chain import Normaliser
from adscan.records.part import Part, PartKind
from adscan.records.text import OffsetMap, Span
from adscan.training.corpus import Sample


def as_read(sample: Sample, normaliser: Normaliser) -> Sample:
    """The sample with its text normalised and its places moved along."""
    text = normaliser.normalise(Part("text:0", PartKind.TEXT, sample.text))
    moved = ((_from_source(text.offsets, span), rule) for span, rule in sample.spans)
    return replace(sample, text=text.text, spans=tuple(pair for pair in moved if len(pair[0])))


def _from_source(offsets: OffsetMap, source: Span) -> Span:
    """The normalised characters that came from these source characters."""
    inside = [
        at
        for at, (start, end) in enumerate(zip(offsets.starts, offsets.ends, strict=True))
        if start < source.end and source.start < end
    ]
    return Span(inside[0], inside[-1] + 1) if inside else Span(0, 0)
