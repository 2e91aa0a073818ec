from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from adscan.records.review import Case
from adscan.report.document import as_document, as_json
from tests.report import cases

SCHEMA = json.loads(Path(__file__).with_name("contract.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("case", cases.every_case(), ids=lambda case: case.review.ad.source)
def test_document_follows_the_contract(case: Case) -> None:
    jsonschema.validate(as_document(case.review), SCHEMA)


def test_keys_come_in_the_order_of_the_contract() -> None:
    document = as_document(cases.poster().review)
    promised = SCHEMA["required"]
    assert list(document)[: len(promised)] == promised
    assert list(document["findings"][0])[:10] == SCHEMA["$defs"]["finding"]["required"]


def test_evidence_offsets_lead_to_the_words_in_the_part() -> None:
    document = as_document(cases.poster().review)
    texts = {part["id"]: part["text"] for part in document["parts"]}
    for finding in document["findings"]:
        for place in finding["evidence"]:
            assert texts[place["part"]][place["start"] : place["end"]] == place["text"]


def test_whole_pixels_are_written_without_a_fraction() -> None:
    document = as_document(cases.poster().review)
    assert document["findings"][0]["evidence"][0]["polygon"][0] == [60, 170]
    assert '"polygon": [[60, 170], [200, 170]' in as_json(document)


def test_notices_of_a_part_are_listed_once_with_those_of_the_review() -> None:
    review = cases.poster().review
    part = replace(review.parts[0], notices=review.notices[:1])
    document = as_document(replace(review, parts=(part,)))
    assert [notice["code"] for notice in document["notices"]] == ["unsure_text", "disguised"]


def test_json_survives_names_that_are_not_unicode() -> None:
    review = cases.clean_text().review
    broken = replace(review, ad=replace(review.ad, source="a\udcff.txt"))
    text = as_json(as_document(broken))
    text.encode("utf-8")
    assert json.loads(text)["ad"]["source"] == "a\udcff.txt"


def test_json_has_no_line_end_that_some_readers_split_at() -> None:
    review = cases.clean_text().review
    odd = replace(review, ad=replace(review.ad, title="a\u2028b\u0085c"))
    text = as_json(as_document(odd))
    assert len(text.splitlines()) == 1
    assert json.loads(text)["ad"]["title"] == "a\u2028b\u0085c"
