"""What the API shows of findings and comments.

Submitters see no internal comments, and what reviewers made of a version once it is decided on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from adscan.web.deciding.concluding import concluding
from adscan.web.kept.states import Verdict
from adscan.web.kept.tables import Comment, Version, VersionFinding
from adscan.web.people.access import Action, may
from adscan.web.people.identity import Identity
from adscan.web.routes.api.views import PersonView, Shown


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
