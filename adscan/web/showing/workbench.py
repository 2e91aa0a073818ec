"""What the workbench shows of a version: its parts with numbered marks, findings, mentions, gaps.

Built from what is kept: the contract's review, the rows of findings and comments, the pictures.
Numbers are those of the reports: findings 1, 2, 3, mentions a, b, c; comments are 注1, 注2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adscan.records.part import Part
from adscan.records.review import Evidence, Finding, Mention, Review
from adscan.records.text import Span
from adscan.report import wording
from adscan.report.ad_page import letters
from adscan.report.places import (
    Quotation,
    all_notices,
    disguises,
    gaps,
    part_name,
    place,
    quotations,
)
from adscan.web.kept.recorded import finding_of, review_of
from adscan.web.kept.states import Verdict
from adscan.web.kept.tables import Comment, Version, VersionFinding
from adscan.web.showing.marked_parts import COMMENT, PartView, Spot, part_view

Document = dict[str, Any]


@dataclass(frozen=True)
class Passage:
    """A quotation, where it stands, and the part to jump to."""

    pieces: Quotation
    place: str
    anchor: str


@dataclass(frozen=True)
class FindingView:
    """One finding as the list shows it."""

    label: str
    key: str
    row: VersionFinding
    finding: Finding
    passages: tuple[Passage, ...]
    disguises: tuple[tuple[str, str], ...]  # written, read as
    carried_from: int | None  # number of the version whose decision it carries

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided on it."""
        return self.row.verdict is Verdict.OPEN


@dataclass(frozen=True)
class MentionView:
    """Words that are no fault here."""

    label: str
    key: str
    mention: Mention
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class CommentView:
    """A comment, and where it is pinned."""

    label: str
    key: str
    row: Comment
    evidence: Evidence | None  # None: about the whole
    place: str  # in words


@dataclass(frozen=True)
class Workbench:
    """All of it."""

    gaps: tuple[str, ...]  # what could not be read
    facts: tuple[tuple[str, str], ...]
    findings: tuple[FindingView, ...]
    mentions: tuple[MentionView, ...]
    comments: tuple[CommentView, ...]
    not_checked: tuple[tuple[str, tuple[str, ...]], ...]
    parts: tuple[PartView, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many findings have which verdict."""
        return {
            verdict: sum(view.row.verdict is verdict for view in self.findings)
            for verdict in Verdict
        }

    @property
    def has_pictures(self) -> bool:
        """Whether there is anything to draw on."""
        return any(view.picture for view in self.parts)


def workbench(
    document: Document,
    findings: Sequence[VersionFinding],
    comments: Sequence[Comment],
    pictures: Document | None,
    carried: dict[int, int] | None = None,
) -> Workbench:
    """The view of a version. `comments` are those the reader may see.

    `carried`: the number of the version by the id of a finding there that a decision came from.
    """
    review = review_of(document, [row.document for row in findings])
    mentions = list(_mentions(review))
    pinned = list(_comments(comments, review.parts))
    listed = list(_findings(findings, review.parts, carried or {}))
    spots = list(_spots(listed, mentions, pinned))
    return Workbench(
        gaps=tuple(gaps(review)),
        facts=tuple(
            (wording.NOTICES[notice.code], notice.message)
            for notice in all_notices(review)
            if not notice.unread
        ),
        findings=tuple(listed),
        mentions=tuple(mentions),
        comments=tuple(pinned),
        not_checked=tuple(wording.rules_not_checked(review)),
        parts=tuple(
            part_view(part, review.parts, spots, (pictures or {}).get(part.id))
            for part in review.parts
        ),
    )


def workbench_of(version: Version, *, internal: bool, weighed: bool) -> Workbench:
    """The view of a version the machine has read; `internal` comments only for staff.

    `weighed`: with what people found, too; else only what the machine did.
    """
    assert version.review is not None
    found = [row for row in version.findings if weighed or row.added_by_id is None]
    carried: dict[int, int] = {}
    if any(row.carried_from_id for row in version.findings):
        carried = {
            row.id: other.number for other in version.submission.versions for row in other.findings
        }
    comments = [row for row in version.comments if internal or not row.is_internal]
    return workbench(version.review, found, comments, version.pictures, carried)


def _findings(
    rows: Sequence[VersionFinding], parts: tuple[Part, ...], carried: dict[int, int]
) -> Iterator[FindingView]:
    for at, row in enumerate(rows, 1):
        finding = finding_of(row.document)
        yield FindingView(
            label=str(at),
            key=f"f{at}",
            row=row,
            finding=finding,
            passages=_passages(f"f{at}", finding.evidence, parts),
            disguises=tuple(disguises(finding.evidence)),
            carried_from=carried.get(row.carried_from_id) if row.carried_from_id else None,
        )


def _mentions(review: Review) -> Iterator[MentionView]:
    for at, mention in enumerate(review.mentions, 1):
        passages = _passages(f"m{at}", mention.evidence, review.parts)
        yield MentionView(letters(at), f"m{at}", mention, passages)


def _comments(rows: Sequence[Comment], parts: tuple[Part, ...]) -> Iterator[CommentView]:
    by_id = {part.id: part for part in parts}
    for at, row in enumerate(rows, 1):
        part = by_id.get(row.part or "")
        if part is None:
            yield CommentView(f"注{at}", f"c{at}", row, None, "")
            continue
        start = row.start or 0
        span = Span(start, max(start, row.end or 0))
        polygon = tuple((x, y) for x, y in row.polygon or ())
        pinned = Evidence(
            part.id, span.of(part.text), span.start, span.end, part.page_number, polygon
        )
        where = place(pinned, parts) if len(span) else part_name(part.id, parts)
        yield CommentView(f"注{at}", f"c{at}", row, pinned, where)


def _passages(
    key: str, evidence: Sequence[Evidence], parts: tuple[Part, ...]
) -> tuple[Passage, ...]:
    known = {part.id for part in parts}
    anchors = {id(one): f"{key}-e{nth}" for nth, one in enumerate(evidence, 1)}
    worded = [one for one in evidence if one.part in known and one.end > one.start]
    found = []
    for pieces in quotations(worded, parts):
        first = next(piece.evidence for piece in pieces if piece.evidence)
        found.append(Passage(pieces, place(first, parts), anchors[id(first)]))
    for one in evidence:
        if one.end <= one.start:  # a box drawn where nothing was read
            found.append(Passage((), part_name(one.part, parts), anchors[id(one)]))
    return tuple(found)


def _spots(
    findings: Sequence[FindingView],
    mentions: Sequence[MentionView],
    comments: Sequence[CommentView],
) -> Iterator[Spot]:
    for view in findings:
        title, style = view.finding.title, view.finding.severity.value
        for nth, one in enumerate(view.finding.evidence, 1):
            yield Spot(view.label, view.key, f"{view.key}-e{nth}", style, title, one)
    for noted in mentions:
        title = noted.mention.title or noted.mention.rule
        for nth, one in enumerate(noted.mention.evidence, 1):
            anchor = f"{noted.key}-e{nth}"
            yield Spot(noted.label, noted.key, anchor, "mention", title, one)
    for said in comments:
        if said.evidence is not None:
            anchor = f"{said.key}-e1"
            yield Spot(said.label, said.key, anchor, COMMENT, "批注", said.evidence)
