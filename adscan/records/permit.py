"""The answer to: may this advertiser promote this?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from adscan.records.text import Span


class PermitStatus(str, Enum):
    """The contract's statuses."""

    COVERED = "covered"
    OUT_OF_SCOPE = "out_of_scope"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    NOT_IN_REGISTER = "not_in_register"
    AMBIGUOUS = "ambiguous"
    BANNED = "banned"
    NO_PUBLIC_PROMOTION = "no_public_promotion"
    NO_REGISTER = "no_register"
    NOT_REQUIRED = "not_required"


# Statuses that ask nothing of anybody.
IN_ORDER = (PermitStatus.COVERED, PermitStatus.NOT_REQUIRED)


class NameKind(str, Enum):
    """What sort of name an institution goes by."""

    FULL = "full"
    FORMER = "former"  # its full name until some day
    SHORT = "short"
    BRAND = "brand"
    APP = "app"
    ACCOUNT = "account"


class PermitState(str, Enum):
    """What the register says of a permit."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"  # taken away
    CANCELLED = "cancelled"  # given back


@dataclass(frozen=True)
class Institution:
    """A legal person, or a branch of one."""

    id: int  # in this register file only
    name: str  # the full name that it has now
    credit_code: str | None
    head: str | None  # full name of the legal person that a branch belongs to
    region: str  # place code such as 3303; empty: not known
    names: tuple[KnownName, ...] = ()


@dataclass(frozen=True)
class KnownName:
    """One of an institution's names. Days are the first and the last; None: not known, or now."""

    text: str
    kind: NameKind
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class PermitLine:
    """A permit as the register knew it on a day."""

    holder: str  # full name of the institution
    type: str  # id of the permit type
    number: str
    authority: str
    scope: tuple[str, ...]  # items as printed; empty: not told
    region: str  # as printed; empty: not told
    valid_from: date | None
    valid_to: date | None  # last day; None: without end, or not told
    state: PermitState
    state_since: date | None
    source: str  # which list it was read from
    snapshot: date  # the day of that list
    listed_until: date | None = None  # the day of a newer complete list that no longer has it


@dataclass(frozen=True)
class Snapshot:
    """One imported list."""

    source: str
    taken: date
    complete: bool  # it has every permit of its types, in its region
    types: frozenset[str]
    region: str  # place code; empty: the whole country
    file_name: str
    file_sha256: str
    rows: int


@dataclass(frozen=True, order=True)
class ActivityPlace:
    """Words that name an activity, a company or a number, in a part's NormalText."""

    part_id: str
    span: Span


@dataclass(frozen=True)
class Activity:
    """A business that the advertisement promotes."""

    id: str  # as in the permit table: fund_sales, deposit, …
    name: str  # Chinese
    confidence: float
    places: tuple[ActivityPlace, ...]


class NameSource(str, Enum):
    """Where an advertiser's name was found, strongest first."""

    GIVEN = "given"  # by the caller
    ACCOUNT = "account"  # the page's publishing account
    RECORD = "record"  # ICP record or copyright line
    CONTACT = "contact"  # contact block, signature of a message
    TEXT = "text"  # a company name in the text
    BRAND = "brand"  # a name out of the register
    NUMBER = "number"  # a permit number or credit code


class Role(str, Enum):
    """What a named company has to do with the ad."""

    PROMOTER = "promoter"
    PROVIDER = "provider"  # offers the product that someone else promotes
    NEITHER = "neither"  # custodian, partner, regulator


@dataclass(frozen=True)
class Candidate:
    """A company that may be the advertiser."""

    name: str  # as written
    source: NameSource
    role: Role
    confidence: float
    places: tuple[ActivityPlace, ...] = ()  # empty: not in the text
    institutions: tuple[Institution, ...] = ()  # that the register has under this name
    sure: bool = True  # they bear it; False: they may


@dataclass(frozen=True)
class ActivityCheck:
    """The permit verdict on one activity."""

    activity: str  # its id
    status: PermitStatus
    reason: str  # one Chinese sentence
    permits: tuple[PermitLine, ...] = ()  # the lines that were compared
    proven: bool = True  # False: only a reason to look, such as an incomplete register


@dataclass(frozen=True)
class NumberFault:
    """A printed number that does not fit."""

    place: ActivityPlace
    number: str
    reason: str  # one Chinese sentence
    proven: bool = True  # False: it may be a slip of the pen or of the reading


@dataclass(frozen=True)
class PermitCheck:
    """The permit verdict of one advertisement: the gravest of its activities."""

    status: PermitStatus
    advertiser: str | None
    activities: tuple[Activity, ...] = ()
    checks: tuple[ActivityCheck, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    numbers: tuple[NumberFault, ...] = ()
    reason: str = ""
    day: date | None = None
    snapshots: Mapping[str, date] = field(default_factory=dict)  # source: day of the list used
