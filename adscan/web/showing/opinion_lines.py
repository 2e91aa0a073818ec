"""The lines of the decision document that come straight out of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adscan.records.part import Part
from adscan.records.review import Provenance
from adscan.records.rule import Decision
from adscan.report import wording
from adscan.report.ad_page import FindingView, Passage
from adscan.report.places import Piece, part_name
from adscan.web.deciding.concluding import BETWEEN_REVIEWERS
from adscan.web.kept.recorded import BOXED
from adscan.web.kept.states import Purpose, Step, Verdict
from adscan.web.kept.tables import Comment, Ruling, Submission, Version, VersionFinding
from adscan.web.showing.names_then import NamesThen, signer

MOST_PASSAGES, MOST_QUOTED = 8, 400  # quotations of a finding, and characters of them all
PURPOSES = {Purpose.CREATIVE: "广告内容", Purpose.PERMIT: "许可证明"}


@dataclass(frozen=True)
class FindingLine:
    """A finding, and what a person made of it."""

    view: FindingView
    verdict: Verdict
    reason: str
    decided_by: str  # empty: nobody yet
    decided_at: str
    added_by: str  # empty: the machine found it
    is_carried: bool  # decided on an earlier version, and unchanged since
    left_out: int  # places that are not quoted

    @property
    def style(self) -> str:
        """Its colour: that of its severity, none if it was dismissed."""
        dismissed = self.verdict is Verdict.DISMISSED
        return "mention" if dismissed else self.view.finding.severity.value


@dataclass(frozen=True)
class RulingLine:
    """A step of a person."""

    step: Step
    by: str
    at: str
    reason: str


@dataclass(frozen=True)
class VersionLine:
    """A version, and what became of it."""

    number: int
    submitted_by: str
    submitted_at: str
    machine: str  # the machine's decision in words; empty: it has not spoken
    note: str
    fingerprint: str
    rulings: tuple[RulingLine, ...]


@dataclass(frozen=True)
class FileLine:
    """A file as it was submitted."""

    name: str
    purpose: str
    media_type: str
    size: str
    sha256: str


@dataclass(frozen=True)
class Remark:
    """A comment meant for the submitter."""

    place: str
    words: str  # that it is pinned to; empty: none
    text: str
    by: str
    at: str


@dataclass(frozen=True)
class Signature:
    """Who answers for the decision."""

    role: str
    name: str
    at: str


def finding_line(view: FindingView, row: VersionFinding, names: NamesThen) -> FindingLine:
    """The finding with its verdict."""
    passages, left_out = shortened(tuple(map(_without_neighbours, view.passages)))
    return FindingLine(
        view=replace(view, passages=passages),
        verdict=row.verdict,
        reason=row.reason,
        decided_by=names.person(row.decided_by),
        decided_at=moment(row.decided_at),
        added_by=names.person(row.added_by),
        is_carried=row.carried_from_id is not None,
        left_out=left_out,
    )


def shortened(passages: Sequence[Passage]) -> tuple[tuple[Passage, ...], int]:
    """As much as paper has room for, and how many places that leaves out."""
    room = MOST_QUOTED
    shown = []
    for passage in passages[:MOST_PASSAGES]:
        pieces: list[Piece] = []
        for piece in passage.pieces:
            if room <= 0:
                break
            text = piece.text if len(piece.text) <= room else f"{piece.text[:room]}……"
            pieces.append(replace(piece, text=text))
            room -= len(piece.text)
        if pieces:
            shown.append(replace(passage, pieces=tuple(pieces)))
    return tuple(shown), _places(passages) - _places(shown)


def _places(passages: Sequence[Passage]) -> int:
    return sum(piece.evidence is not None for one in passages for piece in one.pieces)


def version_lines(
    submission: Submission, last: Version, until: Ruling, names: NamesThen
) -> Iterator[VersionLine]:
    """The versions up to `last`, with what was ruled on them up to `until`.

    What passed between reviewers is not for the submitter, whom the document is made for.
    """
    for version in submission.versions:
        if version.number > last.number:
            return
        yield VersionLine(
            number=version.number,
            submitted_by=names.person(version.created_by),
            submitted_at=moment(version.created_at),
            machine=wording.DECISIONS[Decision(version.decision)] if version.decision else "",
            note=version.note,
            fingerprint=version.fingerprint,
            rulings=tuple(
                RulingLine(ruling.step, signer(ruling), moment(ruling.at), ruling.reason)
                for ruling in submission.rulings
                if ruling.version_id == version.id
                and ruling.id <= until.id
                and ruling.step not in BETWEEN_REVIEWERS
            ),
        )


def facts(submission: Submission, names: NamesThen) -> Iterator[tuple[str, str]]:
    """Who wants to publish what, where and when."""
    planned = submission.planned_from.isoformat()
    if submission.planned_until:
        planned += f" 至 {submission.planned_until.isoformat()}"
    where = (wording.medium(submission.medium), submission.slot)
    yield "送审单位", names.company_named(submission.company)
    yield "送审件", submission.title
    yield "广告主", submission.advertiser
    yield "产品", submission.product or "未填写"
    yield "媒介与版位", "，".join(filter(None, where)) or "未填写"
    yield "计划发布", planned


def file_lines(version: Version) -> Iterator[FileLine]:
    """Every file of the version."""
    for file in version.files:
        yield FileLine(
            file.name,
            PURPOSES[file.purpose],
            file.stored.media_type,
            f"{file.stored.size:,} 字节",
            file.sha256,
        )


def remarks(
    comments: Sequence[Comment], parts: tuple[Part, ...], names: NamesThen
) -> Iterator[Remark]:
    """The comments that the submitter may read."""
    texts = {part.id: part.text for part in parts}
    for comment in comments:
        if comment.is_internal:
            continue
        place, words = "整件", ""
        if comment.part:
            place = part_name(comment.part, parts)
            words = texts.get(comment.part, "")[comment.start or 0 : comment.end or 0]
        author = names.person(comment.author)
        yield Remark(place, words, comment.text, author, moment(comment.created_at))


def signatures(submission: Submission, ruling: Ruling) -> Iterator[Signature]:
    """The reviewer; and who proposed, where a second person had to agree."""
    earlier = [
        one
        for one in submission.rulings
        if one.version_id == ruling.version_id and one.id < ruling.id
    ]
    if earlier and earlier[-1].step is Step.PROPOSE and ruling.step is Step.APPROVE:
        first = earlier[-1]
        yield Signature("审核人", signer(first), moment(first.at))
        yield Signature("复核人", signer(ruling), moment(ruling.at))
    else:
        yield Signature("审核人", signer(ruling), moment(ruling.at))


def made_by(provenance: Provenance) -> Iterator[tuple[str, str]]:
    """Programs and lists, with their versions."""
    yield "程序", f"adscan {provenance.adscan}"
    yield "规则库", provenance.rulebook or "未使用"
    yield "语义模型", provenance.classifier or "未使用"
    yield "文字识别", provenance.ocr or "未使用"
    yield "许可登记册", provenance.register or "未使用"
    if provenance.checked_at:
        yield "机审时间", wording.moment(provenance.checked_at)


def moment(at: datetime | None) -> str:
    """`2026-11-25 14:05` on the server's clock; empty for None."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else ""


def time_zone(at: datetime) -> str:
    """Of the server's clock: `UTC+08:00`."""
    return f"UTC{at.astimezone().isoformat()[-6:]}"


def _without_neighbours(passage: Passage) -> Passage:
    """Of a box around no words, only that it is there: words beside it are none of its."""
    boxes = [piece.evidence for piece in passage.pieces if piece.evidence]
    if any(evidence.text != BOXED for evidence in boxes):
        return passage
    pieces = tuple(Piece(BOXED, evidence) for evidence in boxes[:1])
    return replace(passage, pieces=pieces, place=passage.place.partition("，")[0])
