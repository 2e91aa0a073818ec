from __future__ import annotations

from itertools import pairwise

import pytest

from adscan.report.wrap import breaks


def lines(text: str, width: int) -> list[str]:
    at = [0, *breaks(text, width), len(text)]
    return [text[a:b] for a, b in pairwise(at)]


def test_chinese_fills_the_line() -> None:
    assert lines("广告不得含有虚假内容", 8) == ["广告不得", "含有虚假", "内容"]


def test_mark_does_not_begin_a_line() -> None:
    assert lines("投资有风险，请谨慎", 10) == ["投资有风", "险，请谨慎"]


def test_bracket_does_not_end_a_line() -> None:
    assert lines("依据本法《证券法》", 10) == ["依据本法", "《证券法》"]


def test_number_stays_with_its_word() -> None:
    assert lines("这里共列第 12 项内容", 12) == ["这里共列", "第 12 项内容"]


def test_latin_word_stays_whole() -> None:
    assert lines("用 --register 再查", 8) == ["用 ", "--regist", "er 再查"]


@pytest.mark.parametrize("text", ["", "，，，，，，", "《《《《《《", "a" * 30])
def test_nothing_is_lost_where_no_break_is_good(text: str) -> None:
    assert "".join(lines(text, 4)) == text
