"""The fixed strings an expression needs are never more than it needs."""

import re2
from hypothesis import example, given
from hypothesis import strategies as st

from adscan.language.literals import required_literals
from adscan.rulebook.loader import load_rulebook


def clauses(expression):
    return [sorted(clause) for clause in required_literals(expression)]


def test_a_plain_string_needs_itself():
    assert clauses("保本保息") == [["保本保息"]]


def test_alternatives_need_one_of_them():
    assert clauses("(稳赚|包赚)不赔") == [["包赚不赔", "稳赚不赔"]]


def test_a_gap_parts_the_strings():
    assert sorted(clauses("预期.{0,4}收益")) == [["收益"], ["预期"]]


def test_what_may_be_missing_is_not_needed():
    assert clauses("(本金)?.{0,3}无忧") == [["无忧"]]


def test_case_does_not_matter():
    assert clauses("(?i)USDT") == [["usdt"]]


def test_a_unicode_class_is_anything():
    assert clauses(r"保本[^\p{Han}]赚") == [["保本"], ["赚"]]


def test_an_expression_without_fixed_string_needs_nothing():
    assert clauses(r"\w+.*") == []


def test_an_expression_python_does_not_know_needs_nothing():
    assert clauses(r"\b?保本") == []


PIECES = st.sampled_from(["保", "本", "息", "稳赚", "a", "B", "保本", "收益"])


@st.composite
def expressions(draw, depth=2):
    """Expressions out of pieces, gaps, options, alternatives and repeats."""
    if depth == 0:
        return draw(st.one_of(PIECES, st.sampled_from([".", "[保本]", "[^息]", ".{0,2}"])))
    inner = expressions(depth=depth - 1)
    shape = draw(st.sampled_from(["{}{}", "({}|{})", "({})?{}", "({})+{}", "({}){{1,2}}{}"]))
    return shape.format(draw(inner), draw(inner))


@given(expressions(), st.lists(PIECES, max_size=6).map("".join))
@example("(保|本)?息", "息")
def test_a_text_that_matches_holds_the_strings(expression, text):
    if re2.search(expression, text):
        lowered = text.lower()
        for clause in required_literals(expression):
            assert any(string in lowered for string in clause)


def test_every_built_in_expression_can_be_skipped_on_most_texts():
    rulebook = load_rulebook()
    entries = [entry for rule in rulebook.rules for entry in (*rule.match, *rule.allow)]
    expressions = {text for entry in entries for text in entry.matcher.expressions()}
    free = [text for text in expressions if not required_literals(text)]
    assert len(free) <= len(expressions) // 100
