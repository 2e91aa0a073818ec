"""Places by name and code."""

from __future__ import annotations

import pytest

from adscan.permits.places import NATION, code_of, covers, place_name, short_name


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
