"""Noise changes the writing, never what the labels point at."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscan.normalise.chain import Normaliser
from adscan.records.text import Span
from adscan.training.corpus import Sample
from adscan.training.noise import NOISES, edited, separated, traditional, unsigned
from adscan.training.reading import as_read


def sample(text, *spans):
    marked = tuple((Span(*span), "guaranteed-return") for span in spans)
    return Sample("x", text, marked, frozenset(), "advertisement", frozenset(), "f", "h")


def words(of):
    return [span.of(of.text) for span, _ in of.spans]


def test_an_edit_before_the_words_moves_them():
    moved = edited(sample("年化12%，保本保息", (6, 10)), [(2, 4, "十二"), (5, 6, "")])
    assert (moved.text, words(moved)) == ("年化十二%保本保息", ["保本保息"])


def test_an_edit_within_the_words_stays_within():
    assert words(edited(sample("真保本", (1, 3)), [(2, 2, "·")])) == ["保·本"]


def test_words_that_are_cut_out_leave_no_place():
    assert edited(sample("保本，来电", (0, 2)), [(0, 3, "")]).spans == ()


def test_separators_stand_between_the_characters_at_fault():
    noisy = separated(sample("放心，保本保息", (3, 7)), random.Random(1))
    assert noisy.text.startswith("放心，保")
    assert [word for word in "".join(words(noisy)) if "\u4e00" <= word <= "\u9fff"] == list(
        "保本保息"
    )


def test_traditional_script_keeps_the_places():
    noisy = traditional(sample("稳赚不赔", (0, 4)), random.Random(3))
    assert len(noisy.text) == 4
    assert words(noisy) == [noisy.text]


def test_percent_signs_go():
    assert "%" not in unsigned(sample("年化12%"), random.Random(0)).text


@pytest.mark.parametrize("noise", NOISES, ids=lambda noise: noise.__name__)
@given(
    text=st.text("保本息稳赚年化12%，。 \n来电abc", min_size=4, max_size=60),
    place=st.tuples(st.integers(0, 3), st.integers(1, 20)),
    seed=st.integers(0, 9),
)
def test_places_stay_inside_the_text(noise, text, place, seed):
    start = min(place[0], len(text) - 1)
    before = sample(text, (start, min(start + place[1], len(text))))
    after = noise(before, random.Random(seed))
    assert all(0 <= span.start < span.end <= len(after.text) for span, _ in after.spans)
    assert after.rules <= before.rules


def test_reading_undoes_a_disguise_and_keeps_its_place():
    read = as_read(sample("放心，保·本·保·息，年化8%", (3, 10)), Normaliser(["保本保息"]))
    assert words(read) == ["保本保息"]
