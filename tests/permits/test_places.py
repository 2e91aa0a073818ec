"""Places by name and code."""

from __future__ import annotations

import pytest

from adscan.permits.places import (
    NATION,
    any_covers,
    code_of,
    codes_of,
    covers,
    leading_places,
    place_name,
    short_name,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("浙江", "33"),
        ("浙江省温州市", "3303"),
        ("温州", "3303"),
        ("瑞安市", "330381"),  # not the county that it was until 1987
        ("上海浦东新区", "310115"),
        ("内蒙古自治区", "15"),
        ("新疆", "65"),
        ("恩施", "4228"),
        ("全国", NATION),
        ("火星", None),
        ("", None),
    ],
)
def test_a_place_written_out_has_its_code(text: str, code: str | None):
    assert code_of(text) == code


def test_a_place_lies_in_its_province_and_in_the_nation():
    assert covers("33", "330381")
    assert covers(NATION, "3303")
    assert not covers("3301", "3303")


def test_codes_lead_back_to_names():
    assert place_name("3303") == "温州市"
    assert place_name(NATION) == "全国"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("温州市", "温州"),
        ("恩施土家族苗族自治州", "恩施"),
        ("内蒙古自治区", "内蒙古"),
        ("忠县", "忠县"),
    ],
)
def test_names_without_their_rank_keep_two_characters(name: str, short: str):
    assert short_name(name) == short


def test_a_name_of_several_places_has_all_their_codes_largest_first():
    assert codes_of("朝阳")[0] == "2113"
    assert "110105" in codes_of("朝阳")
    assert codes_of("北京朝阳") == ("110105",)
    assert codes_of("全国") == codes_of("火星") == ()


def test_a_former_place_stands_for_the_one_that_bears_its_name_now():
    assert codes_of("洞头县") == codes_of("浙江洞头") == ("330305",)


def test_places_that_a_name_begins_with_lie_in_one_another():
    name = "浙江省温州市鹿城区鑫隆"
    assert [name[:end] for end, _ in leading_places(name)] == [
        "浙江省",
        "浙江省温州市",
        "浙江省温州市鹿城区",
    ]
    assert leading_places("鑫隆财富") == []


def test_one_of_several_places_may_take_in_another():
    assert any_covers(("33", "3303"), ("330302",))
    assert not any_covers((), ("3303",))
