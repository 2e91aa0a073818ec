"""Any text through the chain: every character leads back to where it came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscan.normalise.chain import STEPS, unify
from adscan.normalise.step import Step
from adscan.records.text import Span

# Dense in what the steps change, open to every other character.
TRICKY = (
    "保本息ＡＢ１％，！：（）⼀⽤㎡①⑴㈠½…\u200b\ufeff\u00ad\u3000\t\r\n\u2028"
    "穩賺乾坤後臺薴𠀀🈚️1️⃣é\u0336ﷺ"
)
texts = st.text(st.sampled_from(TRICKY) | st.characters(exclude_categories=["Cs"]), max_size=40)


def assert_leads_back(text: str, new: str, starts: list[int], ends: list[int]) -> None:
    assert len(new) == len(starts) == len(ends)
    assert starts == sorted(starts) and ends == sorted(ends)
    assert all(0 <= s < e <= len(text) for s, e in zip(starts, ends, strict=True))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__module__)
@given(text=texts)
def test_each_step_maps_every_character_to_a_run_of_its_source(step: Step, text: str) -> None:
    new, offsets = step.apply(text)
    assert_leads_back(text, new, list(offsets.starts), list(offsets.ends))


@given(text=texts)
def test_the_chain_maps_every_character_to_a_run_of_its_source(text: str) -> None:
    new, offsets = unify(text)
    assert_leads_back(text, new, list(offsets.starts), list(offsets.ends))


@given(text=texts)
def test_every_character_comes_from_characters_that_give_it_alone(text: str) -> None:
    new, offsets = unify(text)
    for at, character in enumerate(new):
        source = offsets.to_source(Span(at, at + 1)).of(text)
        if character == "\n" or source in "乾著後臺":  # OpenCC reads these by their neighbours
            continue
        assert character in unify(source)[0]


@given(text=texts)
def test_the_chain_leaves_its_own_output_alone(text: str) -> None:
    once, _ = unify(text)
    assert unify(once)[0] == once


@given(text=st.text(st.sampled_from("保本理财，有风险。！？：；（）“”…—、0123%abcABC+~ \n")))
def test_plain_text_stays_as_it_is(text: str) -> None:
    new, offsets = unify(text)
    assert new == text
    assert list(offsets.starts) == list(range(len(text)))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("年化１２％", "年化12%"),
        ("保本，高息！（限时）", "保本，高息！（限时）"),
        ("︵限时︶﹐﹗", "（限时），！"),
        ("⼀⽤⻛险", "一用风险"),
        ("保\u200b本\ufeff保\u00ad息", "保本保息"),
        ("保\u3000本\t息", "保 本 息"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("穩賺不賠", "稳赚不赔"),
        ("乾坤", "乾坤"),
        ("保\u0336本\u0336", "保本"),
        ("🈚️风险", "无风险"),
        ("㎡①⑴㈠", "m21(1)(一)"),
    ],
)
def test_forms_are_unified(written: str, read: str) -> None:
    assert unify(written)[0] == read


def test_a_line_end_of_two_characters_leads_back_to_both() -> None:
    _, offsets = unify("一\r\n二")
    assert offsets.to_source(Span(1, 2)) == Span(1, 3)
    assert offsets.to_source(Span(2, 3)) == Span(3, 4)
