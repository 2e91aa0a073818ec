"""Which decisions hold in a new version, and which must be made anew."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscan.web.kept.states import Verdict
from adscan.web.machine.carry_over import Found, Judged, carry_over
from adscan.web.machine.places import Content

CONFIRMED, DISMISSED = Verdict.CONFIRMED, Verdict.DISMISSED

TEXT = "春季新品上市。\n本产品保本保息，年化 12%。\n欢迎致电咨询。\n地址在海州路一号。"
BOX = [[0, 0], [9, 0], [9, 9], [0, 9]]


def content(text=TEXT, pictures=None, whole=True, part="text:0"):
    kind = part.partition(":")[0]
    return Content([{"id": part, "kind": kind, "text": text, "lines": []}], pictures or {}, whole)


def quoting(words, text=TEXT, rule="guaranteed-return", part="text:0"):
    start = text.index(words)
    evidence = {
        "part": part,
        "text": words,
        "start": start,
        "end": start + len(words),
        "polygon": [],
    }
    return {"rule": rule, "decision": "reject", "evidence": [evidence]}


def carried(before, after, old, new, verdict=CONFIRMED):
    return carry_over(before, [Judged(1, old, verdict)], after, [Found(7, new)]).decisions


def dismissed(before, after, old, new):
    return carried(before, after, old, new, DISMISSED)


@pytest.mark.parametrize("verdict", [CONFIRMED, DISMISSED])
def test_unchanged_words_in_an_unchanged_part_keep_their_decision(verdict):
    found = quoting("保本保息")
    assert carried(content(), content(), found, found, verdict) == {7: 1}
    spaced = content(TEXT.replace("年化 12%", "年化12%") + "\n")
    assert carried(content(), spaced, found, found, verdict) == {7: 1}


def test_a_change_far_away_keeps_what_was_confirmed_but_not_what_was_dismissed():
    text = TEXT.replace("一号", "二号")
    old, new = quoting("保本保息"), quoting("保本保息", text)
    assert carried(content(), content(text), old, new) == {7: 1}
    assert not dismissed(content(), content(text), old, new)


def test_what_was_dismissed_as_an_example_is_judged_anew_once_it_is_none():
    """The reason stood three sentences before the words, which are the same."""
    claim = "\n一、产品介绍。\n保本保息，年化 12%。\n二、联系方式。"
    before, after = "本栏目揭露的一则假广告如下。" + claim, "新品上市，欢迎认购。" + claim
    old, new = quoting("保本保息", before), quoting("保本保息", after)
    assert not dismissed(content(before), content(after), old, new)


def test_words_dismissed_on_a_picture_are_judged_anew_on_another():
    found = quoting("保本保息", part="image:0")
    one = content(part="image:0", pictures={"image:0": "a"})
    other = content(part="image:0", pictures={"image:0": "b"})
    assert dismissed(one, one, found, found) == {7: 1}
    assert not dismissed(one, other, found, found)
    assert carried(one, other, found, found) == {7: 1}


@pytest.mark.parametrize(
    "other", [{"permits": frozenset("b")}, {"permits": frozenset()}, {"measure": ("2027.01",)}]
)
def test_other_permits_or_another_measure_reopen_what_was_dismissed_only(other):
    before = replace(content(), permits=frozenset("a"), measure=("2026.11",))
    after = replace(before, **other)
    found = quoting("保本保息")
    missing = {"rule": "risk-warning", "decision": "revise", "evidence": []}
    for one in (found, missing):
        assert dismissed(before, before, one, one) == {7: 1}
        assert not dismissed(before, after, one, one)
        assert carried(before, after, one, one) == {7: 1}


def test_other_provisions_reopen_what_was_dismissed():
    def citing(article):
        basis = [{"instrument": "ad-law", "article": article}]
        return {**quoting("保本保息"), "legal_basis": basis}

    assert dismissed(content(), content(), citing("第二十五条"), citing("第二十五条")) == {7: 1}
    assert not dismissed(content(), content(), citing("第二十五条"), citing("第九条"))


def test_of_two_places_with_the_same_words_each_keeps_its_own_decision():
    text = "甲。乙。保本保息。丙。丁。甲。乙。保本保息。丙。丁。"
    first, second = quoting_at(text, 4, 8), quoting_at(text, 14, 18)
    judged = [Judged(1, first, CONFIRMED), Judged(2, second, DISMISSED)]
    found = [Found(7, first), Found(8, second)]
    assert carry_over(content(text), judged, content(text), found).decisions == {7: 1, 8: 2}
    swapped = [Judged(1, first, DISMISSED), Judged(2, second, CONFIRMED)]
    assert carry_over(content(text), swapped, content(text), found).decisions == {7: 1, 8: 2}


def test_a_change_in_the_sentence_or_beside_it_is_judged_anew():
    for old, new in (("12%", "15%"), ("春季", "夏季"), ("致电", "扫码")):
        text = TEXT.replace(old, new)
        assert not carried(content(), content(text), quoting("保本保息"), quoting("保本保息", text))


def test_another_rule_or_graver_decision_is_judged_anew():
    found = quoting("保本保息")
    assert not carried(content(), content(), found, {**found, "rule": "other"})
    assert not carried(content(), content(), found, {**found, "decision": "revise"})


def test_open_findings_carry_nothing():
    found = quoting("保本保息")
    kept = carry_over(content(), [Judged(1, found, Verdict.OPEN)], content(), [Found(7, found)])
    assert not kept.decisions


def test_a_missing_warning_is_carried_only_if_the_whole_is_the_same():
    missing = {"rule": "risk-warning", "decision": "revise", "evidence": []}
    assert carried(content(), content(), missing, missing) == {7: 1}
    assert not carried(content(), content(TEXT + "新增"), missing, missing)
    assert not carried(content(), content(whole=False), missing, missing)
    one, two = content(pictures={"text:0": "a"}), content(pictures={"text:0": "b"})
    assert not carried(one, two, missing, missing)


def test_a_box_is_carried_only_on_the_same_picture():
    boxed = {
        "rule": "map", "decision": "revise",
        "evidence": [{"part": "image:0", "text": "", "start": 0, "end": 0, "polygon": BOX}],
    }  # fmt: skip
    one = content(part="image:0", pictures={"image:0": "a"})
    assert carried(one, one, boxed, boxed) == {7: 1}
    other = content(part="image:0", pictures={"image:0": "b"})
    assert not carried(one, other, boxed, boxed)


def test_a_permit_finding_that_says_something_else_is_judged_anew():
    old = {**quoting("保本保息"), "origin": ["permit"], "explanation": "名录中没有"}
    assert carried(content(), content(), old, old) == {7: 1}
    assert not carried(content(), content(), old, {**old, "explanation": "许可已注销"})


@pytest.mark.parametrize("verdict", [CONFIRMED, DISMISSED])
def test_a_permit_finding_hangs_on_the_documents_and_on_the_registers_answer(verdict):
    found = {**quoting("保本保息"), "origin": ["permit"], "explanation": "名录中没有"}
    before = replace(content(), permits=frozenset("a"), permit_status="not_in_register")
    assert carried(before, before, found, found, verdict) == {7: 1}
    for other in ({"permits": frozenset()}, {"permit_status": "expired"}):
        assert not carried(before, replace(before, **other), found, found, verdict)


def test_a_persons_finding_moves_with_its_words():
    text = "全新的开头一句。\n第二句。\n" + TEXT
    found = quoting("致电咨询")
    (kept,) = carry_over(
        content(), [Judged(1, found, CONFIRMED, by_person=True)], content(text), []
    ).added
    assert not kept.is_open
    (evidence,) = kept.document["evidence"]
    assert text[evidence["start"] : evidence["end"]] == "致电咨询"


def test_a_persons_finding_is_dropped_when_its_words_are_gone_or_stand_twice():
    found = [Judged(1, quoting("致电咨询"), CONFIRMED, by_person=True)]
    assert not carry_over(content(), found, content("别的内容"), []).added
    assert not carry_over(content(), found, content(f"{TEXT}\n{TEXT}"), []).added


def test_a_persons_finding_that_was_dismissed_is_open_again_where_something_changed():
    def kept(after):
        judged = [Judged(1, quoting("保本保息"), DISMISSED, by_person=True)]
        (added,) = carry_over(content(), judged, content(after), []).added
        return added.is_open

    assert not kept(TEXT)
    assert kept(TEXT.replace("一号", "二号"))


texts = st.text("保本息年。\n 12%", min_size=1, max_size=40)


sentences = st.lists(st.text("保本息年12%", min_size=2, max_size=8), min_size=1, max_size=7)


@settings(max_examples=200, deadline=None)
@given(sentences, st.sampled_from("。\n！"), st.data())
def test_a_change_counts_in_the_sentence_and_its_neighbours_and_nowhere_else(before, stop, data):
    quoted = data.draw(st.integers(0, len(before) - 1))
    changed = data.draw(st.integers(0, len(before) - 1))
    after = [f"{one}改" if i == changed else one for i, one in enumerate(before)]

    def finding(all_):
        start = sum(len(one) + 1 for one in all_[:quoted])
        return quoting_at(stop.join(all_), start, start + 2)

    one, two = content(stop.join(before)), content(stop.join(after))
    assert bool(carried(one, two, finding(before), finding(after))) == (abs(quoted - changed) > 1)
    assert carried(one, one, finding(before), finding(before))
    assert not dismissed(one, two, finding(before), finding(after))
    assert dismissed(one, one, finding(before), finding(before))


def quoting_at(text, start, end):
    evidence = {"part": "text:0", "text": text[start:end], "start": start, "end": end}
    return {"rule": "r", "decision": "reject", "evidence": [evidence]}


@settings(max_examples=100, deadline=None)
@given(texts, st.lists(st.sampled_from([CONFIRMED, DISMISSED])), st.integers(1, 4))
def test_no_decision_is_used_twice(text, olds, news):
    found = quoting_at(text, 0, 1)
    kept = carry_over(
        content(text), [Judged(i, found, verdict) for i, verdict in enumerate(olds)],
        content(text), [Found(100 + i, found) for i in range(news)],
    ).decisions  # fmt: skip
    assert len(set(kept.values())) == len(kept) == min(len(olds), news)
