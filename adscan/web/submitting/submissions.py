"""What a submitter does: offer an advertisement, offer a new version, take it back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from adscan.records.medium import MEDIA
from adscan.settings import Settings
from adscan.web.audit.log import record
from adscan.web.comparing.fingerprint import fingerprint_of
from adscan.web.kept.clock import now
from adscan.web.kept.states import JobKind, Purpose, State, Step
from adscan.web.kept.tables import Person, Ruling, StoredFile, Submission, Version, VersionFile
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, Conflict
from adscan.web.store.files import FileStore
from adscan.web.store.queue import enqueue
from adscan.web.submitting.uploads import PERMIT_KINDS, Kept, Upload, keep

LONGEST_TEXT = 200_000  # characters of pasted words
LONGEST_NOTE = 4_000
FURTHEST_DAYS = 3 * 366  # a planned day may lie so far away


@dataclass(frozen=True)
class Particulars:
    """Who wants to publish what, where and when."""

    title: str
    advertiser: str
    product: str
    medium: str | None
    slot: str
    planned_from: date
    planned_until: date | None


@dataclass(frozen=True)
class Content:
    """The advertisement itself, with the papers that go with it."""

    text: str
    creatives: tuple[Upload, ...] = ()
    permits: tuple[Upload, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Intake:
    """What takes submissions in: the limits, and where files go."""

    settings: Settings
    store: FileStore


def checked(particulars: Particulars) -> Particulars:
    """The particulars, tidied. Raises BadInput naming each field that cannot be used."""
    faults: dict[str, str] = {}
    tidy: dict[str, Any] = {}
    for name, most in (("title", 200), ("advertiser", 200), ("product", 200), ("slot", 200)):
        value = clean(getattr(particulars, name)).replace("\n", " ").strip()
        if len(value) > most:
            faults[name] = f"不超过 {most} 字"
        tidy[name] = value
    if not tidy["advertiser"]:
        faults["advertiser"] = "请填写广告主名称"
    if not tidy["title"]:
        faults["title"] = "请填写标题，便于日后查找"
    if particulars.medium is not None and particulars.medium not in MEDIA:
        faults["medium"] = "没有这种媒介"
    first, last = particulars.planned_from, particulars.planned_until
    if abs((first - datetime.now().astimezone().date()).days) > FURTHEST_DAYS:
        faults["planned_from"] = "日期太远，请检查年份"
    if last is not None and last < first:
        faults["planned_until"] = "不能早于开始日期"
    if faults:
        raise BadInput("；".join(faults.values()), **faults)
    return Particulars(**tidy, medium=particulars.medium, planned_from=first, planned_until=last)


def submit(
    session: Session,
    identity: Identity,
    particulars: Particulars,
    content: Content,
    intake: Intake,
) -> Submission:
    """A new submission, waiting for the machine. Raises BadInput."""
    assert identity.company_id is not None
    particulars = checked(particulars)
    creatives, permits = keep_all(content, intake)
    at = now()
    submission = Submission(
        company_id=identity.company_id,
        created_by_id=identity.person_id,
        title=particulars.title,
        advertiser=particulars.advertiser,
        product=particulars.product,
        medium=particulars.medium,
        slot=particulars.slot,
        planned_from=particulars.planned_from,
        planned_until=particulars.planned_until,
        state=State.AWAITING_MACHINE,
        waiting_since=at,
        created_at=at,
    )
    session.add(submission)
    session.flush()
    _add_version(session, identity, submission, content, (creatives, permits))
    return submission


def revise(
    session: Session,
    identity: Identity,
    submission: Submission,
    content: Content,
    intake: Intake,
) -> Version:
    """A new version of what was returned. Raises Conflict, BadInput."""
    if submission.state is not State.RETURNED:
        raise Conflict("只有退回修改的送审件才能提交新版本", hint="其他情况请另行送审")
    creatives, permits = keep_all(content, intake)
    submission.state, submission.waiting_since = State.AWAITING_MACHINE, now()
    return _add_version(session, identity, submission, content, (creatives, permits))


def withdraw(session: Session, identity: Identity, submission: Submission) -> None:
    """Take it back; it stays on record. Raises Conflict."""
    if submission.state not in (State.AWAITING_MACHINE, State.AWAITING_PERSON, State.RETURNED):
        raise Conflict("已作出决定的送审件不能撤回")
    at = now()
    submission.state, submission.waiting_since = State.WITHDRAWN, at
    submission.proposed_by_id = None
    session.add(
        Ruling(
            submission_id=submission.id, version_id=submission.latest.id, step=Step.WITHDRAW,
            by_id=identity.person_id, at=at, signed=signature(identity, submission),
        )
    )  # fmt: skip
    record(session, identity.login, "submission.withdrawn", f"submission:{submission.id}")


def signature(identity: Identity, submission: Submission) -> dict[str, Any]:
    """Who rules, and on whose submission, by the names of today: names change, records do not."""
    return {
        "name": identity.name,
        "role": identity.role.value,
        "company": submission.company.name,
        "people": {str(person.id): person.name for person in _named_with(submission)},
    }


def _named_with(submission: Submission) -> Iterator[Person]:
    """Who else stands in the document that is signed."""
    for version in submission.versions:
        yield version.created_by
    for comment in submission.latest.comments:
        yield comment.author
    for finding in submission.latest.findings:
        yield from filter(None, (finding.added_by, finding.decided_by))


def same_content(session: Session, version: Version) -> list[Version]:
    """Earlier versions of other submissions with the very same content, newest first."""
    query = (
        select(Version)
        .where(
            Version.fingerprint == version.fingerprint,
            Version.submission_id != version.submission_id,
            Version.id < version.id,
        )
        .order_by(Version.id.desc())
        .limit(20)
    )
    return list(session.scalars(query))


def content_hash(particulars: Particulars, content: Content) -> str:
    """Of a whole request: whether a repeated one is the same."""
    parts = [repr(particulars), content.text, content.note]
    for purpose, uploads in (("creatives", content.creatives), ("permits", content.permits)):
        parts.append(purpose)
        for upload in uploads:
            parts += [upload.name, hashlib.sha256(upload.data).hexdigest()]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def keep_all(content: Content, intake: Intake) -> tuple[list[Kept], list[Kept]]:
    """The files, kept; one that comes twice is kept once."""
    text = clean(content.text)
    if not text.strip() and not content.creatives:
        raise BadInput("没有广告内容", hint="请填写文字或选择文件", text="请填写文字或选择文件")
    if len(text) > LONGEST_TEXT or len(content.note) > LONGEST_NOTE:
        raise BadInput("文字太长", hint=f"正文不超过 {LONGEST_TEXT} 字，可改为上传文件")
    if len(content.creatives) + len(content.permits) > intake.settings.web.max_files:
        raise BadInput(f"一次最多 {intake.settings.web.max_files} 个文件", hint="可打成 ZIP 上传")
    size = sum(len(upload.data) for upload in (*content.creatives, *content.permits))
    if size > intake.settings.web.max_upload_bytes:
        most = intake.settings.web.max_upload_bytes // 1_000_000
        raise BadInput(f"全部文件合计不能超过 {most} MB", hint="请压缩后再传")
    limits, store = intake.settings.limits, intake.store
    creatives = {kept.sha256: kept for kept in (keep(store, u, limits) for u in content.creatives)}
    permits = {
        kept.sha256: kept
        for kept in (keep(store, u, limits, PERMIT_KINDS) for u in content.permits)
    }
    return list(creatives.values()), list(permits.values())


def _add_version(
    session: Session,
    identity: Identity,
    submission: Submission,
    content: Content,
    files: tuple[list[Kept], list[Kept]],
) -> Version:
    creatives, permits = files
    text = clean(content.text)
    number = len(submission.versions) + 1
    version = Version(
        submission=submission,
        number=number,
        text=text,
        note=clean(content.note),
        fingerprint=fingerprint_of(text, [kept.sha256 for kept in creatives]),
        created_by_id=identity.person_id,
        created_at=now(),
    )
    session.add(version)
    session.flush()
    groups = ((Purpose.CREATIVE, creatives), (Purpose.PERMIT, permits))
    placed = [(purpose, kept) for purpose, files in groups for kept in files]
    # In one order for all: of two who send the same files, one waits for the other.
    for kept in sorted({*creatives, *permits}, key=lambda one: one.sha256):
        _note_file(session, kept)
    for position, (purpose, kept) in enumerate(placed):
        version.files.append(
            VersionFile(position=position, sha256=kept.sha256, name=kept.name, purpose=purpose)
        )
    enqueue(session, JobKind.REVIEW, version.id)
    record(
        session, identity.login, "version.submitted", f"submission:{submission.id}",
        version=number, fingerprint=version.fingerprint,
        files=[kept.sha256 for kept in (*creatives, *permits)],
    )  # fmt: skip
    return version


def _note_file(session: Session, kept: Kept) -> None:
    if session.get(StoredFile, kept.sha256) is not None:
        return
    row = StoredFile(
        sha256=kept.sha256, size=kept.size, media_type=kept.media_type, created_at=now()
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # someone else is sending the same file
        return


def clean(text: str) -> str:
    """Without what no database holds: NUL and halves of characters; line ends are unified."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c != "\0" and not 0xD800 <= ord(c) < 0xE000)
