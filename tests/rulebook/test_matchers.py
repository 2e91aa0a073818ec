"""Each way of matching, and allow spans over hits."""

from datetime import date

import pytest

from adscan.normalise.chain import Normaliser
from adscan.records.circumstances import Circumstances, LineLook
from adscan.records.hit import LabelSpan
from adscan.records.part import Part, PartKind
from adscan.records.rule import MentionReason
from adscan.records.text import Span
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Thresholds

TODAY = date(2026, 11, 25)


@pytest.fixture
def find(write_rule):
    """The words that a rule with these entries finds in these parts."""

    def find(
        match, *texts, allow=(), day=TODAY, labels=(), hidden=(), basis=("ad-law#25.1",), **known
    ):
        rulebook = load_rulebook([write_rule(match=match, allow=list(allow), basis=list(basis))])
        normaliser = Normaliser([])
        parts = [Part(f"text:{i}", PartKind.TEXT, text) for i, text in enumerate(texts)]
        normal = {part.id: normaliser.normalise(part) for part in parts}
        known = Circumstances(
            day, hidden=frozenset(hidden), thresholds=Thresholds().model_dump(), **known
        )
        hits, _ = rulebook.find(list(normal.values()), known, labels)
        return [
            (hit.span.of(normal[hit.part_id].text), hit.released)
            for hit in hits
            if hit.rule == "own-rule"
        ]

    return find


def words(found):
    return [text for text, _ in found]


def test_a_phrase_is_found_wherever_it_stands(find):
    assert words(find([{"kind": "phrase", "any": ["保本"]}], "保本又保本")) == ["保本", "保本"]


def test_phrases_that_overlap_are_all_found(find):
    found = find([{"kind": "phrase", "any": ["保本", "保本保息"]}], "保本保息")
    assert sorted(words(found)) == ["保本", "保本保息"]


def test_a_pattern_is_found(find):
    assert words(find([{"kind": "pattern", "any": ["年化[0-9]+%"]}], "年化１２％")) == ["年化12%"]


NEAR = [{"kind": "nearby", "all": [["收益"], ["[0-9]+%"]], "within": 12}]


def test_things_in_one_sentence_are_near(find):
    assert words(find(NEAR, "本期收益可达12%")) == ["收益可达12%"]


def test_things_in_two_sentences_are_not_near(find):
    assert find(NEAR, "谈谈收益。折扣12%") == []


def test_things_too_far_apart_are_not_near(find):
    assert find(NEAR, "收益这件事说起来其实话很长很长很长12%") == []


def test_ordered_things_must_come_in_order(find):
    assert find([{**NEAR[0], "ordered": True}], "12%的收益") == []


ABSENT = [{"kind": "absent", "when": ["投资回报"], "unless": ["投资有风险"], "exempt": ["存款"]}]


def test_a_missing_warning_is_placed_on_the_claim(find):
    assert words(find(ABSENT, "投资回报高")) == ["投资回报"]


def test_a_warning_in_any_part_is_enough(find):
    assert find(ABSENT, "投资回报高", "投资有风险") == []


def test_a_hidden_warning_warns_nobody(find):
    assert words(find(ABSENT, "投资回报高", "投资有风险", hidden=["text:1"])) == ["投资回报"]


def test_an_exempt_ad_owes_no_warning(find):
    assert find(ABSENT, "存款的投资回报") == []


def test_the_classifiers_label_is_a_hit_with_its_probability(find):
    labels = [LabelSpan("promise", "text:0", Span(0, 2), 0.8)]
    assert words(find([{"kind": "label", "label": "promise"}], "踏实", labels=labels)) == ["踏实"]


PHRASE = [{"kind": "phrase", "any": ["最近", "最佳"]}]


def test_an_allow_span_without_reason_drops_the_hit(find):
    allow = [{"kind": "phrase", "any": ["最近几天"]}]
    assert words(find(PHRASE, "最近几天最佳", allow=allow)) == ["最佳"]


def test_an_allow_span_with_reason_releases_the_hit(find):
    allow = [{"kind": "phrase", "any": ["最佳"], "reason": "exempt"}]
    assert find(PHRASE, "最佳", allow=allow) == [("最佳", MentionReason.EXEMPT)]


def test_one_released_place_does_not_release_another(find):
    allow = [{"kind": "phrase", "any": ["最佳申购时间"], "reason": "exempt"}]
    released = [reason for _, reason in find(PHRASE, "最佳申购时间，最佳收益", allow=allow)]
    assert released == [MentionReason.EXEMPT, None]


