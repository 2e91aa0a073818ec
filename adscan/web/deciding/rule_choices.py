"""The rules that people choose from, grouped by category."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from adscan.records.rule import Status
from adscan.rulebook.loader import load_rulebook
from adscan.settings import load_settings

OTHER = "other"  # what no rule covers
OTHER_TITLE = "其他问题"


@dataclass(frozen=True)
class RuleChoice:
    """One rule, as a list shows it."""

    id: str
    title: str
    category: str


@cache
def rule_choices() -> tuple[RuleChoice, ...]:
    """All live rules of the built-in rulebook, by category."""
    rulebook = load_rulebook((), load_settings().cache_dir)
    choices = [
        RuleChoice(one.rule.id, one.rule.title, one.rule.category)
        for one in rulebook.rules
        if one.rule.status in (Status.TRIAL, Status.STABLE)
    ]
    return tuple(sorted(choices, key=lambda choice: (choice.category, choice.id)))


def rule_title(rule_id: str) -> str:
    """Its title; 其他问题 for what no rule covers."""
    titles = {choice.id: choice.title for choice in rule_choices()}
    return titles.get(rule_id, OTHER_TITLE if rule_id == OTHER else rule_id)
