"""Which decisions hold in a new version, and which must be made anew."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from adscan.web.machine.carry_over import Content, Found, Judged, carry_over

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


def carried(before, after, old, new):
    return carry_over(before, [Judged(1, old, True)], after, [Found(7, new)]).decisions


def test_unchanged_words_in_unchanged_sentences_keep_their_decision():
    found = quoting("保本保息")
    assert carried(content(), content(), found, found) == {7: 1}


def test_a_change_far_away_and_other_blanks_do_not_matter():
    text = TEXT.replace("一号", "二号").replace("年化 12%", "年化12%")
    assert carried(content(), content(text), quoting("保本保息"), quoting("保本保息", text)) == {
        7: 1
    }


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
    kept = carry_over(content(), [Judged(1, found, False)], content(), [Found(7, found)])
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


def test_a_persons_finding_moves_with_its_words():
    text = "全新的开头一句。\n第二句。\n" + TEXT
    found = quoting("致电咨询")
    (kept,) = carry_over(
        content(), [Judged(1, found, True, by_person=True)], content(text), []
    ).added
    (evidence,) = kept.document["evidence"]
    assert text[evidence["start"] : evidence["end"]] == "致电咨询"


def test_a_persons_finding_is_dropped_when_its_words_are_gone_or_stand_twice():
    found = [Judged(1, quoting("致电咨询"), True, by_person=True)]
    assert not carry_over(content(), found, content("别的内容"), []).added
    assert not carry_over(content(), found, content(f"{TEXT}\n{TEXT}"), []).added


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


def quoting_at(text, start, end):
    evidence = {"part": "text:0", "text": text[start:end], "start": start, "end": end}
    return {"rule": "r", "decision": "reject", "evidence": [evidence]}


@settings(max_examples=100, deadline=None)
@given(texts, st.integers(1, 4), st.integers(1, 4))
def test_no_decision_is_used_twice(text, olds, news):
    found = quoting_at(text, 0, 1)
    kept = carry_over(
        content(text), [Judged(i, found, True) for i in range(olds)],
        content(text), [Found(100 + i, found) for i in range(news)],
    ).decisions  # fmt: skip
    assert len(set(kept.values())) == len(kept) <= min(olds, news)
