"""Whose promise is it? Words marked with ⟦ ⟧."""

import pytest

from adscan.language.quotation import is_in_title, is_quoted
from tests.language.marked import marked

REPORTED = [
    "该公司声称“⟦保本保息⟧”，吸引老人投资",
    "当事人在网页上使用“⟦国家级⟧”等用语",
    "不法分子以⟦高额回报⟧为诱饵实施诈骗",
    "打着⟦稳赚不赔⟧的旗号招揽客户",
    "嫌疑人谎称⟦保本付息⟧，骗取资金",
    "宣传册印有“零风险、⟦稳赚不赔⟧”字样，构成虚假广告",
    "所谓的⟦内部名额⟧并不存在",
    "常见话术包括「⟦内幕消息⟧」「包赚」",
]
OWN = [
    "我们的口碑就是“⟦保本保息⟧”",
    "客户都说“⟦稳赚不赔⟧”",
    "“⟦零风险⟧”，说到做到，欢迎来电",
    "⟦保本保息⟧，欢迎“新老客户”咨询",
]


@pytest.mark.parametrize("text", REPORTED)
def test_anothers_words_are_quoted(text):
    assert is_quoted(*marked(text))


@pytest.mark.parametrize("text", OWN)
def test_quote_marks_alone_do_not_make_a_quotation(text):
    assert not is_quoted(*marked(text))


def test_words_inside_a_books_title_are_a_name():
    assert is_in_title(*marked("请阅读《⟦存款保险⟧条例》全文"))


def test_words_after_a_title_are_no_name():
    assert not is_in_title(*marked("按《广告法》要求，⟦稳赚不赔⟧"))
