"""What a detector found, before anyone asked whether it is a fault."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from adscan.records.rule import Decision, MentionReason, Severity
from adscan.records.text import Span


class Origin(str, Enum):
    """Which detector spoke."""

    PATTERN = "pattern"
    MODEL = "model"
    PERMIT = "permit"
    LAYOUT = "layout"


@dataclass(frozen=True)
class Hit:
    """Words that a rule is about."""

    rule: str
    part_id: str
    span: Span  # in the part's NormalText
    confidence: float
    origin: Origin
    decision: Decision | None = None  # the matcher's own, where it differs from the rule's
    severity: Severity | None = None
    absent: bool = False  # the fault is something missing; span is the claim that calls for it
    released: MentionReason | None = None  # set by a rule's own allow list
    note: str = ""  # the matcher's own sentence on what makes these words a fault
    basis: frozenset[str] = frozenset()  # provision refs these words come under; empty: the rule's


@dataclass(frozen=True)
class LabelSpan:
    """The classifier's word on a stretch of a NormalText."""

    label: str
    part_id: str
    span: Span
    probability: float
