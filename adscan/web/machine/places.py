"""Places in a version of an ad, told by what stands there, so that they can be known again.

For carry_over.py, which says what must be the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adscan.web.kept.recorded import is_wholly_read

Document = dict[str, Any]
Place = tuple[object, ...]

CLAUSE_END = re.compile(r"[\n。！？!?；;]")
AROUND = 1  # sentences on either side that must be the same


@dataclass(frozen=True)
class Content:
    """A version as the machine read it."""

    parts: Sequence[Document]  # the contract's
    pictures: Mapping[str, str] = field(default_factory=dict)  # part id: SHA-256 of its picture
    is_whole: bool = True  # nothing in it was left unread
    permits: frozenset[str] = frozenset()  # SHA-256 of the permit documents
    permit_status: str | None = None  # the register's answer
    measure: Place = ()  # what it was judged by: rulebook, classifier, register; and the genre


def content_of(
    review: Document, pictures: Mapping[str, Any] | None, permits: frozenset[str]
) -> Content:
    """From a version's kept review, its pictures, and the SHA-256 of its permit documents."""
    made_by, genre = review["provenance"], review.get("genre") or {}
    return Content(
        parts=review["parts"],
        pictures={part: one["sha256"] for part, one in (pictures or {}).items()},
        is_whole=is_wholly_read(review),
        permits=permits,
        permit_status=(review.get("permit_check") or {}).get("status"),
        measure=(
            *(made_by.get(name) for name in ("rulebook", "classifier", "register")),
            genre.get("label"),
        ),
    )


def has_place(evidence: Document) -> bool:
    """Whether it quotes words or has a box."""
    return bool(
        (evidence.get("end") or 0) > (evidence.get("start") or 0) or evidence.get("polygon")
    )


def place_of(evidence: Document, content: Content) -> Place | None:
    """Its words and the sentences around, or its box and picture; None: it cannot be told."""
    part = next((one for one in content.parts if one["id"] == evidence["part"]), None)
    if part is None or part.get("unread"):
        return None
    start, end = evidence.get("start") or 0, evidence.get("end") or 0
    if end > start:
        return "words", _bare(part["text"][start:end]), _context(part["text"], start, end)
    sha256 = content.pictures.get(part["id"])
    if not evidence.get("polygon") or sha256 is None:
        return None
    return "box", sha256, tuple((x, y) for x, y in evidence["polygon"])


def as_a_whole(part: Document, content: Content) -> Place:
    """All its words, blanks aside, and its picture."""
    return _bare(part["text"]), content.pictures.get(part["id"])


def offset_in(evidence: Document, part: Document) -> int:
    """Where in its part it stands, blanks aside: the same words may stand there twice."""
    return len(_bare(part["text"][: evidence.get("start") or 0]))


def whole_of(content: Content) -> Place:
    """All words and pictures."""
    is_unread = any(part.get("unread") for part in content.parts)
    return is_unread, *(as_a_whole(part, content) for part in content.parts)


def elsewhere(evidence: Document, before: Content, after: Content) -> Document | None:
    """The same place in another version, if it is there and but once."""
    place = place_of(evidence, before)
    if place is None:
        return None
    candidates = [
        one for part in after.parts for one in _candidates(evidence, part)
        if place_of(one, after) == place
    ]  # fmt: skip
    own = [one for one in candidates if one["part"] == evidence["part"]]
    chosen = own if len(own) == 1 else candidates
    return chosen[0] if len(chosen) == 1 else None


def _candidates(evidence: Document, part: Document) -> Iterator[Document]:
    start, end = evidence.get("start") or 0, evidence.get("end") or 0
    if end <= start:
        yield {**evidence, "part": part["id"], "page": part.get("page")}
        return
    words = evidence["text"]
    at = part["text"].find(words)
    while words and at >= 0:
        yield {
            **evidence, "part": part["id"], "page": part.get("page"), "start": at,
            "end": at + len(words), "polygon": _polygon(evidence, part, at),
        }  # fmt: skip
        at = part["text"].find(words, at + 1)


def _polygon(evidence: Document, part: Document, start: int) -> list[Any]:
    """The line's that the words stand in now: more than the words, but the right place."""
    at = 0
    for line in part.get("lines", ()):
        begins = part["text"].find(line["text"], at)
        if begins < 0:
            continue
        at = begins + len(line["text"])
        if begins <= start < at:
            return list(line.get("polygon") or [])
    return []


def _context(text: str, start: int, end: int) -> tuple[str, ...]:
    """The sentences it touches and those around, without blanks, and where in them it stands."""
    sentences = list(_sentences(text))
    touched = [i for i, (a, b) in enumerate(sentences) if a < end and b > start]
    if not touched:
        return ()
    first = max(0, touched[0] - AROUND)
    chosen = sentences[first : touched[-1] + AROUND + 1]
    offset = len(_bare(text[chosen[0][0] : start]))
    return str(offset), *(_bare(text[a:b]) for a, b in chosen)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences and lines that have words, with where they stand."""
    start = 0
    for stop in CLAUSE_END.finditer(text):
        if text[start : stop.end()].strip():
            yield start, stop.end()
        start = stop.end()
    if text[start:].strip():
        yield start, len(text)


def _bare(text: str) -> str:
    return "".join(text.split())
