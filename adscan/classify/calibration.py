"""From raw answers to probabilities and a verdict, at an operating point.

Logistic regression over the encoder, the linear model and the rules' own words (Platt scaling with
more than one witness); the numbers stand in `model.json`, fitted by `training/calibrate.py` on
texts that no model was trained on.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from adscan.classify.answers import Answers
from adscan.records.verdict import OperatingPoint, Sureness, Verdict


class Calibration(BaseModel):
    """Fitted numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    violation: tuple[float, ...]  # weight of each witness
    violation_bias: float
    rule: tuple[float, ...]  # weight of each witness, for all rules
    rule_bias: Mapping[str, float]
    rule_from: Mapping[str, float]  # probability from which a rule counts as broken
    activity: tuple[float, ...]  # weight of each witness, for all activities
    activity_bias: Mapping[str, float]
    prereview_from: float  # probability of a violation
    archive_from: float


@dataclass(frozen=True)
class Witnesses:
    """What speaks for a violation, and for each rule; the numbers that are weighed."""

    violation: tuple[float, ...]  # the models on the whole and on the likeliest rule, the words
    rules: tuple[tuple[float, ...], ...]  # of each rule: the models on it and the whole, its words


def witnesses_of(answers: Answers, rules: Sequence[str], worded: Collection[str]) -> Witnesses:
    """The witnesses on one ad; `worded` are the rules whose words stand in it unreleased."""
    encoder, linear = answers.rules.tolist(), answers.linear.tolist()
    words = math.log1p(len(set(rules).intersection(worded)))
    whole = (answers.violates, max(encoder), linear[0], max(linear[1:]), words)
    return Witnesses(
        whole,
        tuple(
            (answers.violates, own, linear[0], told, float(rule in worded))
            for rule, own, told in zip(rules, encoder, linear[1:], strict=True)
        ),
    )


def weigh(
    calibration: Calibration, rules: Sequence[str], witnesses: Witnesses, point: OperatingPoint
) -> Verdict:
    """The verdict at an operating point."""
    chances = {
        rule: _chance(calibration.rule, row, calibration.rule_bias[rule])
        for rule, row in zip(rules, witnesses.rules, strict=True)
    }
    violation = _chance(calibration.violation, witnesses.violation, calibration.violation_bias)
    broken = {rule for rule, chance in chances.items() if chance >= calibration.rule_from[rule]}
    if not broken:  # the likeliest against its own threshold
        broken = {max(rules, key=lambda rule: chances[rule] / calibration.rule_from[rule])}
    if violation >= calibration.archive_from:
        sureness = Sureness.SURE
    elif violation >= calibration.prereview_from:
        sureness = Sureness.DOUBT
    else:
        sureness = Sureness.CLEAR
    return Verdict(violation, chances, frozenset(broken), sureness, point)


def weigh_activities(
    calibration: Calibration,
    answers: Answers,
    activities: Sequence[str],
    worded: Mapping[str, float],
) -> dict[str, float]:
    """The probability that the ad promotes each activity; `worded` is what words alone say."""
    return {
        activity: _chance(
            calibration.activity,
            activity_witnesses(logit, worded.get(activity, 0.0)),
            calibration.activity_bias[activity],
        )
        for activity, logit in zip(activities, answers.activities.tolist(), strict=True)
    }


def activity_witnesses(logit: float, worded: float) -> tuple[float, float]:
    """What speaks for an activity: the encoder and the words."""
    return (logit, worded)


def _chance(weights: Sequence[float], features: Sequence[float], bias: float) -> float:
    logit = bias + sum(w * x for w, x in zip(weights, features, strict=True))
    return 1 / (1 + math.exp(-max(min(logit, 30.0), -30.0)))
