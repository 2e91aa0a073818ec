"""The verdict: findings with words, pixels and provisions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from adscan.records.ad import Ad
from adscan.records.hit import Origin
from adscan.records.part import Notice, Part, Polygon
from adscan.records.permit import PermitCheck
from adscan.records.rule import Decision, MentionReason, Provision, Severity


class GenreLabel(str, Enum):
    """The contract's genres."""

    ADVERTISEMENT = "advertisement"
    SOFT_ARTICLE = "soft_article"
    NEWS = "news"
    EDUCATION = "education"
    LEGAL = "legal"
    COMPLAINT = "complaint"
    OTHER = "other"


@dataclass(frozen=True)
class Genre:
    """What sort of text the whole is."""

    label: GenreLabel
    confidence: float


@dataclass(frozen=True)
class Evidence:
    """One place of a finding: characters of the part's text, and pixels where known."""

    part: str
    text: str  # the original characters
    start: int  # code points in the part's text
    end: int
    page: int | None = None  # from 1
    polygon: Polygon = ()
    read_as: str | None = None  # the term that a disguise spells; None if written plainly


@dataclass(frozen=True)
class Finding:
    """One fault with all its places."""

    rule: str
    title: str
    category: str
    severity: Severity
    decision: Decision  # what this finding alone asks for
    confidence: float
    origin: tuple[Origin, ...]
    evidence: tuple[Evidence, ...]
    legal_basis: tuple[Provision, ...]
    explanation: str
    remedy: str
    authority: str = ""  # who leads, in Chinese; empty if the table has no row


@dataclass(frozen=True)
class Mention:
    """Words of a rule that are no fault here, and why."""

    rule: str
    evidence: tuple[Evidence, ...]
    reason: MentionReason
    title: str = ""  # the rule's; empty if not known


@dataclass(frozen=True)
class NotChecked:
    """A rule that could not be judged, and what was missing."""

    rule: str
    reason: str  # the contract's words
    title: str = ""  # the rule's; empty if not known


@dataclass(frozen=True)
class ReviewError:
    """Something that could not be read."""

    code: str
    message: str  # Chinese, says what to do
    part: str | None = None


@dataclass(frozen=True)
class Provenance:
    """What produced the review."""

    adscan: str
    rulebook: str
    classifier: str | None
    ocr: str | None
    register: str | None
    checked_at: str  # ISO 8601 with offset


@dataclass(frozen=True)
class AdSummary:
    """The contract's `ad` object."""

    id: str
    source: str
    sha256: str | None  # None if the bytes could not be read
    title: str | None
    advertiser: str | None
    published: str
    medium: str | None
    kind: str | None


@dataclass(frozen=True)
class Review:
    """The whole verdict on one advertisement."""

    ad: AdSummary
    decision: Decision
    risk: float
    genre: Genre
    findings: tuple[Finding, ...]
    mentions: tuple[Mention, ...]
    not_checked: tuple[NotChecked, ...]
    permit_check: PermitCheck
    parts: tuple[Part, ...]
    provenance: Provenance
    errors: tuple[ReviewError, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Case:
    """A review and the advertisement it is about, for reports that show the picture."""

    review: Review
    ad: Ad | None  # None if it could not be read