def test_an_entry_holds_only_on_its_days(find):
    match = [{"kind": "phrase", "any": ["保本"], "from": "2020-11-15"}]
    assert find(match, "保本", day=date(2020, 11, 14)) == []
    assert words(find(match, "保本", day=date(2020, 11, 15))) == ["保本"]


def test_a_rule_without_law_in_force_finds_nothing(find):
    assert find([{"kind": "phrase", "any": ["保本"]}], "保本", day=date(2015, 8, 31)) == []


def test_a_policy_alone_grounds_nothing(find):
    match = [{"kind": "phrase", "any": ["保本"]}]
    assert find(match, "保本", basis=["saic-ifin-ads-2016#2"], day=date(2016, 10, 20)) == []


def test_masked_text_is_not_read(find):
    assert (
        find([{"kind": "pattern", "any": ["baoben"]}], "见 http://baoben.example.com/x 网站") == []
    )


def test_adding_text_removes_no_hit_elsewhere(find):
    match = [{"kind": "phrase", "any": ["保本"]}]
    assert words(find(match, "保本", "今天天气很好")) == words(find(match, "保本"))


YIELD = [{"kind": "number", "any": ["年化(?:收益)?([0-9.]+)%"], "above": "yearly_yield_percent"}]


def test_a_number_above_the_threshold_is_found(find):
    assert words(find(YIELD, "年化16%")) == ["年化16%"]


def test_a_number_below_the_threshold_is_not(find):
    assert find(YIELD, "年化3.5%") == []


FUND = [{"kind": "phrase", "any": ["安心保障"], "products": ["public_fund"]}]


def test_words_for_one_product_are_found_where_it_is_promoted(find):
    assert words(find(FUND, "安心保障", products=frozenset(["public_fund"]))) == ["安心保障"]


def test_words_for_one_product_are_not_found_where_another_is(find):
    assert find(FUND, "安心保障", products=frozenset(["insurance"])) == []


def test_words_for_one_product_leave_the_rule_undecided_where_none_is_known(write_rule):
    rulebook = load_rulebook([write_rule(match=FUND)])
    text = Normaliser([]).normalise(Part("text:0", PartKind.TEXT, "安心保障"))
    known = Circumstances(TODAY, thresholds=Thresholds().model_dump())
    _, undecided = rulebook.find([text], known)
    assert ("own-rule", "product") in [(item.rule, item.missing) for item in undecided]


def test_words_for_other_products_spare_the_one_named(find):
    match = [{"kind": "phrase", "any": ["安心保障"], "not_products": ["insurance"]}]
    assert find(match, "安心保障", products=frozenset(["insurance"])) == []
    assert words(find(match, "安心保障")) == ["安心保障"]


def test_words_for_one_medium_are_found_on_it_alone(find):
    match = [{"kind": "phrase", "any": ["点击领取"], "media": ["sms"]}]
    assert words(find(match, "点击领取", medium="sms")) == ["点击领取"]
    assert find(match, "点击领取", medium="outdoor") == []


NEAR_WARNING = [{**ABSENT[0], "near": "paragraph", "exempt": []}]


def test_a_warning_in_the_same_paragraph_is_near(find):
    assert find(NEAR_WARNING, "投资回报高。投资有风险") == []


def test_a_warning_in_a_footer_is_not_near(find):
    assert words(find(NEAR_WARNING, "投资回报高\n\n投资有风险")) == ["投资回报"]


def test_the_place_may_be_that_of_the_first_thing_alone(find):
    assert words(find([{**NEAR[0], "mark": "first"}], "本期收益可达12%")) == ["收益"]


def test_punctuation_at_the_edge_belongs_to_no_finding(find):
    assert words(find([{"kind": "pattern", "any": ["稳赚([，。]|$)"]}], "稳赚，快来")) == ["稳赚"]


class Looks:
    """Heights and contrasts by the words of the line."""

    def __init__(self, looks):
        self.looks = looks

    def at(self, part_id, span):
        return [self.looks[span.start]]


PRINT = [
    {
        "kind": "legibility",
        "small": ["投资有风险"],
        "large": ["稳赚"],
        "min_ratio": 0.3,
        "min_contrast": 3.0,
    }
]


@pytest.mark.parametrize(
    ("height", "contrast", "found"),
    [(40, 12.0, []), (20, 12.0, ["投资有风险"]), (40, 1.6, ["投资有风险"])],
)
def test_small_or_pale_print_is_found_against_the_largest_claim(find, height, contrast, found):
    looks = Looks({0: LineLook(100, lambda: 15.0), 3: LineLook(height, lambda: contrast)})
    assert words(find(PRINT, "稳赚\n投资有风险", looks=looks)) == found
