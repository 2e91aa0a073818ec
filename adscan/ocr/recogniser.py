"""The contract of a recogniser: pixels into lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from adscan.records.ad import Pixels
from adscan.records.part import LineKind, Polygon


@dataclass(frozen=True)
class SeenLine:
    """A line of text seen in a picture, not yet put in reading order."""

    text: str
    confidence: float
    polygon: Polygon  # pixels of the image, clockwise from the line's own top left
    kind: LineKind = LineKind.OCR
    vertical: bool = False


class Recogniser(Protocol):
    """Reads text from pictures."""

    @property
    def version(self) -> str:
        """Engine and weights, for the review's provenance."""
        ...

    def read_lines(self, image: Pixels) -> list[SeenLine]:
        """Text lines of one image, in no particular order.

        `image` is RGB uint8, shape (height, width, 3), of any size. Polygons are pixels of that
        image. No text gives an empty list.

        Raises ModelError if the weights cannot be loaded, InputError if the image cannot be read.
        """
        ...
