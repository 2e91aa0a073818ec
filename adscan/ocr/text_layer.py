"""Which lines that OCR saw on a page only repeat the page's own text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from adscan.records.part import Line, Polygon

_SAME_PLACE = 0.5  # share of the seen line's area that lies on the own line
_SAME_TEXT = 0.6  # share of the seen line's characters found, in order, in the own text


def repeats_text_layer(seen: str, polygon: Polygon, own_text: str, own: Sequence[Line]) -> bool:
    """Whether the page's own text already says this, there.

    `polygon` and those of `own` share their unit. Own lines without a place are compared by
    their words alone.
    """
    words = _bare(seen)
    if not words:
        return True
    if not own or not polygon or not all(line.polygon for line in own):
        return words in _bare(own_text)
    there = [line for line in own if _share_inside(polygon, line.polygon) >= _SAME_PLACE / 2]
    covered = sum(_share_inside(polygon, line.polygon) for line in there)
    return covered >= _SAME_PLACE and _share_found(words, _bare("".join(x.text for x in there)))


def _share_found(words: str, text: str) -> bool:
    blocks = SequenceMatcher(None, words, text, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= _SAME_TEXT * len(words)


def _bare(text: str) -> str:
    """Letters, characters and digits alone, in one width."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _share_inside(polygon: Polygon, other: Polygon) -> float:
    """Which share of the polygon's bounds lies in the other's."""
    left, top, right, bottom = _bounds(polygon)
    l2, t2, r2, b2 = _bounds(other)
    width, height = min(right, r2) - max(left, l2), min(bottom, b2) - max(top, t2)
    area = (right - left) * (bottom - top)
    return max(0.0, width) * max(0.0, height) / area if area > 0 else 0.0


def _bounds(polygon: Polygon) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return min(xs), min(ys), max(xs), max(ys)
