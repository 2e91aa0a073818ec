"""The decision, by the table in policy.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from adscan.records.review import Finding
from adscan.records.rule import Checked, Decision, Provision, Severity, Status

ORDER = (Decision.PASS, Decision.REVIEW, Decision.REVISE, Decision.REJECT, Decision.ERROR)


class Policy(BaseModel):
    """The table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_confidence: float
    weight: dict[Severity, float]
    floor: dict[Decision, float]


@cache
def load_policy() -> Policy:
    """The table as written beside this module."""
    text = Path(__file__).with_name("policy.yaml").read_text(encoding="utf-8")
    return Policy.model_validate(yaml.safe_load(text))


def gravest(decisions: Iterable[Decision]) -> Decision:
    """The one that weighs most; pass if there is none."""
    return max(decisions, key=ORDER.index, default=Decision.PASS)


def decide_finding(
    asked: Decision, confidence: float, status: Status, basis: Sequence[Provision]
) -> Decision:
    """What a finding may ask for: unsure words, trial rules and unread law only ask for review."""
    read = any(provision.checked is not Checked.RECALLED for provision in basis)
    if confidence < load_policy().min_confidence or status is Status.TRIAL:
        return Decision.REVIEW
    if asked is Decision.REJECT and not read:
        return Decision.REVIEW
    return asked


def decide(findings: Sequence[Finding], *, unread: bool, nothing_read: bool) -> Decision:
    """The ad's decision. What could not be read is never a pass."""
    if nothing_read:
        return Decision.ERROR
    asked = [finding.decision for finding in findings]
    return gravest([*asked, Decision.REVIEW] if unread else asked)


def risk_of(findings: Sequence[Finding], decision: Decision) -> float:
    """Chance-like risk, 0 to 1: findings add up as independent causes."""
    policy = load_policy()
    safe = 1.0
    for finding in findings:
        safe *= 1 - policy.weight[finding.severity] * finding.confidence
    return round(max(1 - safe, policy.floor[decision]), 4)
