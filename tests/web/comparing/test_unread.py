"""What could not be read on one side is neither the same nor gone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from adscan.web.comparing.compare import compare, given_up
from adscan.web.comparing.sides import Side

UNREAD = ["附件打不开"]


def part(text, number=0, kind="text", unread=None):
    return {"id": f"{kind}:{number}", "kind": kind, "text": text, "lines": [], "unread": unread}


def statuses(found):
    return [one["status"] for one in found["parts"]]


def sentences(found):
    return [change["sentence"] for one in found["parts"] for change in one["changes"]]


def test_a_side_of_which_nothing_could_be_read_lacks_nothing_for_sure():
    """Else a comparison of a damaged file would tell the whole ad as deleted."""
    approved = Side([part("新店开业"), part("欢迎光临", 1)])
    found = compare(approved, Side([], unread=UNREAD))
    assert found["outcome"] == "unsure"
    assert sentences(found) == ["比对件：附件打不开"]
    assert "请人工核对" in found["summary"]
    assert compare(Side([], unread=UNREAD), approved)["outcome"] == "unsure"


def test_a_part_not_found_is_not_told_as_deleted_while_something_was_not_read():
    before = Side([part("新店开业，全场八折"), part("地址在海州路一号", 1)])
    read = compare(before, Side([part("新店开业，全场八折")]))
    assert statuses(read) == ["same", "removed"]
    found = compare(before, Side([part("新店开业，全场八折")], unread=UNREAD))
    assert found["outcome"] == "unsure"
    assert statuses(found) == ["same", "unsure", "unsure"]
    assert "没有找到" in sentences(found)[0]
    assert not any("删去" in one for one in sentences(found))


def test_a_part_not_found_in_an_original_read_in_part_is_not_told_as_added():
    after = Side([part("新店开业，全场八折"), part("地址在海州路一号", 1)])
    found = compare(Side([part("新店开业，全场八折")], unread=UNREAD), after)
    assert found["outcome"] == "unsure"
    assert not any("增加" in one for one in sentences(found))


def test_a_line_not_found_is_unsure_but_a_number_that_reads_otherwise_is_a_change():
    before = Side([part("新店开业。\n全场八折。\n投资有风险。")])
    lacking = compare(before, Side([part("新店开业。\n全场八折。")], unread=UNREAD))
    assert lacking["outcome"] == "unsure"
    assert {run["kind"] for run in lacking["parts"][0]["runs"]} == {"same", "unsure"}
    other = compare(before, Side([part("新店开业。\n全场五折。\n投资有风险。")], unread=UNREAD))
    assert other["outcome"] == "changed"


def test_a_picture_that_could_not_be_read_may_be_the_one_that_is_missing():
    before = Side([part("新店开业"), part("全场八折", kind="image")])
    found = compare(before, Side([part("新店开业"), part("", kind="image", unread="坏了")]))
    assert found["outcome"] == "unsure"
    assert "removed" not in statuses(found)
    assert "added" not in statuses(found)


def test_an_unread_part_that_all_of_the_other_side_lacks_is_gone():
    before = Side([part("新店开业"), part("", kind="image", unread="坏了")])
    assert compare(before, Side([part("新店开业")]))["outcome"] == "changed"


def test_a_comparison_given_up_claims_nothing():
    found = given_up("机器 3 次未能审完")
    assert found["outcome"] == "unsure"
    assert found["parts"] == []
    assert not found["identical"]
    assert found["summary"].startswith("机器没有审完，请人工比对")


words = st.lists(st.text("甲乙丙丁", min_size=1, max_size=6), max_size=4)


@settings(max_examples=100, deadline=None)
@given(words, words)
def test_a_side_read_in_part_never_lacks_anything_for_sure(before, after):
    one = Side([part(text, at) for at, text in enumerate(before)])
    two = Side([part(text, at) for at, text in enumerate(after)], unread=UNREAD)
    found = compare(one, two)
    assert found["outcome"] != "same"
    assert "removed" not in statuses(found)
    for place in found["parts"]:
        for change in place["changes"]:
            gone = change["kind"] == "text" and change["after"] is None
            assert change["unsure"] or not gone
