"""What two readings of an ad say differently, and what is no difference."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from adscan.web.comparing.fingerprint import fingerprint_of
from adscan.web.comparing.pairing import Pair, pair_parts
from adscan.web.comparing.texts import compare_texts


def part(text, number=0, kind="image", confidence=0.99, unsure=False):
    lines = [
        {
            "text": line, "confidence": confidence, "kind": "ocr", "unsure": unsure,
            "polygon": [[0, i * 10], [90, i * 10], [90, i * 10 + 9], [0, i * 10 + 9]],
        }
        for i, line in enumerate(text.split("\n"))
    ]  # fmt: skip
    return {"id": f"{kind}:{number}", "kind": kind, "text": text, "lines": lines}


def kinds(before, after):
    return [(run["kind"], run["text"]) for run in compare_texts(part(before), part(after)).runs]


def test_a_changed_number_is_replaced_as_a_whole_and_quoted_with_its_words():
    found = compare_texts(
        part("安心宝\n预期年化 4.5%，起购 1 万元"), part("安心宝\n预期年化 8%，起购 1 万元")
    )
    (change,) = found.changes
    assert (change.before.text, change.after.text) == ("4.5%", "8%")
    assert (change.before.quote, change.after.quote) == ("预期年化 4.5%", "预期年化 8%")
    assert change.before.line == 2
    assert change.after.polygons == ([[0, 10], [90, 10], [90, 19], [0, 19]],)


def test_blanks_line_ends_width_and_kindred_signs_are_no_change():
    before = "年化　４．５％，“稳健”理财\n起购1万元"
    assert not compare_texts(part(before), part('年化 4.5%,"稳健"理财起购\n1 万元')).changes


def test_case_and_traditional_characters_are_changes():
    assert compare_texts(part("APP"), part("App")).changes
    assert compare_texts(part("理财"), part("理財")).changes


def test_a_rewritten_sentence_is_one_change_not_salad():
    found = kinds("本品保本保息，年化 12%。欢迎咨询。", "本品不保证本金，约 4.5%。欢迎咨询。")
    assert [kind for kind, _ in found] == ["same", "removed", "added", "same"]
    assert found[-1][1] == "。欢迎咨询。"


def test_lines_of_a_picture_read_in_another_order_are_no_change():
    assert not compare_texts(part("甲乙\n丙丁戊\n己庚"), part("丙丁戊\n甲乙\n己庚")).changes


def test_a_poorly_read_line_makes_the_change_unsure():
    assert compare_texts(part("保本"), part("保木", confidence=0.6)).changes[0].unsure
    assert not compare_texts(part("保本"), part("保木")).changes[0].unsure


@settings(max_examples=150, deadline=None)
@given(*[st.text("甲乙丙4.%，。 \nA", max_size=40)] * 2)
def test_runs_give_back_both_texts(before, after):
    def bare(text):
        return "".join(text.split())

    one, two = part(before, kind="text"), part(after, kind="text")
    one["lines"] = two["lines"] = []
    found = compare_texts(one, two)
    assert bare("".join(r["text"] for r in found.runs if r["kind"] != "added")).replace("，", ",") == bare(before).replace("，", ",")  # fmt: skip
    assert bare("".join(r["text"] for r in found.runs if r["kind"] != "removed")) == bare(after)
    for change in found.changes:
        assert before[change.before.start : change.before.end].strip() == change.before.text
        assert after[change.after.start : change.after.end].strip() == change.after.text
    assert bool(found.changes) == (bare(before) != bare(after))


def test_a_page_put_in_shifts_no_other():
    pages = ["首页欢迎各位朋友", "产品介绍与费率", "联系电话与地址"]
    before = [part(text, i) for i, text in enumerate(pages)]
    after = [part(t, i) for i, t in enumerate([pages[0], "全新的一页内容", *pages[1:]])]
    found = pair_parts(before, after, lambda i, j: None)
    assert found == [Pair(0, 0), Pair(None, 1), Pair(1, 2), Pair(2, 3)]


def test_a_page_that_stands_elsewhere_has_moved():
    pages = ["首页欢迎各位朋友", "产品介绍与费率", "联系电话与地址"]
    before = [part(text, i) for i, text in enumerate(pages)]
    after = [part(text, i) for i, text in enumerate([pages[2], pages[0], pages[1]])]
    found = pair_parts(before, after, lambda i, j: None)
    assert [(p.before, p.after) for p in found] == [(2, 0), (0, 1), (1, 2)]
    assert [p.moved for p in found] == [True, False, False]


def test_a_page_rewritten_between_its_neighbours_is_a_pair():
    before = [part("甲甲甲甲", 0), part("旧的一页", 1), part("丙丙丙丙", 2)]
    after = [part("甲甲甲甲", 0), part("完全新写", 1), part("丙丙丙丙", 2)]
    assert pair_parts(before, after, lambda i, j: None)[1] == Pair(1, 1)


def test_the_fingerprint_can_be_computed_by_hand():
    """sha256("adscan-fingerprint-1\\n" + sha256 of the words + "\\n" + sha256 of each file)."""
    import hashlib

    words = hashlib.sha256("保本".encode()).hexdigest()
    expected = hashlib.sha256(f"adscan-fingerprint-1\n{words}\nab\ncd".encode()).hexdigest()
    assert fingerprint_of("保本", ["ab", "cd"]) == expected
    assert fingerprint_of("保本", ["cd", "ab"]) != expected


def test_a_number_changed_and_the_line_below_gone_are_two_changes():
    found = compare_texts(part("年化 4.5%\n投资有风险"), part("年化 8.5%")).changes
    assert [(c.before.text, c.after.text) for c in found] == [("4.5%", "8.5%"), ("投资有风险", "")]
