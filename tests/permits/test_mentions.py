"""Companies named in texts: which words are the name, and what the company has to do with the ad."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from adscan.permits.mentions import find_mentions
from adscan.records.permit import NameSource, Role

TEXTS = yaml.safe_load(
    (Path(__file__).parents[1] / "materials" / "permits" / "mentions.yaml").read_text("utf-8")
)
ROLES = {"p": Role.PROMOTER, "s": Role.PROVIDER, "n": Role.NEITHER}


def test_most_names_are_found_whole_and_in_their_role():
    wanted = right = in_role = 0
    for case in TEXTS["named"]:
        found = {mention.name: mention.role for mention in find_mentions(case["text"])}
        for name, role in case["names"].items():
            wanted += 1
            right += name in found
            in_role += found.get(name) is ROLES[role]
    assert wanted >= 150
    assert right >= 0.95 * wanted
    assert in_role >= 0.93 * wanted


def test_names_come_from_the_block_they_stand_in():
    for case in TEXTS["named"]:
        found = {mention.name: mention.source.value for mention in find_mentions(case["text"])}
        for name, source in case.get("sources", {}).items():
            assert found.get(name) == source, case["text"]


def test_texts_that_name_no_company_give_next_to_none():
    assert len(TEXTS["none"]) >= 40
    found = [mention.name for text in TEXTS["none"] for mention in find_mentions(text)]
    assert len(found) <= 3, found


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("版权所有 温州百川网络有限公司 浙ICP备88888888号-1", NameSource.RECORD),
        ("温州百川网络有限公司 电话0577-88000000", NameSource.CONTACT),
        ("【鹿城农商银行】春节存款送礼", NameSource.CONTACT),
        ("温州百川网络有限公司为您服务", NameSource.TEXT),
    ],
)
def test_where_a_name_stands_says_how_much_it_counts(text: str, source: NameSource):
    assert [mention.source for mention in find_mentions(text)] == [source]


def test_whoever_entrusts_is_told():
    (mention,) = find_mentions("受温州瓯江小额贷款股份有限公司委托展示")
    assert mention.entrusts


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("甲安信托有限公司与乙安银行达成战略合作", [Role.PROMOTER, Role.NEITHER]),
        ("由甲安信托有限公司和乙安银行提供", [Role.PROVIDER, Role.PROVIDER]),
        ("甲安信托有限公司、乙安银行联合推出", [Role.PROMOTER, Role.PROMOTER]),
        ("本文由甲安信托有限公司提供", [Role.PROMOTER]),
    ],
)
def test_names_side_by_side_share_a_role_unless_they_are_partners(text: str, roles: list[Role]):
    assert [mention.role for mention in find_mentions(text)] == roles


@given(
    st.text(alphabet="温州市鑫隆由受与银行有限公司存管提供股份()【】,。\n地址电话8A", max_size=60)
)
def test_places_of_mentions_lie_in_the_text(text: str):
    for mention in find_mentions(text):
        assert mention.span.of(text) == mention.name
