"""Genre and activities on the project's own labelled texts; the floors are for the unseen third."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adscan.classify.activity import find_activities, load_activities
from adscan.classify.genre import find_genre
from adscan.normalise.chain import Normaliser
from adscan.records.circumstances import KNOWN_FROM
from adscan.records.part import Part, PartKind
from adscan.records.review import GenreLabel

TEXTS = Path(__file__).parents[1] / "materials" / "classify" / "texts.jsonl"
ROWS = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]
HELD = [row for row in ROWS if int(row["id"], 16) % 3 == 0]
SILENT = ("news", "education", "legal", "complaint")  # genres in which words are mere mentions
NORMALISER = Normaliser([])


def read(text: str):
    return [NORMALISER.normalise(Part(id="text:0", kind=PartKind.TEXT, text=text))]


def genre_of(text: str) -> str:
    return find_genre(read(text)).label.value


def known_in(text: str) -> set[str]:
    return {item.id for item in find_activities(read(text)) if item.confidence >= KNOWN_FROM}


def test_nine_in_ten_unseen_texts_get_their_genre():
    assert sum(genre_of(row["text"]) == row["genre"] for row in HELD) / len(HELD) >= 0.9


@pytest.mark.parametrize("label", [label.value for label in GenreLabel])
def test_each_genre_is_mostly_recognised(label):
    rows = [row for row in ROWS if row["genre"] == label]
    assert sum(genre_of(row["text"]) == label for row in rows) / len(rows) >= 0.7


def test_advertisements_are_not_silenced():
    ads = [row["text"] for row in ROWS if row["genre"] == "advertisement"]
    assert sum(genre_of(text) in SILENT for text in ads) / len(ads) <= 0.03


def test_activities_of_unseen_ads_are_found_and_few_others():
    right = wrong = missed = 0
    for row in HELD:
        if row["genre"] in ("advertisement", "soft_article"):
            found, wanted = known_in(row["text"]), set(row["activities"])
            right += len(found & wanted)
            wrong += len(found - wanted)
            missed += len(wanted - found)
    assert 2 * right / (2 * right + wrong + missed) >= 0.85


@pytest.mark.parametrize("activity", sorted(load_activities()))
def test_each_activity_is_mostly_recognised(activity):
    rows = [row for row in ROWS if activity in row["activities"]]
    assert len(rows) >= 6
    assert sum(activity in known_in(row["text"]) for row in rows) / len(rows) >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "保险箱厂家直销，防撬防火，送货上门",
        "红十字基金会接受爱心捐赠",
        "支持支付宝、微信付款，满百包邮",
        "黄金地段旺铺旁新开面馆，牛肉面十五元",
        "电信月卡九块钱，流量随便用",
        "工程招标文件代做，投标不用愁",
        "定期保养空调，清洗立减六十",
        "数字人民币硬钱包首发，刷一下就付款",
        "留学顾问一对一，名校申请全程服务",
    ],
)
def test_words_that_merely_sound_alike_name_no_activity(text):
    assert known_in(text) == set()


def test_a_name_brings_the_bank_and_none_brings_the_tout():
    assert known_in("江畔银行消费贷，年化利率3.2%起") == {"bank_loan"}
    assert known_in("缺钱找我，黑户也能下款") == {"loan_facilitation"}


def test_a_text_without_words_offers_nothing():
    assert genre_of("   ") == "other"
