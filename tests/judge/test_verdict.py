"""The model's verdict upholds words, demotes them, or leaves alone what it does not know."""

import pytest

from adscan.judge.context import mention_reason, standing_rules
from adscan.records.hit import Hit, Origin
from adscan.records.review import Genre, GenreLabel
from adscan.records.rule import MentionReason
from adscan.records.text import NormalText, OffsetMap, Span
from adscan.records.verdict import OperatingPoint, Sureness, Verdict
from adscan.rulebook.loader import load_rulebook

RULE = load_rulebook()["guaranteed-return"].rule
AD, WARNING = Genre(GenreLabel.ADVERTISEMENT, 0.9), Genre(GenreLabel.EDUCATION, 0.9)


def verdict(sureness, *broken, known=("guaranteed-return",)):
    chances = dict.fromkeys(known, 0.5)
    return Verdict(0.5, chances, frozenset(broken), sureness, OperatingPoint.PREREVIEW)


def text(words):
    return NormalText("text:0", words, OffsetMap.identity(len(words)))


def hit(span=(0, 4), origin=Origin.PATTERN, **more):
    return Hit("guaranteed-return", "text:0", Span(*span), 0.9, origin, **more)


def reason(words, genre, judged, of=None):
    return mention_reason(of or hit(), text(words), genre, RULE, judged)


def test_upheld_words_are_a_finding_even_in_what_looks_like_a_warning():
    judged = verdict(Sureness.SURE, "guaranteed-return")
    assert reason("保本保息，欢迎来电", WARNING, judged) is None


@pytest.mark.parametrize(
    ("genre", "expected"),
    [(AD, MentionReason.EXEMPT), (WARNING, MentionReason.EDUCATION)],
)
def test_words_in_a_clear_text_are_a_mention(genre, expected):
    judged = verdict(Sureness.CLEAR, "guaranteed-return")
    assert reason("保本保息的说法从何而来", genre, judged) is expected


def test_words_of_another_rule_than_the_broken_one_are_a_mention():
    assert reason("保本保息", AD, verdict(Sureness.SURE, "superlative")) is MentionReason.EXEMPT


def test_negated_words_stay_a_mention_whatever_the_verdict():
    judged = verdict(Sureness.SURE, "guaranteed-return")
    assert reason("本产品不保本", AD, judged, hit((4, 6))) is MentionReason.NEGATED


def test_grammar_is_not_asked_of_the_models_own_words():
    judged = verdict(Sureness.SURE, "guaranteed-return")
    assert reason("本产品不保本", AD, judged, hit((4, 6), Origin.MODEL)) is None


def test_small_print_that_was_measured_is_not_the_models_to_judge():
    judged = verdict(Sureness.CLEAR)
    assert reason("投资有风险", AD, judged, hit(origin=Origin.LAYOUT)) is None


def test_a_rule_that_the_model_does_not_know_is_judged_by_genre():
    judged = verdict(Sureness.CLEAR, known=())
    assert reason("保本保息", AD, judged) is None
    assert reason("保本保息", WARNING, judged) is MentionReason.EDUCATION


def test_only_words_that_stand_speak_for_a_rule():
    words = text("本产品不保本")
    negated = [hit((4, 6))]
    assert standing_rules(negated, [words], lambda rule: RULE) == frozenset()
    released = [hit((0, 3), released=MentionReason.EXEMPT)]
    assert standing_rules(released, [words], lambda rule: RULE) == frozenset()
    assert standing_rules([hit((0, 3))], [words], lambda rule: RULE) == {"guaranteed-return"}


def test_whether_a_licence_is_there_is_not_the_models_to_judge():
    rule = load_rulebook()["unlicensed-promotion"].rule
    words = Hit("unlicensed-promotion", "text:0", Span(0, 4), 0.9, Origin.PATTERN)
    known = ("unlicensed-promotion", "superlative")
    alarm = verdict(Sureness.SURE, "superlative", known=known)
    clear = verdict(Sureness.CLEAR, known=known)
    assert mention_reason(words, text("专业放款，来电"), AD, rule, alarm) is None
    assert mention_reason(words, text("专业放款，来电"), AD, rule, clear) is MentionReason.EXEMPT
