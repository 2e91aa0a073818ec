"""The pages in docs/rules say what the rule files say."""

from pathlib import Path

import pytest

from adscan.classify.activity import load_activities
from adscan.records.rule import Checked
from adscan.rule_pages import render_index, render_page
from adscan.rulebook.loader import load_rulebook

DOCS = Path(__file__).parents[1] / "docs" / "rules"
RULEBOOK = load_rulebook()
NAMES = {activity: words.name for activity, words in load_activities().items()}


@pytest.mark.parametrize("compiled", RULEBOOK.rules, ids=lambda compiled: compiled.rule.id)
def test_the_page_of_a_rule_is_that_of_its_file(compiled):
    page = (DOCS / f"{compiled.rule.id}.md").read_text("utf-8")
    assert page == render_page(compiled, NAMES), "run: make docs"


def test_the_index_lists_every_rule():
    index = (DOCS / "README.md").read_text("utf-8")
    assert index == render_index(RULEBOOK)
    assert all(f"({compiled.rule.id}.md)" in index for compiled in RULEBOOK.rules)


def test_provisions_recalled_from_memory_are_marked():
    for compiled in RULEBOOK.rules:
        if any(g.provision.checked is Checked.RECALLED for g in compiled.rule.grounds):
            assert "待核原文" in render_page(compiled, NAMES)


def test_tables_are_not_broken_by_what_stands_in_them():
    for compiled in RULEBOOK.rules:
        for line in render_page(compiled, NAMES).splitlines():
            if line.startswith("| "):
                assert line.replace("\\|", "").count("|") == 6
