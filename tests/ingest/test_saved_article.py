"""An article in the shape WeChat gives it, saved in both ways."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from adscan.ingest.read_ad import read_ad
from adscan.ingest.sources import find_sources
from adscan.records.ad import Placement
from adscan.records.part import NoticeCode
from adscan.settings import Limits

MATERIALS = Path(__file__).parent.parent / "materials" / "ingest"


@pytest.fixture(params=["article.html", "article.mhtml"])
def article(request):
    (source,) = find_sources([MATERIALS / request.param], Limits())
    return read_ad([source], Placement(published=date(2026, 1, 15)), Limits())


def test_title_and_account_are_read(article):
    assert article.title == "月薪五千如何攒下第一桶金"
    assert article.account == "小林聊钱"


def test_the_body_is_visible_and_only_hidden_words_are_hidden(article):
    visible, hidden, picture = article.sheets
    assert visible.text.endswith("先记账，再谈理财。\n每月固定存下两成收入。")
    assert hidden.text.startswith("加微信领内部产品，保本保息")
    assert picture.pixels().shape == (300, 600, 3)
    assert [notice.code for notice in article.notices] == [NoticeCode.HIDDEN_TEXT]


def test_the_day_comes_from_the_script_where_it_was_saved():
    (source,) = find_sources([MATERIALS / "article.html"], Limits())
    ad = read_ad([source], Placement(published=date(2026, 1, 15)), Limits())
    assert ad.page_date == date(2026, 1, 1)
