"""The tables of the service. What was decided is kept; nothing here is ever deleted but sessions.

Times are UTC. JSON columns hold the contract's objects word for word.
"""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from adscan.web.kept.states import JobKind, JobState, Purpose, Role, State, Step, Verdict

Document = dict[str, Any]


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite has no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        """Stored without its zone."""
        return None if value is None else value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: object) -> datetime | None:
        """Comes back aware."""
        return None if value is None else value.replace(tzinfo=timezone.utc)


def _names(kind: Any) -> Enum:
    """A column of an enum's values, checked by the database's own column type as text."""
    return Enum(
        kind, native_enum=False, length=32, values_callable=lambda all_: [one.value for one in all_]
    )


# SQLite counts rows by itself only in a column called INTEGER.
BIG = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcTime,
        Document: JSON,
        list[Any]: JSON,
        State: _names(State),
        Role: _names(Role),
        Verdict: _names(Verdict),
        Step: _names(Step),
        Purpose: _names(Purpose),
        JobKind: _names(JobKind),
        JobState: _names(JobState),
    }


class Company(Base):
    """Whom a submitter works for."""

    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]


class Person(Base):
    """Someone who can sign in. Never deleted: the record names them."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))  # submitters only
    password_hash: Mapped[str | None] = mapped_column(String(200))  # None: not yet set
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    company: Mapped[Company | None] = relationship()


class Invitation(Base):
    """A one-time link: to set a password, or to become the first admin."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the first admin
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """A browser's session; the cookie holds the token whose hash this is."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class SignInFailure(Base):
    """How often signing in has failed of late, by login name and by address."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)  # `login:…`, `address:…`
    count: Mapped[int]
    last_at: Mapped[datetime]


class ApiToken(Base):
    """A program's way in, on behalf of a person."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(16))  # shown, so that it can be told from others
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Submission(Base):
    """An advertisement under pre-review, through all its versions."""

    __tablename__ = "submissions"
    __table_args__ = (
        Index(None, "state", "waiting_since"),
        Index(None, "company_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(200))
    advertiser: Mapped[str] = mapped_column(String(200), index=True)
    product: Mapped[str] = mapped_column(String(200), default="")
    medium: Mapped[str | None] = mapped_column(String(40))  # an id of records.medium
    slot: Mapped[str] = mapped_column(String(200), default="")  # 版面、时段、广告位
    planned_from: Mapped[date]
    planned_until: Mapped[date | None]
    state: Mapped[State]
    waiting_since: Mapped[datetime]  # of the present state
    created_at: Mapped[datetime] = mapped_column(index=True)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # first of two
    lock: Mapped[int] = mapped_column()  # grows with every change: who acts has seen the latest

    company: Mapped[Company] = relationship()
    created_by: Mapped[Person] = relationship(foreign_keys=created_by_id)
    reviewer: Mapped[Person | None] = relationship(foreign_keys=reviewer_id)
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=proposed_by_id)
    versions: Mapped[list[Version]] = relationship(
        back_populates="submission", order_by="Version.number"
    )
    rulings: Mapped[list[Ruling]] = relationship(back_populates="submission", order_by="Ruling.id")

    __mapper_args__ = {"version_id_col": lock}  # noqa: RUF012

    @property
    def number(self) -> str:
        """As people call it: 2026-000012."""
        return f"{self.created_at.astimezone().year}-{self.id:06d}"

    @property
    def latest(self) -> Version:
        """The version under review."""
        return self.versions[-1]


class Version(Base):
    """What was submitted at one time, and what the machine made of it."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    number: Mapped[int]  # from 1
    text: Mapped[str] = mapped_column(Text, default="")  # pasted words; files stand beside
    note: Mapped[str] = mapped_column(Text, default="")  # the submitter's, on what changed
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)  # SHA-256, see fingerprint.py
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]  # by the machine
    decision: Mapped[str | None] = mapped_column(String(16))  # the machine's
    risk: Mapped[float | None]
    # The contract's review; None: not yet. Large, so it comes only when asked for.
    review: Mapped[Document | None] = mapped_column(deferred=True)
    # By part id: {sha256, width, height, units_per_pixel}.
    pictures: Mapped[Document | None] = mapped_column(deferred=True)

    submission: Mapped[Submission] = relationship(back_populates="versions")
    created_by: Mapped[Person] = relationship()
    files: Mapped[list[VersionFile]] = relationship(order_by="VersionFile.position")
    findings: Mapped[list[VersionFinding]] = relationship(
        back_populates="version", order_by="VersionFinding.id"
    )
    comments: Mapped[list[Comment]] = relationship(order_by="Comment.id")


