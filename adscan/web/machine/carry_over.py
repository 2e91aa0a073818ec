"""Decisions on what has not changed from one version to the next are carried over.

A finding carries its decision over only if the new version has the same rule at the same words in
the same lines: the line of each quoted place and the one before and after it must be there to the
letter, blanks aside. A place that is only a box carries over on the same picture. A finding without
a place, such as a missing warning, is about the whole: it carries over if all words and pictures
are the same. Whatever is in doubt is judged anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Document = dict[str, Any]

CLAUSE_END = re.compile(r"[\n。！？!?；;]")
AROUND = 1  # sentences on either side that must be the same


@dataclass(frozen=True)
class Content:
    """A version as the machine read it."""

    parts: Sequence[Document]  # the contract's
    pictures: Mapping[str, str] = field(default_factory=dict)  # part id: SHA-256 of its picture
    is_whole: bool = True  # nothing in it was left unread


@dataclass(frozen=True)
class Judged:
    """A finding of the last version with what a person made of it."""

    id: int
    document: Document  # the contract's finding
    is_decided: bool  # confirmed or dismissed
    by_person: bool = False  # added by one


@dataclass(frozen=True)
class Found:
    """A finding of the new version."""

    id: int
    document: Document


@dataclass(frozen=True)
class Added:
    """A person's finding that holds in the new version too, its places moved along."""

    from_id: int
    document: Document


@dataclass(frozen=True)
class CarryOver:
    """What is carried over."""

    decisions: Mapping[int, int]  # new finding's id: the old one's, whose decision it takes
    added: tuple[Added, ...]


Place = tuple[object, ...]


def carry_over(
    before: Content, judged: Sequence[Judged], after: Content, found: Sequence[Found]
) -> CarryOver:
    """Each old decision is carried at most once."""
    is_same = _whole(before) == _whole(after) and before.is_whole and after.is_whole
    waiting: dict[Place, list[Judged]] = {}
    for old in judged:
        key = _key(old.document, before, is_same)
        if key is not None and old.is_decided and not old.by_person:
            waiting.setdefault(key, []).append(old)
    decisions: dict[int, int] = {}
    for new in found:
        key = _key(new.document, after, is_same)
        if key is not None and waiting.get(key):
            decisions[new.id] = waiting[key].pop(0).id
    added = tuple(_moved(old, before, after, is_same) for old in judged if old.by_person)
    return CarryOver(decisions, tuple(one for one in added if one is not None))


def _key(finding: Document, content: Content, is_same: bool) -> Place | None:
    """What two findings must have in common; None: it can carry nothing."""
    evidence = [one for one in finding.get("evidence") or [] if _has_place(one)]
    # What a permit finding says hangs on the register, which may have been replaced.
    told = finding.get("explanation") if "permit" in finding.get("origin", ()) else None
    if not evidence:
        return (finding["rule"], finding.get("decision"), told) if is_same else None
    places = [_place(one, content) for one in evidence]
    if any(place is None for place in places):
        return None
    return finding["rule"], finding.get("decision"), told, tuple(places)


def _has_place(evidence: Document) -> bool:
    return bool(
        (evidence.get("end") or 0) > (evidence.get("start") or 0) or evidence.get("polygon")
    )


def _place(evidence: Document, content: Content) -> Place | None:
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


def _whole(content: Content) -> Place:
    texts = tuple(_bare(part["text"]) for part in content.parts)
    pictures = tuple(content.pictures.get(part["id"]) for part in content.parts)
    return texts, pictures, any(part.get("unread") for part in content.parts)


def _moved(old: Judged, before: Content, after: Content, is_same: bool) -> Added | None:
    """The finding with its places in the new version, if all of them are there and but once."""
    evidence = old.document.get("evidence") or []
    if not any(map(_has_place, evidence)):
        return Added(old.id, old.document) if is_same else None
    places = [_elsewhere(one, before, after) for one in evidence]
    found = [place for place in places if place is not None]
    if len(found) != len(evidence):
        return None
    return Added(old.id, {**old.document, "evidence": found})


def _elsewhere(evidence: Document, before: Content, after: Content) -> Document | None:
    place = _place(evidence, before)
    if place is None:
        return None
    candidates = [
        one for part in after.parts for one in _candidates(evidence, part)
        if _place(one, after) == place
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


def whole_reading(review: Document) -> bool:
    """Whether a review left nothing unread."""
    return not review.get("errors") and not any(n.get("unread") for n in review.get("notices", ()))


def content_of(review: Document, pictures: Mapping[str, Any] | None) -> Content:
    """From a version's kept review and pictures."""
    hashes = {part: one["sha256"] for part, one in (pictures or {}).items()}
    return replace(Content(review["parts"], hashes), is_whole=whole_reading(review))
