"""Rules and the law behind them, as the other stages see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Severity(str, Enum):
    """How grave a fault is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Decision(str, Enum):
    """The contract's decisions."""

    PASS = "pass"
    REVIEW = "review"
    REVISE = "revise"
    REJECT = "reject"
    ERROR = "error"


class Status(str, Enum):
    """How far a rule is: drafts are not run, trial rules only ever ask for review."""

    DRAFT = "draft"
    TRIAL = "trial"
    STABLE = "stable"
    RETIRED = "retired"


class MentionReason(str, Enum):
    """Why words of a rule are no finding."""

    NEGATED = "negated"
    EDUCATION = "education"
    QUOTED = "quoted"
    EXEMPT = "exempt"
    NOT_AN_ADVERTISEMENT = "not_an_advertisement"


class Checked(str, Enum):
    """How well a person has checked a provision."""

    TEXT = "text"  # the provision itself was read
    RESTATED = "restated"  # only a report or official answer about it was read
    RECALLED = "recalled"  # from memory; shown as 待核原文


class Level(str, Enum):
    """Rank of an instrument."""

    LAW = "law"
    REGULATION = "regulation"
    RULE = "rule"
    NORMATIVE = "normative"
    INTERPRETATION = "interpretation"
    LOCAL = "local"
    POLICY = "policy"
    SELF_REGULATORY = "self-regulatory"
    GUIDE = "guide"


@dataclass(frozen=True)
class Provision:
    """One provision of an instrument, in our words, with its days in force."""

    ref: str  # ad-law#25.1
    instrument: str  # ad-law
    title: str  # the instrument's full title
    article: str
    gist: str
    level: Level
    in_force_from: date
    in_force_until: date | None  # last day; None means still in force
    checked: Checked
    penalty: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the provision holds on `day`."""
        return self.in_force_from <= day and (
            self.in_force_until is None or day <= self.in_force_until
        )


@dataclass(frozen=True)
class Example:
    """A text and the day on which it is judged; None is the day the tests are run for."""

    text: str
    published: date | None = None


@dataclass(frozen=True)
class Rule:
    """One rule's words for people; its matchers stay inside the rulebook."""

    id: str
    title: str
    category: str
    status: Status
    severity: Severity
    decision: Decision
    explanation: str
    remedy: str
    limits: str
    exceptions: tuple[str, ...]
    context: frozenset[MentionReason]  # which contexts turn a hit into a mention
    needs: tuple[str, ...]  # what it would need to decide fully: "register", "medium", …
    basis: tuple[Provision, ...]  # all, whatever their dates
    file: str  # where the rule is written, for messages

    def basis_on(self, day: date) -> tuple[Provision, ...]:
        """The provisions in force on `day`; a policy alone grounds nothing, so then empty."""
        held = tuple(p for p in self.basis if p.in_force(day))
        return held if any(p.level is not Level.POLICY for p in held) else ()
