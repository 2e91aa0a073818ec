"""What a page shows of one case: marks and boxes numbered alike, pictures, facts and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adscan.errors import InputError
from adscan.records.ad import AdKind, Sheet
from adscan.records.part import Part
from adscan.records.review import Case, Evidence, Finding, Mention, Review
from adscan.records.rule import Severity
from adscan.records.text import Span
from adscan.report import wording
from adscan.report.badges import Box
from adscan.report.marking import Mark, Run, runs
from adscan.report.picture import Picture, draw
from adscan.report.places import (
    Quotation,
    all_notices,
    disguises,
    gaps,
    part_name,
    place,
    quotations,
)

FEW_PICTURES = 6  # up to so many, pictures without a mark are shown too


@dataclass(frozen=True)
class Passage:
    """A quotation, where it stands, and the way there."""

    pieces: Quotation
    place: str
    anchor: str  # of the first words, in the picture if they have a place there


@dataclass(frozen=True)
class FindingView:
    """One finding as the page lists it."""

    label: str
    key: str
    anchor: str
    finding: Finding
    passages: tuple[Passage, ...]
    disguises: tuple[tuple[str, str], ...]  # written, read as


@dataclass(frozen=True)
class MentionView:
    """One mention as the page lists it."""

    label: str
    key: str
    anchor: str
    mention: Mention
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class PartView:
    """One part: its picture if there is one to show, and its marked text."""

    part: Part
    name: str
    runs: tuple[Run, ...]
    picture: Picture | None
    unshown: str  # why there is no picture of a part that has one


@dataclass(frozen=True)
class AdPage:
    """Everything of one case."""

    number: int
    review: Review
    gaps: tuple[str, ...]  # what was not read; a page must show it before anything else
    facts: tuple[tuple[str, str], ...]  # other notices: what they are about, and the sentence
    findings: tuple[FindingView, ...]
    mentions: tuple[MentionView, ...]
    not_checked: tuple[tuple[str, tuple[str, ...]], ...]  # what was missing, and for which rules
    parts: tuple[PartView, ...]

    @property
    def severities(self) -> frozenset[Severity]:
        """Those of its findings, for the legend."""
        return frozenset(finding.severity for finding in self.review.findings)


@dataclass(frozen=True)
class _Spot:
    """One piece of evidence with the name and number it goes by on the page."""

    label: str
    key: str
    anchor: str
    style: str
    title: str
    evidence: Evidence


def ad_page(number: int, case: Case) -> AdPage:
    """The page of the `number`th case (from 1). Pictures are read here, one at a time."""
    review = case.review
    spots = list(_spots(number, review))
    sheets = {sheet.id: sheet for sheet in case.ad.sheets} if case.ad else {}
    parts = tuple(_parts(review, sheets, spots))
    anchors = _anchors(spots, parts)
    return AdPage(
        number=number,
        review=review,
        gaps=tuple(gaps(review)),
        facts=tuple(
            (wording.NOTICES[notice.code], notice.message)
            for notice in all_notices(review)
            if not notice.unread
        ),
        findings=tuple(
            FindingView(
                label=str(at),
                key=f"a{number}-f{at}",
                anchor=f"a{number}-f{at}",
                finding=finding,
                passages=_passages(finding.evidence, review, anchors),
                disguises=tuple(disguises(finding.evidence)),
            )
            for at, finding in enumerate(review.findings, 1)
        ),
        mentions=tuple(
            MentionView(
                label=letters(at),
                key=f"a{number}-m{at}",
                anchor=f"a{number}-m{at}",
                mention=mention,
                passages=_passages(mention.evidence, review, anchors),
            )
            for at, mention in enumerate(review.mentions, 1)
        ),
        not_checked=tuple(wording.rules_not_checked(review)),
        parts=parts,
    )


def letters(number: int) -> str:
    """1 as a, 26 as z, 27 as aa: mentions must not be taken for findings."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _spots(number: int, review: Review) -> Iterator[_Spot]:
    for at, finding in enumerate(review.findings, 1):
        key = f"a{number}-f{at}"
        for nth, evidence in enumerate(finding.evidence, 1):
            style = finding.severity.value
            yield _Spot(str(at), key, f"{key}-e{nth}", style, finding.title, evidence)
    for at, mention in enumerate(review.mentions, 1):
        key = f"a{number}-m{at}"
        for nth, evidence in enumerate(mention.evidence, 1):
            title = mention.title or mention.rule
            yield _Spot(letters(at), key, f"{key}-e{nth}", "mention", title, evidence)


def _anchors(spots: Sequence[_Spot], parts: Sequence[PartView]) -> dict[int, str]:
    """Where to jump for a piece of evidence (by identity): its box, else its words."""
    pictures = [part.picture for part in parts if part.picture]
    boxed = {badge.box.anchor for p in pictures for strip in p.strips for badge in strip.badges}
    return {
        id(spot.evidence): box if (box := f"{spot.anchor}-box") in boxed else spot.anchor
        for spot in spots
    }


def _passages(
    evidence: Sequence[Evidence], review: Review, anchors: dict[int, str]
) -> tuple[Passage, ...]:
    found = []
    for pieces in quotations(evidence, review.parts):
        first = next(piece.evidence for piece in pieces if piece.evidence)
        found.append(Passage(pieces, place(first, review.parts), anchors[id(first)]))
    return tuple(found)


def _parts(review: Review, sheets: dict[str, Sheet], spots: Sequence[_Spot]) -> Iterator[PartView]:
    pictured = sum(sheet.pixels is not None for sheet in sheets.values())
    all_shown = review.ad.kind == AdKind.IMAGE.value or pictured <= FEW_PICTURES
    for part in review.parts:
        here = [spot for spot in spots if spot.evidence.part == part.id]
        picture, unshown = _picture(part, sheets.get(part.id), here, all_shown or bool(here))
        marks = [
            Mark(s.label, s.key, s.anchor, s.style, Span(s.evidence.start, s.evidence.end))
            for s in here
        ]
        name = part_name(part.id, review.parts)
        yield PartView(part, name, tuple(runs(part, marks)), picture, unshown)


def _picture(
    part: Part, sheet: Sheet | None, spots: Sequence[_Spot], wanted: bool
) -> tuple[Picture | None, str]:
    if sheet is None or sheet.pixels is None:
        return None, ""
    if not wanted:
        return None, "没有标记，未附图"
    boxes = [
        Box(s.label, s.key, f"{s.anchor}-box", s.style, s.evidence.polygon, f"{s.label} {s.title}")
        for s in spots
        if s.evidence.polygon
    ]
    try:
        return draw(sheet.pixels(), sheet.units_per_pixel, boxes, part.lines), ""
    except InputError as error:
        return None, f"图片打不开，未附图：{error}"
