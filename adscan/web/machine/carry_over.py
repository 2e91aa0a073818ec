"""Decisions on what has not changed from one version to the next are carried over.

A decision is carried only to the same rule at the same words in the same lines: the line of each
quoted place and the one before and after it must be there to the letter, blanks aside. A place
that is only a box carries over on the same picture. A finding without a place, such as a missing
warning, is about the whole: it carries over if all words and pictures are the same. One that rests
on permits carries over only with the same permit documents and the same answer of the register.

This is enough to confirm again, which only keeps an ad back. To dismiss again takes more, for what
stands further off may have been the reason: every part it quotes must be the same as a whole, words
and picture, and so must the permit documents, the rulebook, classifier and register, the genre that
the machine took it for, and the provisions it cites. Whatever is in doubt is judged anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adscan.web.kept.states import Verdict
from adscan.web.machine.places import (
    Content,
    Document,
    Place,
    as_a_whole,
    elsewhere,
    has_place,
    offset_in,
    place_of,
    whole_of,
)


@dataclass(frozen=True)
class Judged:
    """A finding of the last version with what a person made of it."""

    id: int
    document: Document  # the contract's finding
    verdict: Verdict
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
    is_open: bool = False  # it is there, but its dismissal does not hold any more


@dataclass(frozen=True)
class CarryOver:
    """What is carried over."""

    decisions: Mapping[int, int]  # new finding's id: the old one's, whose decision it takes
    added: tuple[Added, ...]


def carry_over(
    before: Content, judged: Sequence[Judged], after: Content, found: Sequence[Found]
) -> CarryOver:
    """Each old decision is carried at most once."""
    is_same = whole_of(before) == whole_of(after) and before.is_whole and after.is_whole
    confirmed: dict[Place, list[int]] = {}
    dismissed: dict[Place, list[int]] = {}
    for old in judged:
        waiting = {Verdict.CONFIRMED: confirmed, Verdict.DISMISSED: dismissed}.get(old.verdict)
        strictly = old.verdict is Verdict.DISMISSED
        key = _key(old.document, before, is_same, strictly=strictly)
        if waiting is not None and key is not None and not old.by_person:
            waiting.setdefault(key, []).append(old.id)
    decisions: dict[int, int] = {}
    for new in found:
        for waiting, strictly in ((dismissed, True), (confirmed, False)):
            key = _key(new.document, after, is_same, strictly=strictly)
            if key is not None and waiting.get(key):
                decisions[new.id] = waiting[key].pop(0)
                break
    added = (_moved(old, before, after, is_same) for old in judged if old.by_person)
    return CarryOver(decisions, tuple(one for one in added if one is not None))


def _key(finding: Document, content: Content, is_same: bool, *, strictly: bool) -> Place | None:
    """What two findings must have in common; None: it can carry nothing. `strictly`: to dismiss."""
    evidence = [one for one in finding.get("evidence") or [] if has_place(one)]
    places = [place_of(one, content) for one in evidence]
    if any(place is None for place in places) or not (evidence or is_same):
        return None
    around = _surroundings(finding, evidence, content) if strictly else ()
    return finding["rule"], finding.get("decision"), _permits(finding, content), *places, around


def _permits(finding: Document, content: Content) -> Place:
    """What a permit finding rests on: the documents and the register may have been replaced."""
    if "permit" not in finding.get("origin", ()):
        return ()
    return content.permits, content.permit_status, finding.get("explanation")


def _surroundings(finding: Document, evidence: Sequence[Document], content: Content) -> Place:
    """All that may have been a reason to dismiss it."""
    parts = {part["id"]: part for part in content.parts}
    quoted = tuple(
        (*as_a_whole(parts[one["part"]], content), offset_in(one, parts[one["part"]]))
        for one in evidence
    )
    basis = tuple((one["instrument"], one["article"]) for one in finding.get("legal_basis") or ())
    return quoted, basis, content.permits, content.measure


def _moved(old: Judged, before: Content, after: Content, is_same: bool) -> Added | None:
    """The finding with its places in the new version, if all of them are there and but once."""
    evidence = old.document.get("evidence") or []
    moved = old.document
    if any(map(has_place, evidence)):
        places = [elsewhere(one, before, after) for one in evidence]
        if None in places:
            return None
        moved = {**moved, "evidence": places}
    elif not is_same:
        return None
    if old.verdict is not Verdict.DISMISSED:
        return Added(old.id, moved)
    key = _key(old.document, before, is_same, strictly=True)
    holds = key is not None and key == _key(moved, after, is_same, strictly=True)
    return Added(old.id, moved, is_open=not holds)
