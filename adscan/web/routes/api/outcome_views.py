"""What the API shows of the decision document and of comparisons."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from adscan.web.kept.states import Step, Verdict
from adscan.web.kept.tables import Comparison
from adscan.web.routes.api.views import PersonView, Shown
from adscan.web.showing.opinion import Opinion


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
        str | None, Field(description="same 一致，changed 有改动，unsure 比不准；空：还没有比完")
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
