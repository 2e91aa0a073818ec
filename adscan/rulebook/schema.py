"""What may stand in a rule file and an instrument file. An unknown key is an error.

The file's name is its id; a rule's folder is its category.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

from adscan.records.rule import Checked, Decision, Level, MentionReason, Severity, Status
from adscan.settings import Thresholds

ExemptionCode = Literal["N", "E", "Q", "D", "L", "S", "H", "P"]

# YAML folds a line break into a blank, which Chinese does not have between characters.
FOLDED = re.compile(r"(?<=[^\x00-\xff]) (?=[^\x00-\xff])|\n+$")
Prose = Annotated[str, AfterValidator(lambda text: FOLDED.sub("", text))]


def _known_threshold(name: str) -> str:
    if name not in Thresholds.model_fields:
        raise ValueError(f"没有名为 {name} 的阈值，见 settings.Thresholds")
    return name


class Entry(BaseModel):
    """Base of everything written in the rulebook: frozen, strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class MatchEntry(Entry):
    """Keys every way of matching has."""

    confidence: float | None = Field(None, ge=0, le=1)  # None: the kind's default
    decision: Decision | None = None  # where these words ask for another than the rule's
    severity: Severity | None = None
    in_force_from: date | None = Field(None, alias="from")  # only for ads published from this day
    in_force_until: date | None = Field(None, alias="until")  # … up to and including this day
    products: list[str] = []  # only where the ad promotes one of these activities
    not_products: list[str] = []  # not where it promotes one of these
    media: list[str] = []  # only on these media
    basis: list[str] = []  # the refs, out of the rule's, that these words come under
    note: Prose = ""  # Chinese: what makes these words a fault; shown with the finding
    reason: MentionReason | None = None  # in `allow` only: list as a mention; None: drop silently


class PhraseEntry(MatchEntry):
    """Fixed words, found by Aho-Corasick. Disguises of them are undone before matching."""

    kind: Literal["phrase"]
    any: list[str] = Field(min_length=1)


class PatternEntry(MatchEntry):
    """RE2 expressions on the normalised text (simplified, half-width)."""

    kind: Literal["pattern"]
    any: list[str] = Field(min_length=1)
    terms: list[str] = []  # fixed words inside the patterns whose disguises shall be undone


class NearbyEntry(MatchEntry):
    """Several things close together: one RE2 expression out of each group."""

    kind: Literal["nearby"]
    all: list[list[str]] = Field(min_length=2)  # groups of expressions
    within: int = Field(30, gt=0)  # code points from the first start to the last end
    same: Literal["sentence", "paragraph", "part"] = "sentence"
    ordered: bool = False  # the groups must come in the order written
    mark: Literal["all", "first"] = "all"  # the finding's place: the whole stretch or group one
    terms: list[str] = []


class AbsentEntry(MatchEntry):
    """Something that must be said and is not, anywhere in the ad."""

    kind: Literal["absent"]
    when: list[str] = Field(min_length=1)  # RE2: the claims that call for it (the hit's places)
    unless: list[str] = Field(min_length=1)  # RE2: what would satisfy the rule
    exempt: list[str] = []  # RE2: anywhere in the ad, takes the ad out of this duty
    near: Literal["ad", "part", "paragraph", "sentence"] = "ad"  # where `unless` must stand …
    within: int | None = Field(None, gt=0)  # … and at most so many code points from the claim
    terms: list[str] = []  # fixed words of the claims whose disguises shall be undone


class NumberEntry(MatchEntry):
    """A number over a threshold; thresholds are settings and only ever ask for a person's look."""

    kind: Literal["number"]
    any: list[str] = Field(min_length=1)  # RE2, whose first group is the number
    above: Annotated[str, AfterValidator(_known_threshold)]  # a name in settings.Thresholds
    decision: Literal[Decision.REVIEW] = Decision.REVIEW


