"""The data set that ships: every line holds, and no scenario is both trained on and tested on."""

import json
from pathlib import Path

import pytest

from adscan.training.corpus import RULES, Text, read_samples

ADS = Path(__file__).parents[2] / "datasets" / "ads"
SETS = ("train", "dev", "test", "challenge")


@pytest.fixture(scope="module")
def sets():
    return {name: read_samples(ADS / name) for name in SETS}


def test_no_family_is_in_two_sets(sets):
    homes = {}
    for name, samples in sets.items():
        for sample in samples:
            assert homes.setdefault(sample.family, name) == name, sample.id


def test_no_text_is_in_two_sets(sets):
    homes = {}
    for name, samples in sets.items():
        for sample in samples:
            assert homes.setdefault(sample.text, name) == name, sample.id


def test_the_hands_of_the_sealed_sets_wrote_nothing_to_train_on(sets):
    hands = {name: {sample.hand for sample in samples} for name, samples in sets.items()}
    assert not (hands["test"] | hands["challenge"]) & (hands["train"] | hands["dev"])


def test_every_rule_is_trained_and_tested(sets):
    for name, least in (("train", 30), ("test", 20)):
        for rule in RULES:
            assert sum(rule in sample.rules for sample in sets[name]) >= least, (name, rule)


def test_ids_are_unique(sets):
    ids = [sample.id for samples in sets.values() for sample in samples]
    assert len(ids) == len(set(ids))


def test_the_schema_is_that_of_the_code():
    kept = json.loads((ADS / "schema.json").read_text("utf-8"))
    assert kept == Text.model_json_schema()
