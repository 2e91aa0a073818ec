"""Every built-in rule keeps its own word: its examples come out as it says."""

from datetime import date, datetime, timezone

import pytest

from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.rule_trial import try_examples
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Settings

TODAY = date(2026, 11, 25)
RULEBOOK = load_rulebook()


@pytest.fixture(scope="module")
def reviewer():
    return Reviewer(RULEBOOK, None, Settings(), datetime(2026, 11, 25, tzinfo=timezone.utc))


@pytest.mark.parametrize("rule_id", [compiled.rule.id for compiled in RULEBOOK.rules])
def test_the_rules_examples_behave(reviewer, rule_id):
    trials = try_examples(reviewer, RULEBOOK[rule_id], Placement(TODAY))
    assert [f"{t.outcome}: {t.example.text}" for t in trials if not t.behaves] == []