class LegibilityEntry(MatchEntry):
    """Small or pale print against the largest claim, in pictures and pages; a fact with a score."""

    kind: Literal["legibility"]
    small: list[str] = Field(min_length=1)  # RE2: what ought to be legible
    large: list[str] = Field(min_length=1)  # RE2: what it qualifies
    min_ratio: float = Field(gt=0, le=1)  # character height against the largest claim's
    min_contrast: float = Field(ge=1, le=21)  # WCAG ratio
    decision: Literal[Decision.REVIEW] = Decision.REVIEW


class LabelEntry(MatchEntry):
    """The classifier's label: a rule's id, most often the rule's own."""

    kind: Literal["label"]
    label: str
    unless: list[str] = []  # RE2: what refutes the label wherever it visibly stands in the ad


AnyEntry = Annotated[
    PhraseEntry
    | PatternEntry
    | NearbyEntry
    | AbsentEntry
    | NumberEntry
    | LegibilityEntry
    | LabelEntry,
    Field(discriminator="kind"),
]


class GroundEntry(Entry):
    """A provision that only concerns some products."""

    ref: str
    products: list[str] = Field(min_length=1)


class ExampleEntry(Entry):
    """An example that depends on the day or the medium."""

    text: str
    published: date | None = None
    medium: str | None = None


class Examples(Entry):
    """Texts that must give a finding, a mention, or nothing, of this very rule."""

    finding: list[str | ExampleEntry] = []
    mention: list[str | ExampleEntry] = []
    clean: list[str | ExampleEntry] = []


class RuleFile(Entry):
    """One rule."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    status: Status
    severity: Severity
    decision: Decision
    basis: list[str | GroundEntry] = Field(min_length=1)  # provision refs: ad-law#25.1
    explanation: Prose  # why this is a fault, for the advertiser
    exceptions: list[Prose] = []  # for people: what is no violation
    exemptions: list[ExemptionCode] = ["N", "E", "Q", "D", "L", "S", "H", "P"]
    products: list[str] = []  # activity ids the rule is meant for; empty: all
    media: list[str] = []  # medium ids the rule is meant for; empty: all
    needs: list[Literal["register", "medium", "audience", "product", "kind"]] = []  # what it lacks
    match: list[AnyEntry] = Field(min_length=1)
    allow: list[AnyEntry] = []  # phrase, pattern or nearby: wins over any hit it overlaps
    remedy: Prose
    limits: Prose
    examples: Examples


class Exemption(Entry):
    """One of the general exemptions that rules share."""

    name: str
    reason: MentionReason
    condition: Prose  # for people: when it releases
    not_released: Prose  # for people: what looks like it and is not
    allow: list[AnyEntry] = []  # places it releases; N, E and Q are judged in code


class ExemptionTable(RootModel[dict[ExemptionCode, Exemption]]):
    """All of them, by code."""


class AuthorityRow(Entry):
    """One line of the table of leading authorities; the first that fits leads."""

    authority: str
    rules: list[str] = []  # rule ids or categories; empty: all
    products: list[str] = []  # activity ids; empty: all
    in_force_from: date | None = Field(None, alias="from")
    in_force_until: date | None = Field(None, alias="until")
    source: str  # where this division of duties is written
    note: str = ""


class AuthorityTable(Entry):
    """Who leads, by rule, product and day."""

    place: str
    rows: list[AuthorityRow] = Field(min_length=1)


class ProvisionEntry(Entry):
    """One provision."""

    ref: str
    article: str
    gist: Prose  # in our own words
    applies_to: list[str] = []
    requires: Literal["prohibits", "requires", "defines", "penalizes", "permits"] | None = None
    exemptions: list[str] = []
    penalty: str | None = None
    in_force_from: date = Field(alias="from")
    in_force_until: date | None = Field(None, alias="until")
    checked: Checked
    source: str | None = None  # where it was read
    note: str | None = None


class InstrumentFile(Entry):
    """One law, regulation, rule or notice."""

    id: str
    title: str
    short: str
    issuer: str
    number: str | None = None
    issued: date | None = None
    effective: date | None = None
    repealed: date | None = None
    superseded_by: str | None = None
    level: Level
    media: list[str] = []  # it only concerns ads on these media; empty: on any
    official_url: str | None = None
    note: str | None = None
    provisions: list[ProvisionEntry]
