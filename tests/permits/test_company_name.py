"""Which names are one company's: hand-judged pairs, telling cases, and what holds of every name."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscan.permits.company_name import POSSIBLE, SURE, likeness, take_apart

PAIRS = Path(__file__).parents[1] / "materials" / "permits" / "name_pairs.csv"
PARTS = st.tuples(
    st.sampled_from(["", "温州", "浙江", "上海市", "瑞安市"]),
    st.sampled_from(["鑫隆", "云岚", "瓯江", "大象树", "A1"]),
    st.sampled_from(["财富管理", "小额贷款", "信息科技", "商务咨询", "基金销售"]),
    st.sampled_from(["有限公司", "有限责任公司", "股份有限公司", ""]),
)
NAMES = PARTS.map("".join)


def read_pairs(part: str) -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["part"] == part]


@pytest.mark.parametrize("part", ["tune", "held"])
def test_sure_matches_are_right_and_most_same_names_are_sure(part: str):
    pairs = read_pairs(part)
    assert len(pairs) > 280
    sure = [p for p in pairs if likeness(p["one"], p["other"]) >= SURE]
    same = [p for p in pairs if p["same"] == "yes"]
    right = [p for p in sure if p["same"] == "yes"]
    assert len(right) >= 0.99 * len(sure)
    assert len(right) >= 0.93 * len(same)


@pytest.mark.parametrize("part", ["tune", "held"])
def test_what_a_person_must_look_at_is_neither_sure_nor_dropped(part: str):
    doubtful = [p for p in read_pairs(part) if p["same"] == "maybe"]
    shown = [p for p in doubtful if POSSIBLE <= likeness(p["one"], p["other"]) < SURE]
    assert len(shown) >= 0.95 * len(doubtful)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("温州鑫隆财富管理有限公司", "杭州鑫隆财富管理有限公司", "no"),
        ("温州鑫隆财富管理有限公司", "温州鑫隆投资管理有限公司", "no"),
        ("温州鑫隆财富管理有限公司", "温州鑫瑞财富管理有限公司", "no"),
        ("温州鑫隆财富管理有限公司", "鑫隆财富管理（温州）有限公司", "yes"),
        ("温州鑫隆财富管理有限公司", "温州市鑫隆财富管理有限责任公司", "yes"),
        ("温州鑫隆财富管理有限公司", "浙江省温州市鑫隆财富管理有限公司", "yes"),
        ("温州鑫隆财富管理有限公司", "溫州鑫隆財富管理有限公司", "yes"),
        ("温州鑫隆财富管理有限公司", "温卅鑫隆财富管理有限公司", "yes"),
        ("温州鑫隆财富管理有限公司", "鑫隆财富管理有限公司", "maybe"),
        ("温州鑫隆财富管理有限公司", "鑫隆财富", "maybe"),
        ("宁波银行股份有限公司", "宁波银行", "yes"),
        ("宁波银行股份有限公司", "宁海银行股份有限公司", "no"),
        ("温州云岚农村商业银行股份有限公司", "温州云岚村镇银行股份有限公司", "no"),
        ("温州云岚农村商业银行股份有限公司", "温州云岚农商行", "yes"),
        ("东方证券股份有限公司", "东方期货有限公司", "no"),
        ("瓯江小额贷款股份有限公司", "瓯江融资担保股份有限公司", "no"),
        ("宁波银行股份有限公司温州分行", "宁波银行股份有限公司杭州分行", "no"),
        ("宁波银行股份有限公司温州分行", "宁波银行温州市分行", "yes"),
        ("宁波银行股份有限公司温州分行", "宁波银行股份有限公司", "yes"),
        ("东方证券温州车站大道证券营业部", "东方证券股份有限公司", "yes"),
        ("中国云岚集团有限公司", "云岚集团有限公司", "no"),
        ("云岚银行", "中国云岚银行股份有限公司", "maybe"),
        ("温州云岚控股集团有限公司", "温州云岚控股有限公司", "yes"),
        ("温州云岚投资有限公司", "温州云岚投资管理有限公司", "no"),
        ("温州云岚投资合伙企业（有限合伙）", "温州云岚投资有限公司", "no"),
        ("浙江云岚小额贷款有限公司", "温州云岚小额贷款有限公司", "maybe"),
        ("浙江苍南农村商业银行股份有限公司", "浙江平阳农村商业银行股份有限公司", "no"),
        ("浙江苍南农村商业银行股份有限公司", "苍南农商银行", "yes"),
        ("洞头县农村信用合作联社", "温州市洞头区农村信用联社", "yes"),
        ("平阳云岚村镇银行股份有限公司", "云岚银行", "no"),
        ("农商银行", "苍南农商银行", "no"),
    ],
)
def test_telling_cases(one: str, other: str, said: str):
    score = likeness(one, other)
    assert said == ("yes" if score >= SURE else "maybe" if score >= POSSIBLE else "no"), score


@pytest.mark.parametrize(
    ("name", "region", "trade", "line"),
    [
        ("平安银行股份有限公司", "", "平安", "银行"),  # 平安 is also a district
        ("温州银行", "3303", "温州", "银行"),
        ("上海浦东发展银行股份有限公司", "31", "浦东发展", "银行"),
        ("鹿城农商行", "330302", "鹿城", "农村商业银行"),
        ("蚂蚁智信(杭州)信息技术有限公司", "3301", "蚂蚁智信", "信息技术"),
        ("安永(中国)企业咨询有限公司", "", "(中国)安永企业", "咨询"),
    ],
)
def test_a_place_may_be_the_trade_name(name: str, region: str, trade: str, line: str):
    parts = take_apart(name)
    assert (parts.region, parts.trade, parts.line) == (region, trade, line)


def test_the_parts_of_a_name():
    name = take_apart("浙江温州鑫隆财富管理有限公司")
    assert (name.region, name.trade, name.line, name.form) == (
        "3303",
        "鑫隆",
        "财富管理",
        "有限公司",
    )
    assert take_apart("宁波银行股份有限公司温州分行").branch == "温州分行"


@given(NAMES, NAMES)
def test_likeness_is_the_same_both_ways_and_between_nought_and_one(one: str, other: str):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


@given(NAMES)
def test_a_name_is_itself_however_it_is_spaced_or_widened(name: str):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    assert likeness(name, " ".join(wide)) == 1.0


CITIES = ["温州", "杭州市", "北京", "成都市", "青岛", "新疆维吾尔自治区"]


@given(st.permutations(CITIES), PARTS, st.booleans())
def test_another_place_is_another_company(
    cities: list[str], parts: tuple[str, str, str, str], bracketed: bool
):
    _, trade, line, form = parts
    one = f"{cities[0]}{trade}{line}{form}"
    other = f"{trade}{line}({cities[1]}){form}" if bracketed else f"{cities[1]}{trade}{line}{form}"
    assert likeness(one, other) == 0.0
