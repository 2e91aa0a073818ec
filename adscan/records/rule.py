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
    media: frozenset[str] = frozenset()  # it only concerns ads on these; empty: on any

    def in_force(self, day: date) -> bool:
        """Whether the provision holds on `day`."""
        return self.in_force_from <= day and (
            self.in_force_until is None or day <= self.in_force_until
        )

    def concerns(self, medium: str | None) -> bool:
        """Whether it may apply to an ad on `medium`; an unknown medium rules nothing out."""
        return not self.media or medium is None or medium in self.media


@dataclass(frozen=True)
class Ground:
    """A provision that a rule stands on; with products, only for ads that promote one of them."""

    provision: Provision
    products: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Example:
    """A text, the day on which it is judged (None: the day of the test run), and its medium."""

    text: str
    published: date | None = None
    medium: str | None = None


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
    exemptions: frozenset[str]  # codes of the general exemptions that release its hits
    needs: tuple[str, ...]  # what it would need to decide fully: "register", "medium", …
    products: tuple[str, ...]  # activity ids it is meant for; empty means all
    media: tuple[str, ...]  # medium ids it is meant for; empty means all
    grounds: tuple[Ground, ...]  # all, whatever their dates
    file: str  # where the rule is written, for messages

    def basis_on(
        self,
        day: date,
        products: frozenset[str] = frozenset(),
        medium: str | None = None,
        only: frozenset[str] = frozenset(),
    ) -> tuple[Provision, ...]:
        """The provisions in force on `day` for these products; a policy alone grounds nothing.

        A provision that does not concern a known medium is left out. `only` narrows them to some
        refs. A provision for other products is left out as long as another one stands.
        """
        held = [
            ground
            for ground in self.grounds
            if ground.provision.in_force(day) and ground.provision.concerns(medium)
        ]
        named = [ground for ground in held if ground.provision.ref in only] or held
        fitting = [g for g in named if not g.products or g.products & products]
        for grounds in (fitting, named, held):
            provisions = tuple(ground.provision for ground in grounds)
            if any(p.level is not Level.POLICY for p in provisions):
                return provisions
        return ()
