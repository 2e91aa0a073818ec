"""The decision document (预审意见书): all that it says, out of the records of one version.

Nothing here depends on the day it is asked for, nor on who asks: the same decision always gives
the same document. It goes to the submitter: what reviewers say to each other is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jinja2 import Environment
from sqlalchemy import select
from sqlalchemy.orm import Session

from adscan import __version__
from adscan.records.ad import Ad, AdKind, Placement
from adscan.records.review import AdSummary, Case, Provenance, Review
from adscan.records.rule import Decision
from adscan.report import wording
from adscan.report.ad_page import AdPage, ad_page
from adscan.web.deciding.concluding import concluding
from adscan.web.kept.recorded import review_of
from adscan.web.kept.states import Step, Verdict
from adscan.web.kept.tables import AuditEntry, Ruling, Submission, Version
from adscan.web.problems import Conflict, NotFound
from adscan.web.showing import opinion_lines as lines
from adscan.web.showing.names_then import NamesThen
from adscan.web.showing.opinion_lines import FindingLine, VersionLine
from adscan.web.showing.opinion_material import Material, ReadFile, kept_sheet, material_of

FINAL = (Step.APPROVE, Step.REFUSE)


@dataclass(frozen=True)
class Seal:
    """The entry of the audit log in which the decision stands."""

    seq: int
    seal: str


@dataclass(frozen=True)
class Opinion:
    """Everything the document says."""

    ruling_id: int
    number: str
    step: Step
    reason: str
    decided_at: datetime
    facts: tuple[tuple[str, str], ...]
    versions: tuple[VersionLine, ...]  # up to the one decided on
    files: tuple[lines.FileLine, ...]
    findings: tuple[FindingLine, ...]
    remarks: tuple[lines.Remark, ...]
    page: AdPage  # mentions, gaps, and what the rules did not cover
    material: Material
    made_by: tuple[tuple[str, str], ...]  # programs and lists, with their versions
    signatures: tuple[lines.Signature, ...]
    seal: Seal | None

    @property
    def is_final(self) -> bool:
        """Whether it decides; else it only asks for changes."""
        return self.step in FINAL

    @property
    def title(self) -> str:
        """What stands at its head."""
        return "广告预审意见书" if self.is_final else "广告预审修改意见"

    @property
    def version(self) -> VersionLine:
        """The version decided on."""
        return self.versions[-1]

    @property
    def time_zone(self) -> str:
        """Of all times in it."""
        return lines.time_zone(self.decided_at)

    @property
    def file_name(self) -> str:
        """As it is saved, without ending."""
        return f"{self.title}-{self.number}-第{self.version.number}版"

    @property
    def groups(self) -> tuple[tuple[Verdict, str, tuple[FindingLine, ...]], ...]:
        """The findings by verdict, those that stand first."""
        named = (
            (Verdict.CONFIRMED, "认定的问题"),
            (Verdict.OPEN, "尚未处理的问题"),
            (Verdict.DISMISSED, "机审提示、人工不认定的问题"),
        )
        return tuple((verdict, title, self._with(verdict)) for verdict, title in named)

    def _with(self, verdict: Verdict) -> tuple[FindingLine, ...]:
        return tuple(line for line in self.findings if line.verdict is verdict)


def opinion_of(
    submission: Submission,
    read: ReadFile,
    *,
    version_number: int | None = None,
    seal: Seal | None = None,
) -> Opinion:
    """The document on the latest version, or on an earlier one; `read` gives kept pictures.

    Raises NotFound for a version there is not, Conflict if nothing was decided on it.
    """
    version, ruling = _decided(submission, version_number)
    review = _review(version)
    page = ad_page(1, Case(review, _ad(review, version, read)))
    names = NamesThen.of(ruling)
    found = tuple(
        lines.finding_line(view, row, names)
        for view, row in zip(page.findings, version.findings, strict=True)
    )
    return Opinion(
        ruling_id=ruling.id,
        number=submission.number,
        step=ruling.step,
        reason=ruling.reason,
        decided_at=ruling.at,
        facts=tuple(lines.facts(submission, names)),
        versions=tuple(lines.version_lines(submission, version, ruling, names)),
        files=tuple(lines.file_lines(version)),
        findings=found,
        remarks=tuple(lines.remarks(version.comments, review.parts, names)),
        page=replace(
            page,
            mentions=tuple(
                replace(view, passages=lines.shortened(view.passages)[0]) for view in page.mentions
            ),
        ),
        material=material_of(page, {line.view.key: line.style for line in found}),
        made_by=tuple(lines.made_by(review.provenance)),
        signatures=tuple(lines.signatures(submission, ruling)),
        seal=seal,
    )


def find_opinion(
    session: Session, submission: Submission, read: ReadFile, version_number: int | None = None
) -> Opinion:
    """`opinion_of` with its seal looked up. Raises NotFound, Conflict."""
    _, ruling = _decided(submission, version_number)
    seal = decision_seal(session, ruling)
    return opinion_of(submission, read, version_number=version_number, seal=seal)


def decision_seal(session: Session, ruling: Ruling) -> Seal | None:
    """The audit entry of the ruling, the log's head at that moment. None if there is none."""
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == f"submission:{ruling.submission_id}")
        .where(AuditEntry.action == f"submission.{ruling.step.value}")
        .order_by(AuditEntry.seq.desc())
    )
    number = ruling.version.number
    return next((Seal(e.seq, e.seal) for e in entries if e.detail.get("version") == number), None)


