"""A comparison for a page: changes with numbers, pictures with boxes, long sameness shortened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]

LONGEST_SAME = 240  # characters of unchanged text shown whole
KEPT = 80  # shown on either side of what is left out


@dataclass(frozen=True)
class PartSides:
    """Where the pictures of both sides are."""

    before: Document  # as Version.pictures
    after: Document
    before_base: str  # address that a part's id is added to
    after_base: str


@dataclass(frozen=True)
class ShownBox:
    """A change's place on a picture."""

    number: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class ShownPicture:
    """One side's picture with the changes on it."""

    uri: str
    width: float
    height: float
    boxes: tuple[ShownBox, ...]

    @property
    def stroke(self) -> float:
        """In the picture's own units, whatever its size."""
        return self.width / 220

    @property
    def letter(self) -> float:
        """Height of the numbers on it."""
        return self.width / 32


@dataclass(frozen=True)
class ShownPart:
    """A part of the result."""

    document: Document
    changes: tuple[tuple[int, Document], ...]  # numbered from 1 through the whole page
    runs: tuple[Document, ...]  # `skipped`: how many characters are left out
    before: ShownPicture | None
    after: ShownPicture | None


def shown_parts(result: Document, sides: PartSides) -> list[ShownPart]:
    """The parts of a comparison's result."""
    found, number = [], 0
    for part in result["parts"]:
        changes = tuple(enumerate(part["changes"], start=number + 1))
        number += len(changes)
        found.append(
            ShownPart(
                part, changes, tuple(_runs(part["runs"])),
                _picture(part["before"], sides.before, sides.before_base, changes, "before_boxes"),
                _picture(part["after"], sides.after, sides.after_base, changes, "after_boxes"),
            )
        )  # fmt: skip
    return found


def _picture(
    part_id: str | None,
    pictures: Document,
    base: str,
    changes: Sequence[tuple[int, Document]],
    key: str,
) -> ShownPicture | None:
    if part_id is None or part_id not in pictures:
        return None
    size = pictures[part_id]
    boxes = [
        ShownBox(number, left, top, right - left, bottom - top)
        for number, change in changes
        for left, top, right, bottom in change[key]
    ]
    return ShownPicture(f"{base}/{part_id}", size["width"], size["height"], tuple(boxes))


def _runs(runs: Sequence[Document]) -> Iterator[Document]:
    for run in runs:
        text = run["text"]
        if run["kind"] != "same" or len(text) <= LONGEST_SAME:
            yield {**run, "skipped": 0}
            continue
        yield {**run, "text": text[:KEPT], "skipped": len(text) - 2 * KEPT}
        yield {**run, "text": text[-KEPT:], "skipped": 0}
