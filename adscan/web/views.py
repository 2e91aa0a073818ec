"""What the API shows: submissions, versions, findings and comments, as far as one may see them.

Submitters see no internal comments, and what reviewers made of a version once it is decided on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from adscan.web.access import Action, may
from adscan.web.identity import Identity
from adscan.web.opinion import Opinion, concluding
from adscan.web.states import Purpose, Role, Scope, State, Step, Verdict
from adscan.web.tables import (
    Comment,
    Comparison,
    Person,
    Ruling,
    Submission,
    Version,
    VersionFinding,
)

BETWEEN_REVIEWERS = (Step.PROPOSE, Step.DECLINE)


class Shown(BaseModel):
    """What a program gets."""


class PersonView(Shown):
    """人员。"""

    id: int
    name: str

    @classmethod
    def of(cls, person: Person | None) -> PersonView | None:
        """None stays None."""
        return cls(id=person.id, name=person.name) if person else None


class CompanyView(Shown):
    """送审单位。"""

    id: int
    name: str


class Me(Shown):
    """令牌的主人。"""

    id: int
    login: str
    name: str
    role: Role
    company_id: Annotated[int | None, Field(description="送审员所属单位")]
    scopes: Annotated[list[Scope], Field(description="令牌的用途")]


class FileView(Shown):
    """上传的文件。"""

    id: int
    name: str
    purpose: Annotated[Purpose, Field(description="creative 广告内容，permit 资质证明")]
    sha256: str
    size: int
    media_type: Annotated[str, Field(description="按内容判断")]


class VersionSummary(Shown):
    """一版，不含内容。"""

    number: Annotated[int, Field(description="从 1 起")]
    fingerprint: Annotated[str, Field(description="广告指纹（SHA-256）")]
    created_at: datetime
    reviewed_at: Annotated[datetime | None, Field(description="机审完成的时间；空：还没有")]
    decision: Annotated[str | None, Field(description="机审结论")]
    risk: float | None

    @classmethod
    def of(cls, version: Version) -> VersionSummary:
        """What the list of versions says."""
        return cls(**_summary(version))


class VersionView(VersionSummary):
    """一版的内容。"""

    text: str
    note: Annotated[str, Field(description="送审人的说明")]
    created_by: PersonView | None
    files: list[FileView]

    @classmethod
    def of(cls, version: Version) -> VersionView:
        """With words and files."""
        return cls(
            **_summary(version),
            text=version.text,
            note=version.note,
            created_by=PersonView.of(version.created_by),
            files=[
                FileView(
                    id=file.id,
                    name=file.name,
                    purpose=file.purpose,
                    sha256=file.sha256,
                    size=file.stored.size,
                    media_type=file.stored.media_type,
                )
                for file in version.files
            ],
        )


def _summary(version: Version) -> dict[str, Any]:
    return {name: getattr(version, name) for name in VersionSummary.model_fields}


class RulingView(Shown):
    """人审的一步。"""

    step: Step
    version: Annotated[int, Field(description="针对第几版")]
    reason: str
    by: PersonView | None
    at: datetime


class SubmissionView(Shown):
    """送审件。"""

    id: int
    number: Annotated[str, Field(description="编号，如 2026-000012")]
    state: Annotated[
        State,
        Field(
            description="awaiting_machine 待机审，awaiting_person 待人审，returned 退回修改，"
            "approved 通过，refused 不予发布，withdrawn 已撤回"
        ),
    ]
    waiting_since: Annotated[datetime, Field(description="进入现在状态的时间")]
    title: str
    advertiser: str
    product: str
    medium: str | None
    slot: str
    planned_from: date
    planned_until: date | None
    company: CompanyView
    created_by: PersonView | None
    created_at: datetime
    reviewer: PersonView | None
    proposed_by: Annotated[
        PersonView | None, Field(description="提请复核通过的人；空：没有提请")
    ]  # fmt: skip
    lock: Annotated[int, Field(description="每有改动就增大；作决定时要带上")]
    versions: list[VersionSummary]
    rulings: list[RulingView]

    @classmethod
    def of(cls, submission: Submission, identity: Identity) -> SubmissionView:
        """As this person may see it."""
        internal = may(identity, Action.READ_INTERNAL)
        plain = (
            "id", "number", "state", "waiting_since", "title", "advertiser", "product", "medium",
            "slot", "planned_from", "planned_until", "created_at", "lock",
        )  # fmt: skip
        return cls(
            **{name: getattr(submission, name) for name in plain},
            company=CompanyView(id=submission.company_id, name=submission.company.name),
            created_by=PersonView.of(submission.created_by),
            reviewer=PersonView.of(submission.reviewer),
            proposed_by=PersonView.of(submission.proposed_by) if internal else None,
            versions=[VersionSummary.of(version) for version in submission.versions],
            rulings=list(_rulings(submission, internal=internal)),
        )


def _rulings(submission: Submission, *, internal: bool) -> Iterator[RulingView]:
    for ruling in submission.rulings:
        if internal or ruling.step not in BETWEEN_REVIEWERS:
            yield ruling_view(ruling)


def ruling_view(ruling: Ruling) -> RulingView:
    """One step."""
    return RulingView(
        step=ruling.step,
        version=ruling.version.number,
        reason=ruling.reason,
        by=PersonView.of(ruling.by),
        at=ruling.at,
    )


class SubmissionPage(Shown):
    """一页送审件。"""

    items: list[SubmissionView]
    next: Annotated[str | None, Field(description="下一页的地址；空：没有了")]


class FindingView(Shown):
    """一项问题，和人对它的认定。"""

    id: int
    rule: str
    verdict: Annotated[
        Verdict, Field(description="open 待处理，confirmed 认定，dismissed 不认定")
    ]  # fmt: skip
    reason: str
    added_by: Annotated[PersonView | None, Field(description="补充它的人；空：机审发现")]
    decided_by: PersonView | None
    decided_at: datetime | None
    is_carried: Annotated[bool, Field(description="认定沿用自上一版")]
    finding: Annotated[dict[str, Any], Field(description="同机审结果 findings 中的一项")]

    @classmethod
    def of(cls, row: VersionFinding, *, undecided: bool = False) -> FindingView:
        """The finding; `undecided`: as the machine left it."""
        return cls(
            id=row.id,
            rule=row.rule,
            verdict=Verdict.OPEN if undecided else row.verdict,
            reason="" if undecided else row.reason,
            added_by=PersonView.of(row.added_by),
            decided_by=None if undecided else PersonView.of(row.decided_by),
            decided_at=None if undecided else row.decided_at,
            is_carried=row.carried_from_id is not None and not undecided,
            finding=row.document,
        )


class FindingList(Shown):
    """一版的问题。"""

    items: list[FindingView]


def findings_of(version: Version, identity: Identity) -> FindingList:
    """The findings they may see, with verdicts once these are theirs to see."""
    undecided = not may(identity, Action.READ_INTERNAL) and not concluding(
        version.submission, version
    )
    return FindingList(
        items=[
            FindingView.of(row, undecided=undecided)
            for row in version.findings
            if not (undecided and row.added_by_id is not None)
        ]
    )


class CommentView(Shown):
    """批注。"""

    id: int
    text: str
    is_internal: Annotated[bool, Field(description="true：送审人看不到")]
    author: PersonView | None
    created_at: datetime
    part: Annotated[str | None, Field(description="空：针对整件")]
    start: int | None
    end: int | None
    polygon: list[list[float]] | None

    @classmethod
    def of(cls, comment: Comment) -> CommentView:
        """With its place."""
        plain = ("id", "text", "is_internal", "created_at", "part", "start", "end", "polygon")
        return cls(
            **{name: getattr(comment, name) for name in plain},
            author=PersonView.of(comment.author),
        )


class CommentList(Shown):
    """一版的批注。"""

    items: list[CommentView]


def comments_of(version: Version, identity: Identity) -> CommentList:
    """The comments they may see."""
    internal = may(identity, Action.READ_INTERNAL)
    return CommentList(
        items=[CommentView.of(c) for c in version.comments if internal or not c.is_internal]
    )


class OpinionFinding(Shown):
    """意见书中的一项问题。"""

    title: str
    verdict: Verdict
    reason: str
    decided_by: str
    decided_at: str
    explanation: str
    remedy: str
    provisions: list[str]


class OpinionView(Shown):
    """预审意见书的内容。"""

    number: str
    title: Annotated[str, Field(description="广告预审意见书，或退回时的广告预审修改意见")]
    is_final: bool
    step: Step
    reason: str
    decided_at: datetime
    version: int
    fingerprint: Annotated[str, Field(description="所决定的那一版的广告指纹")]
    facts: Annotated[dict[str, str], Field(description="送审时填写的各项")]
    findings: list[OpinionFinding]
    signatures: list[dict[str, str]]
    made_by: Annotated[dict[str, str], Field(description="所用程序、规则和名录的版本")]
    seal: Annotated[str | None, Field(description="审计日志中这一决定的封印")]

    @classmethod
    def of(cls, opinion: Opinion) -> OpinionView:
        """What the document says."""
        return cls(
            number=opinion.number,
            title=opinion.title,
            is_final=opinion.is_final,
            step=opinion.step,
            reason=opinion.reason,
            decided_at=opinion.decided_at,
            version=opinion.version.number,
            fingerprint=opinion.version.fingerprint,
            facts=dict(opinion.facts),
            findings=[
                OpinionFinding(
                    title=line.view.finding.title,
                    verdict=line.verdict,
                    reason=line.reason,
                    decided_by=line.decided_by,
                    decided_at=line.decided_at,
                    explanation=line.view.finding.explanation,
                    remedy=line.view.finding.remedy,
                    provisions=[
                        f"{one.title}{one.article}" for one in line.view.finding.legal_basis
                    ],
                )
                for line in opinion.findings
            ],
            signatures=[
                {"role": one.role, "name": one.name, "at": one.at} for one in opinion.signatures
            ],
            made_by=dict(opinion.made_by),
            seal=opinion.seal.seal if opinion.seal else None,
        )


class ComparisonView(Shown):
    """一次发布比对。"""

    id: int
    submission_id: int
    number: Annotated[str, Field(description="送审件的编号")]
    version: Annotated[int, Field(description="与第几版比对")]
    created_by: PersonView | None
    created_at: datetime
    outcome: Annotated[
        str | None, Field(description="same 一致，changed 有改动，error 读不出来；空：还没有比完")
    ]
    result: Annotated[dict[str, Any] | None, Field(description="改动在哪里")]

    @classmethod
    def of(cls, comparison: Comparison) -> ComparisonView:
        """As far as it has come."""
        version = comparison.version
        return cls(
            id=comparison.id,
            submission_id=version.submission_id,
            number=version.submission.number,
            version=version.number,
            created_by=PersonView.of(comparison.created_by),
            created_at=comparison.created_at,
            outcome=comparison.outcome,
            result=comparison.result,
        )
