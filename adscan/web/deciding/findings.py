"""What reviewers do with single findings: confirm, dismiss, add; and comments pinned to a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from adscan.records.review import Evidence, Finding
from adscan.records.rule import Decision, Severity
from adscan.report.document import finding_document
from adscan.rulebook.loader import load_rulebook
from adscan.rulebook.rulebook import Rulebook
from adscan.settings import load_settings
from adscan.web.audit.log import record
from adscan.web.deciding.pointing import Pointed, evidence_at
from adscan.web.deciding.rule_choices import OTHER, OTHER_TITLE, rule_choices
from adscan.web.kept.clock import now
from adscan.web.kept.states import VERDICT_NAMES, State, Verdict
from adscan.web.kept.tables import Comment, Submission, VersionFinding
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, Conflict, NotFound

LONGEST = 4_000  # characters of a reason, an explanation, a comment


@dataclass(frozen=True)
class Remark:
    """What a reviewer has against an advertisement, in their own words."""

    rule: str  # an id of the rulebook, or `other`
    explanation: str = ""  # empty: the rule's own
    remedy: str = ""
    severity: Severity = Severity.MEDIUM  # of `other`; rules have their own


@dataclass(frozen=True)
class Judgement:
    """What a reviewer makes of one finding."""

    finding_id: int
    verdict: Verdict  # open: decided after all not yet
    reason: str
    seen: Verdict  # what stood there when they decided


@dataclass(frozen=True)
class Note:
    """A comment to be pinned somewhere."""

    text: str
    is_internal: bool  # not shown to the submitter


def decide_finding(
    session: Session, identity: Identity, submission: Submission, judgement: Judgement
) -> VersionFinding:
    """Confirm or dismiss a finding of the latest version, or open it again.

    Raises NotFound, Conflict if someone was faster or it is no longer the time, BadInput for a
    dismissal without a reason.
    """
    _must_be_under_review(submission)
    version = submission.latest
    found = next((row for row in version.findings if row.id == judgement.finding_id), None)
    if found is None:
        raise NotFound("这一版里没有这项问题", hint="可能已有新版本，请刷新页面")
    if found.verdict is not judgement.seen:
        by = found.decided_by.name if found.decided_by else "别人"
        raise Conflict(
            f"{by}刚刚把这一项改成了“{VERDICT_NAMES[found.verdict]}”", hint="请刷新页面后再决定"
        )
    verdict, reason = judgement.verdict, _text(judgement.reason, "reason")
    if verdict is Verdict.DISMISSED and not reason:
        raise BadInput("不认定须写明理由", reason="不认定须写明理由")
    is_open = verdict is Verdict.OPEN
    found.verdict, found.reason = verdict, "" if is_open else reason
    found.decided_by_id = None if is_open else identity.person_id
    found.decided_at = None if is_open else now()
    found.carried_from_id = None
    _touch(session, submission)
    session.refresh(found, ["decided_by"])
    record(
        session, identity.login, f"finding.{verdict.value}", f"submission:{submission.id}",
        version=version.number, finding=found.id, rule=found.rule, was=judgement.seen.value,
        reason=reason,
    )  # fmt: skip
    return found


def add_finding(
    session: Session,
    identity: Identity,
    submission: Submission,
    remark: Remark,
    pointed: Pointed,
) -> VersionFinding:
    """A finding that the machine missed; confirmed already. Raises BadInput, Conflict."""
    _must_be_under_review(submission)
    version = submission.latest
    evidence = evidence_at(version, pointed)
    finding = _finding(submission, remark, evidence)
    row = VersionFinding(
        rule=finding.rule,
        added_by_id=identity.person_id,
        document=finding_document(finding),
        verdict=Verdict.CONFIRMED,
        reason="",
        decided_by_id=identity.person_id,
        decided_at=now(),
    )
    version.findings.append(row)
    _touch(session, submission)
    record(
        session, identity.login, "finding.added", f"submission:{submission.id}",
        version=version.number, finding=row.id, rule=row.rule, document=row.document,
    )  # fmt: skip
    return row


def add_comment(
    session: Session,
    identity: Identity,
    submission: Submission,
    note: Note,
    pointed: Pointed,
) -> Comment:
    """A comment on the latest version. Raises BadInput, Conflict."""
    if submission.state is not State.AWAITING_PERSON:
        raise Conflict("这件送审现在不在人审阶段，不能批注", hint="请刷新页面查看最新状态")
    text = _text(note.text, "text")
    if not text:
        raise BadInput("请写下批注内容", text="请写下批注内容")
    version = submission.latest
    places = evidence_at(version, pointed)
    comment = Comment(
        part=places[0].part if places else None,
        start=places[0].start if places else None,
        end=places[-1].end if places else None,
        polygon=[list(point) for point in _around(places)] or None,
        text=text,
        is_internal=note.is_internal,
        author_id=identity.person_id,
        created_at=now(),
    )
    version.comments.append(comment)
    _touch(session, submission)
    record(
        session, identity.login, "comment.added", f"submission:{submission.id}",
        version=version.number, comment=comment.id, internal=note.is_internal, text=text,
    )  # fmt: skip
    return comment


def _finding(submission: Submission, remark: Remark, evidence: tuple[Evidence, ...]) -> Finding:
    explanation = _text(remark.explanation, "explanation")
    remedy = _text(remark.remedy, "remedy")
    if remark.rule == OTHER:
        if not explanation:
            raise BadInput("请写明是什么问题", explanation="请写明是什么问题、依据是什么")
        return Finding(
            OTHER, OTHER_TITLE, OTHER, remark.severity, Decision.REVISE, 1.0, (), evidence, (),
            explanation, remedy,
        )  # fmt: skip
    if remark.rule not in {choice.id for choice in rule_choices()}:
        raise BadInput("请选择一条规则", rule="请选择一条规则；没有合适的就选“其他问题”")
    rule = _rulebook()[remark.rule].rule
    law = rule.basis_on(submission.planned_from, medium=submission.medium)
    return Finding(
        rule.id, rule.title, rule.category, rule.severity, rule.decision, 1.0, (), evidence, law,
        explanation or rule.explanation, remedy or rule.remedy,
    )  # fmt: skip


@cache
def _rulebook() -> Rulebook:
    return load_rulebook((), load_settings().cache_dir)


def _must_be_under_review(submission: Submission) -> None:
    if submission.state is not State.AWAITING_PERSON:
        raise Conflict("这件送审现在不在人审阶段", hint="请刷新页面查看最新状态")
    if submission.proposed_by_id is not None:
        raise Conflict("这件已提请复核，复核之前不能改动认定", hint="复核不同意后可以再改")


def _touch(session: Session, submission: Submission) -> None:
    """Let the lock grow: whoever decides on the whole must have seen this."""
    flag_modified(submission, "state")
    session.flush()


def _around(places: Sequence[Evidence]) -> list[tuple[float, float]]:
    """One box around all places."""
    points = [point for one in places for point in one.polygon]
    if not points:
        return []
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _text(given: str, field: str) -> str:
    text = given.replace("\r\n", "\n").replace("\0", "").strip()
    text = "".join(char for char in text if not 0xD800 <= ord(char) < 0xE000)
    if len(text) > LONGEST:
        raise BadInput("文字太长", **{field: f"不超过 {LONGEST} 字"})
    return text