def render_opinion(templates: Environment, opinion: Opinion, *, back: str = "") -> str:
    """The page. With `back`, the submission's address, it bears a bar for the screen."""
    return templates.get_template("opinion.html").render(
        opinion=opinion, review=opinion.page.review, back=back, Verdict=Verdict, Step=Step,
        wording=wording,
    )  # fmt: skip


def _decided(submission: Submission, number: int | None) -> tuple[Version, Ruling]:
    wanted = submission.latest.number if number is None else number
    version = next((one for one in submission.versions if one.number == wanted), None)
    if version is None:
        raise NotFound(f"没有第 {number} 版", hint="请检查地址")
    ruling = concluding(submission, version)
    if ruling is None:
        raise Conflict("这一版还没有作出决定，没有意见书", hint="通过、不予发布或退回之后才有")
    return version, ruling


def _review(version: Version) -> Review:
    findings: Sequence[dict[str, Any]] = [one.document for one in version.findings]
    return review_of(version.review or _not_reviewed(version), findings)


def _not_reviewed(version: Version) -> dict[str, Any]:
    """What stands for the machine's review where there is none."""
    ad = dict.fromkeys(AdSummary.__dataclass_fields__, None)
    made = dict.fromkeys(Provenance.__dataclass_fields__, None)
    return {
        "ad": {**ad, "id": version.fingerprint, "source": "", "published": ""},
        "decision": Decision.ERROR.value,
        "risk": 0.0,
        "genre": {"label": "other", "confidence": 0.0},
        "mentions": [],
        "not_checked": [],
        "permit_check": {"status": "no_register"},
        "parts": [],
        "provenance": {**made, "adscan": __version__, "rulebook": "", "checked_at": ""},
        "errors": [{"code": "not_reviewed", "message": "机器没有审查这一版"}],
    }


def _ad(review: Review, version: Version, read: ReadFile) -> Ad:
    """The advertisement with the pictures that the worker kept."""
    kept = version.pictures or {}
    sheets = tuple(kept_sheet(part, kept.get(part.id), read) for part in review.parts)
    kind = AdKind(review.ad.kind) if review.ad.kind else AdKind.MIXED
    placement = Placement(version.submission.planned_from)
    return Ad(review.ad.id, review.ad.source, "", kind, placement, sheets)
