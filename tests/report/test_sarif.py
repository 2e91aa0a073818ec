from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from adscan.records.review import Case, Evidence
from adscan.records.rule import Decision
from adscan.report.formats import load_format
from tests.report import cases

SCHEMA = json.loads(Path(__file__).with_name("sarif.schema.json").read_text("utf-8"))


def run_of(shown: Iterable[Case]) -> dict[str, Any]:
    log = json.loads("".join(load_format("sarif").render(shown)))
    jsonschema.validate(log, SCHEMA)
    (run,) = log["runs"]
    return run


def failing(case: Case) -> list[dict[str, Any]]:
    return [result for result in run_of([case])["results"] if result.get("kind") is None]


@pytest.mark.parametrize("shown", [[], cases.every_case(), [cases.odd_name()] * 2])
def test_log_follows_the_standard(shown: list[Case]) -> None:
    assert run_of(shown)["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    ("decision", "level"),
    [(Decision.REJECT, "error"), (Decision.REVISE, "warning"), (Decision.REVIEW, "note")],
)
def test_level_follows_the_decision(decision: Decision, level: str) -> None:
    case = cases.poster()
    finding = replace(case.review.findings[0], decision=decision)
    (result,) = failing(replace(case, review=replace(case.review, findings=(finding,))))
    assert result["level"] == level


def test_mention_is_told_and_is_no_fault() -> None:
    mentions = [r for r in run_of([cases.poster()])["results"] if r.get("kind")]
    assert [(m["kind"], m["level"]) for m in mentions] == [("informational", "none")]
    assert "否定表述" in mentions[0]["message"]["text"]


def test_region_of_a_text_counts_code_points() -> None:
    case = cases.hostile_text()
    (result,) = failing(case)
    region = result["locations"][0]["physicalLocation"]["region"]
    start = region["charOffset"]
    text = case.review.parts[0].text
    assert text[start : start + region["charLength"]] == "保\u200b本"
    assert text.split("\n")[region["startLine"] - 1][region["startColumn"] - 1] == "保"


def test_column_begins_anew_on_every_line() -> None:
    case = cases.hostile_text()
    at = case.review.parts[0].text.index("二段")
    finding = replace(case.review.findings[0], evidence=(Evidence("text:0", "二段", at, at + 2),))
    (result,) = failing(replace(case, review=replace(case.review, findings=(finding,))))
    region = result["locations"][0]["physicalLocation"]["region"]
    assert [region[key] for key in ("startLine", "startColumn", "endColumn")] == [2, 2, 4]


def test_place_in_a_picture_is_a_box_and_no_region() -> None:
    location = failing(cases.poster())[0]["locations"][0]
    assert "region" not in location["physicalLocation"]
    assert location["properties"]["boundingBox"] == {
        "left": 60, "top": 170, "width": 140, "height": 40,
    }  # fmt: skip


def test_rules_are_named_once_and_found_by_their_index() -> None:
    run = run_of(cases.every_case())
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_rule_seen_first_in_a_mention_still_gets_its_level() -> None:
    case = cases.poster()
    only_mention = replace(case, review=replace(case.review, findings=()))
    rules = run_of([only_mention, case])["tool"]["driver"]["rules"]
    assert rules[0]["defaultConfiguration"] == {"level": "error"}


def test_input_that_was_not_read_is_a_notification() -> None:
    (invocation,) = run_of([cases.unreadable(), cases.clean_text()])["invocations"]
    assert not invocation["executionSuccessful"]
    (told,) = invocation["toolExecutionNotifications"]
    assert told["level"] == "error"
    assert "图片不完整" in told["message"]["text"]


def test_rule_that_was_not_judged_is_a_notification() -> None:
    (invocation,) = run_of([cases.poster()])["invocations"]
    told = [n["descriptor"]["id"] for n in invocation["toolExecutionNotifications"]]
    assert told.count("not_checked") == 2


def test_inputs_are_listed_with_their_hash() -> None:
    artifacts = run_of([cases.poster(), cases.poster()])["artifacts"]
    assert [unquote(a["location"]["uri"]) for a in artifacts] == ["海报/稳利丰年.png"]
    assert artifacts[0]["hashes"] == {"sha-256": cases.SHA}


def test_fingerprint_stays_when_words_move() -> None:
    case = cases.hostile_text()
    (place,) = case.review.findings[0].evidence
    moved = replace(place, start=place.start + 3, end=place.end + 3)
    finding = replace(case.review.findings[0], evidence=(moved,))
    other = replace(case, review=replace(case.review, findings=(finding,)))
    assert failing(case)[0]["partialFingerprints"] == failing(other)[0]["partialFingerprints"]
