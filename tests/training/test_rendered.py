"""Posters of training texts, and labels carried to what is read from them."""

import random

import numpy as np

from adscan.records.text import Span
from adscan.training.corpus import Sample
from adscan.training.rendered import carried, poster, worn


def test_places_follow_the_words_through_breaks_losses_and_slips():
    text = "本金安全，保本保息，欢迎咨询"
    at = text.index("保本保息")
    marked = ((Span(at, at + 4), "guaranteed-return"),)
    sample = Sample("x", text, marked, frozenset(), "advertisement", frozenset(), "f", "h")
    back = carried(sample, "本金安全保本\n保息欢迎咨询")
    ((span, rule),) = back.spans
    assert span.of(back.text) == "保本\n保息"
    assert rule == "guaranteed-return"


def test_a_poster_is_wide_enough_for_its_lines_and_wear_changes_it():
    plain = poster("稳健理财" * 20, "#ffffff", "#000000")
    assert plain.dtype == np.uint8
    assert plain.shape[1:] == (720, 3)
    old = worn(plain, random.Random(1))
    assert old.shape[1] < plain.shape[1]
    assert np.array_equal(old, worn(plain, random.Random(1)))  # the same dice, the same wear
