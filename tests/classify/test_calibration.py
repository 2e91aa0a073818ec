"""Raw answers weighed into a verdict."""

import numpy as np
import pytest

from adscan.classify.answers import Answers
from adscan.classify.calibration import Calibration, weigh, weigh_activities, witnesses_of
from adscan.records.verdict import OperatingPoint, Sureness

RULES = ("superlative", "guaranteed-return")
CALIBRATION = Calibration(
    violation=(1.0, 0.0, 0.0, 0.0, 1.0),
    violation_bias=0.0,
    rule=(0.0, 1.0, 0.0, 0.0, 2.0),
    rule_bias={"superlative": -1.0, "guaranteed-return": 0.0},
    rule_from={"superlative": 0.5, "guaranteed-return": 0.5},
    activity=(1.0, 4.0),
    activity_bias={"deposit": -2.0, "public_fund": -2.0},
    prereview_from=0.4,
    archive_from=0.9,
)


def verdict(violates=0.0, rules=(-3.0, -3.0), worded=(), point=OperatingPoint.PREREVIEW):
    answers = Answers(
        violates,
        np.array(rules, np.float32),
        np.zeros(3, np.float32),
        np.zeros(7, np.float32),
        np.zeros(2, np.float32),
    )
    return weigh(CALIBRATION, RULES, witnesses_of(answers, RULES, worded), point)


@pytest.mark.parametrize(
    ("violates", "sureness", "prereview", "archive"),
    [
        (-2.0, Sureness.CLEAR, False, False),
        (0.0, Sureness.DOUBT, True, False),
        (5.0, Sureness.SURE, True, True),
    ],
)
def test_between_the_operating_points_is_doubt(violates, sureness, prereview, archive):
    assert verdict(violates).sureness is sureness
    assert verdict(violates).alarms is prereview
    assert verdict(violates, point=OperatingPoint.ARCHIVE).alarms is archive


def test_the_rules_own_words_speak_for_a_rule_and_for_a_violation():
    bare, worded = verdict(), verdict(worded={"superlative"})
    assert worded.rules["superlative"] > bare.rules["superlative"]
    assert worded.rules["guaranteed-return"] == bare.rules["guaranteed-return"]
    assert worded.violation > bare.violation


def test_words_of_rules_that_the_model_does_not_know_count_nothing():
    assert verdict(worded={"my-own-rule"}).violation == verdict().violation


def test_an_alarm_names_at_least_the_likeliest_rule():
    assert verdict(5.0, rules=(-3.0, -2.0)).broken == {"guaranteed-return"}


def test_nothing_is_upheld_without_an_alarm():
    judged = verdict(-2.0, rules=(4.0, 4.0))
    assert judged.broken == set(RULES)
    assert not judged.upholds("superlative")


def test_an_activity_is_as_likely_as_model_and_words_together_say():
    answers = Answers(
        0.0,
        np.zeros(2, np.float32),
        np.zeros(3, np.float32),
        np.zeros(7, np.float32),
        np.array([3.0, -3.0], np.float32),
    )
    chances = weigh_activities(
        CALIBRATION, answers, ("deposit", "public_fund"), {"public_fund": 0.8}
    )
    assert chances["deposit"] == pytest.approx(1 / (1 + np.exp(-1)))  # the model alone
    assert chances["public_fund"] == pytest.approx(1 / (1 + np.exp(1.8)))  # words against it
