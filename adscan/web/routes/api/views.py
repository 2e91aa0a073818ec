"""What the API shows: people, submissions and versions, as far as one may see them.

Findings and comments are in finding_views.py, what came of it all in outcome_views.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from adscan.web.deciding.concluding import BETWEEN_REVIEWERS, concluding
from adscan.web.kept.states import Purpose, Role, Scope, State, Step
from adscan.web.kept.tables import (
    Person,
    Ruling,
    Submission,
    Version,
)
from adscan.web.people.access import Action, may
from adscan.web.people.identity import Identity


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
    purpose: Annotated[Purpose, Field(description="creative 广告内容，permit 许可证明")]
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
    reviewer: Annotated[
        PersonView | None, Field(description="审核员；送审员在有决定之后才见到")
    ]  # fmt: skip
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
        decided = concluding(submission, submission.latest) is not None
        plain = (
            "id", "number", "state", "waiting_since", "title", "advertiser", "product", "medium",
            "slot", "planned_from", "planned_until", "created_at", "lock",
        )  # fmt: skip
        return cls(
            **{name: getattr(submission, name) for name in plain},
            company=CompanyView(id=submission.company_id, name=submission.company.name),
            created_by=PersonView.of(submission.created_by),
            reviewer=PersonView.of(submission.reviewer) if internal or decided else None,
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