class StoredFile(Base):
    """Bytes in the content-addressed folder."""

    __tablename__ = "files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BIG)
    media_type: Mapped[str] = mapped_column(String(100))  # by content
    created_at: Mapped[datetime]


class VersionFile(Base):
    """A file of a version, under the name it came with."""

    __tablename__ = "version_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("files.sha256"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    purpose: Mapped[Purpose]

    stored: Mapped[StoredFile] = relationship()


class VersionFinding(Base):
    """A finding of the machine or of a person, and what a person decided on it."""

    __tablename__ = "findings"
    __table_args__ = (Index(None, "rule", "verdict"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    rule: Mapped[str] = mapped_column(String(80))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the machine
    document: Mapped[Document]  # the contract's finding
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))

    version: Mapped[Version] = relationship(back_populates="findings")
    added_by: Mapped[Person | None] = relationship(foreign_keys=added_by_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)


class Comment(Base):
    """A remark pinned to a place of a version, or to the whole of it."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    part: Mapped[str | None] = mapped_column(String(40))  # None: the whole
    start: Mapped[int | None]  # code points of the part's text
    end: Mapped[int | None]
    polygon: Mapped[list[Any] | None]  # in the part's units
    text: Mapped[str] = mapped_column(Text)
    is_internal: Mapped[bool]  # not shown to the submitter
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class Ruling(Base):
    """A step a person took with a submission as a whole."""

    __tablename__ = "rulings"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    step: Mapped[Step]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    # As they were called then: {name, role, company (of the submission), people}.
    signed: Mapped[Document | None]

    submission: Mapped[Submission] = relationship(back_populates="rulings")
    version: Mapped[Version] = relationship()
    by: Mapped[Person] = relationship()


class Comparison(Base):
    """What was published, held against an approved version."""

    __tablename__ = "comparisons"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[list[Any]]  # {name, sha256}
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(16))  # same, changed, unsure; None: not yet
    result: Mapped[Document | None]
    pictures: Mapped[Document | None]  # of what was published; as Version.pictures

    version: Mapped[Version] = relationship()
    created_by: Mapped[Person] = relationship()


class Job(Base):
    """Work for a worker. A running job whose lease is over is free again: its worker is gone."""

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "state", "run_after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind]
    subject_id: Mapped[int] = mapped_column(index=True)  # version or comparison
    state: Mapped[JobState]
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(80))
    stage: Mapped[str] = mapped_column(String(80), default="")  # Chinese, for the progress page
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")


class IdempotencyKey(Base):
    """A request that was done under a name its sender gave: not done twice."""

    __tablename__ = "idempotency_keys"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    created_at: Mapped[datetime]


class AuditEntry(Base):
    """One thing that was done; each entry's seal covers the one before. Triggers forbid changes."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)  # from 1, no gaps
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))  # login name; 系统
    action: Mapped[str] = mapped_column(String(40), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)  # `submission:12`
    detail: Mapped[Document]
    seal: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last entry: whoever adds one takes this row first."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    seq: Mapped[int] = mapped_column(BIG)
    seal: Mapped[str] = mapped_column(String(64))
