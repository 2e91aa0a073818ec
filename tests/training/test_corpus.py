"""Labelled texts: what the schema lets in, and what it says of the rest."""

import json
from datetime import date

import pytest

from adscan.errors import DataError
from adscan.records.text import Span
from adscan.training.corpus import lawful_samples, read_samples
from adscan.training.corrections import read_corrections, samples_of

ROW = {
    "id": "x-1",
    "text": "保本保息，欢迎来电",
    "places": [{"start": 0, "end": 4, "rule": "guaranteed-return"}],
    "whole": ["missing-risk-warning"],
    "genre": "advertisement",
    "activities": ["public_fund"],
    "product": "fund",
    "register": "sms",
    "published": "2026",
    "family": "x",
    "hand": "a",
}


def written(tmp_path, *rows):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_a_row_becomes_a_sample(tmp_path):
    (sample,) = read_samples(written(tmp_path, ROW))
    assert sample.spans == ((Span(0, 4), "guaranteed-return"),)
    assert sample.rules == {"guaranteed-return", "missing-risk-warning"}


def test_a_text_of_which_only_the_year_is_known_counts_as_of_its_middle(tmp_path):
    rows = written(tmp_path, {**ROW, "published": "2019"}, {**ROW, "published": "2020-11-27"})
    assert [sample.day for sample in read_samples(rows)] == [date(2019, 7, 1), date(2020, 11, 27)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"genre": "poem"}, "genre"),
        ({"whole": ["no-such-rule"]}, "whole.0"),
        ({"activities": ["banking"]}, "activities.0"),
        ({"published": "last year"}, "published"),
        ({"places": [{"start": 3, "end": 99, "rule": "superlative"}]}, "places"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_row_that_breaks_the_schema_is_named_with_line_and_field(tmp_path, change, field):
    path = written(tmp_path, ROW, {**ROW, **change})
    with pytest.raises(DataError, match=rf"rows.jsonl 第 2 行 {field}"):
        read_samples(path)


def test_a_line_that_is_no_json_is_named(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("{}{", "utf-8")
    with pytest.raises(DataError, match="第 1 行"):
        read_samples(path)


def test_missing_data_is_an_error(tmp_path):
    with pytest.raises(DataError, match="没有数据"):
        read_samples(tmp_path / "nothing")


def test_of_a_lawful_line_only_the_rules_are_known(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("第一条\n\n第二条\\n第二行\n", "utf-8")
    first, second = lawful_samples(path)
    assert first.known and not first.rules and not first.genre
    assert second.text == "第二条\n第二行"


def correction(finding, when, rule="superlative"):
    return {"text": "最佳选择", "rule": rule, "finding": finding, "who": "李", "when": when}


def test_the_latest_word_of_the_reviewers_counts(tmp_path):
    rows = [correction(True, "2026-11-02T09:00:00"), correction(False, "2026-11-01T09:00:00")]
    (sample,) = samples_of(read_corrections(written(tmp_path, *rows)))
    assert sample.rules == {"superlative"}
    assert sample.known == {"superlative"}


def test_a_dismissed_finding_says_nothing_of_other_rules(tmp_path):
    (sample,) = samples_of(read_corrections(written(tmp_path, correction(False, "2026-11-01"))))
    assert not sample.rules
    assert sample.known == {"superlative"}


def test_a_correction_that_breaks_the_schema_is_named(tmp_path):
    path = written(tmp_path, correction(True, "2026-11-01", rule="nonsense"))
    with pytest.raises(DataError, match="第 1 行 rule"):
        read_corrections(path)
