"""Every trick is read, with the place of each character; what ordinary Chinese explains is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscan.normalise.chain import Normaliser
from adscan.normalise.skeleton import SkeletonBuilder
from adscan.normalise.spellings import Spellings
from adscan.normalise.tables import load_tables
from adscan.records.part import Part, PartKind
from adscan.records.text import NormalText, Span, Trick

# The rulebook's words as these tests know them.
# fmt: off
TERMS = [
    "保本", "保本保息", "保息", "稳赚不赔", "稳赚", "零风险", "无风险", "刚性兑付", "高收益", "高息", "理财", "收益", "翻倍",
    "牛股", "涨停板", "内幕消息", "微信", "年化收益", "只涨不跌", "虚拟货币", "比特币", "首付贷", "零首付", "国家级", "最佳", "第一",
    "躺赚", "100%保本", "P2P",
]
# fmt: on
NORMALISER = Normaliser(TERMS)


def normalise(text: str) -> NormalText:
    return NORMALISER.normalise(Part("text", PartKind.TEXT, text))


SEPARATORS, DIGITS = Trick.SEPARATORS, Trick.DIGITS_AND_EMOJI
LOOKALIKE, HOMOPHONE, SPLIT, PINYIN = Trick.LOOKALIKE, Trick.HOMOPHONE, Trick.SPLIT, Trick.PINYIN

READ = [  # written, text as read, term, tricks
    ("承诺保*本", "承诺保本", "保本", {SEPARATORS}),
    ("保 本 保 息", "保本保息", "保本保息", {SEPARATORS}),
    ("产品 保 本 可靠", "产品 保本 可靠", "保本", {SEPARATORS}),
    ("保-本", "保本", "保本", {SEPARATORS}),
    ("承诺保.本的", "承诺保本的", "保本", {SEPARATORS}),
    ("保·本", "保本", "保本", {SEPARATORS}),
    ("保\u3000本", "保本", "保本", {SEPARATORS}),
    ("保/本", "保本", "保本", {SEPARATORS}),
    ("保【本】理财", "保本理财", "保本", {SEPARATORS}),
    ("【保】本", "保本", "保本", {SEPARATORS}),
    ("【保】【本】！", "保本！", "保本", {SEPARATORS}),
    ("稳赚（不赔）", "稳赚不赔", "稳赚不赔", {SEPARATORS}),
    ("保_本", "保本", "保本", {SEPARATORS}),
    ("保……本", "保本", "保本", {SEPARATORS}),
    ("保。。。本", "保本", "保本", {SEPARATORS}),
    ("保💰本", "保本", "保本", {SEPARATORS}),
    ("保🔥🔥本", "保本", "保本", {SEPARATORS}),
    ("保\n本\n保\n息", "保本保息", "保本保息", {SEPARATORS}),
    ("零 首 付购房", "零首付购房", "零首付", {SEPARATORS}),
    ("收★益", "收益", "收益", {SEPARATORS}),
    ("0风险", "零风险", "零风险", {DIGITS}),
    ("〇风险", "零风险", "零风险", {DIGITS}),
    ("零⻛险投资，⓪风险", "零风险投资，零风险", "零风险", {DIGITS}),
    ("🐂股", "牛股", "牛股", {DIGITS}),
    ("只📈不📉", "只涨不跌", "只涨不跌", {DIGITS}),
    ("💯保本", "100%保本", "100%保本", {DIGITS}),
    ("百分之百保本", "100%保本", "100%保本", {DIGITS}),
    ("保夲", "保本", "保本", {LOOKALIKE}),
    ("葆本", "保本", "保本", {LOOKALIKE}),
    ("零风脸", "零风险", "零风险", {LOOKALIKE}),
    ("高攵益", "高收益", "高收益", {LOOKALIKE}),
    ("Р2Р", "P2P", "P2P", {LOOKALIKE}),
    ("宝本", "保本", "保本", {HOMOPHONE}),
    ("包本", "保本", "保本", {HOMOPHONE}),
    ("里财", "理财", "理财", {HOMOPHONE}),
    ("收溢", "收益", "收益", {LOOKALIKE}),
    ("高吸", "高息", "高息", {HOMOPHONE}),
    ("文赚不赔", "稳赚不赔", "稳赚不赔", {HOMOPHONE}),
    ("稳转不赔", "稳赚不赔", "稳赚不赔", {HOMOPHONE}),
    ("内幕萧息", "内幕消息", "内幕消息", {HOMOPHONE}),
    ("亻呆本", "保本", "保本", {SPLIT}),
    ("（高自心）", "（高息）", "高息", {SPLIT}),
    ("禾急贝兼不贝咅", "稳赚不赔", "稳赚不赔", {SPLIT}),
    ("亻呆本亻呆自心", "保本保息", "保本保息", {SPLIT}),
    ("无风阝佥", "无风险", "无风险", {SPLIT}),
    ("牛gu推荐", "牛股推荐", "牛股", {PINYIN}),
    ("涨T板", "涨停板", "涨停板", {PINYIN}),
    ("bao本", "保本", "保本", {PINYIN}),
    ("保ben", "保本", "保本", {PINYIN}),
    ("baoben保息", "保本保息", "保本保息", {PINYIN}),
    ("baobenbaoxi", "保本保息", "保本保息", {PINYIN}),
    ("bǎo本", "保本", "保本", {PINYIN}),
    ("WEN赚不赔", "稳赚不赔", "稳赚不赔", {PINYIN}),
    ("加V信", "加微信", "微信", {PINYIN}),
    ("加VX详聊", "加微信详聊", "微信", {DIGITS}),
    ("加薇信", "加微信", "微信", {HOMOPHONE}),
    ("宝*本保x息", "保本保息", "保本保息", {SEPARATORS, HOMOPHONE}),
    ("bao*夲", "保本", None, set()),
    ("宝本保吸", "保本保息", "保本保息", {HOMOPHONE}),
]


@pytest.mark.parametrize(("written", "text", "term", "tricks"), READ, ids=[row[0] for row in READ])
def test_a_disguise_is_read_and_reported(
    written: str, text: str, term: str | None, tricks: set[Trick]
) -> None:
    normal = normalise(written)
    if term is None:
        assert normal.readings == ()
        return
    assert normal.text == text
    assert normal.readings[-1].read_as == term
    assert set(normal.readings[-1].tricks) == tricks


LEFT = """
保本 | 保本保息，稳赚不赔 | 投資有風險，理財非存款 | Ｐ２Ｐ平台
收益保 本产品 | 不能担保 本金安全 | 社会保-本地居民 | 由银行担保/本金安全 | 该行担保（本金） | 确保·本金
保，本 | 保。本 | 保：本 | 最，佳 | 收！益
受益人 | 手艺精湛 | 提高受益面 | 权益类产品 | 公益 | 保险金 | 报本溯源 | 回报收益 | 每股摊薄收益
余额宝收益 | 国家集采 | 国家机关 | 债务风险 | 业务风险 | 经营带来 | 令风险资产走高 | 激进
创新高 收益 | 有无 风险 | 提高 收益率 | 走高-息差 | 保\n本
10风险点 | 1.0风险 | 第1名 | 第1季度 | 第（一）项 | 第一 | 20风险 | 0.5风险敞口
来自心灵 | 女子 | 来自心里 | 木反对
fan利 | can | gu | 索尼WX9 | VX530 | T板 | 英文song
香港检出 | 确保末端 | 法宝|盈利
理由 | 里程碑 | 财里 | 高档 | 稳定转型 | 文章 | 不赔钱 | 牛市个股 | 翻了一倍 | 涨停后板块
a.b.c | 1 2 3 | x x x | ... | ---
"""
NEAR_MISSES = [
    text.strip().replace("\\n", "\n")
    for line in LEFT.strip().split("\n")
    for text in line.split(" | ")
]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_ordinary_chinese_explains_is_not_read(text: str) -> None:
    assert normalise(text).readings == ()


def test_each_character_of_a_term_leads_back_to_its_own() -> None:
    normal = normalise("承诺保 *本！")
    places = [normal.offsets.to_source(Span(at, at + 1)) for at in range(2, 4)]
    assert places == [Span(2, 3), Span(5, 6)]
    assert normal.readings[0].span == Span(2, 4)
    assert normal.readings[0].written == "保 *本"


def test_a_split_character_leads_back_to_both_parts() -> None:
    normal = normalise("亻呆本")
    assert normal.offsets.to_source(Span(0, 1)) == Span(0, 2)
    assert normal.offsets.to_source(Span(1, 2)) == Span(2, 3)


def test_letters_lead_back_as_a_syllable() -> None:
    normal = normalise("牛gu")
    assert normal.offsets.to_source(Span(1, 2)) == Span(1, 3)


def test_an_expression_of_the_same_meaning_leads_back_as_a_whole() -> None:
    normal = normalise("💯保本")
    assert normal.offsets.to_source(Span(0, 4)) == Span(0, 1)
    assert normal.offsets.to_source(Span(4, 6)) == Span(1, 3)


@pytest.mark.parametrize("text", ["稳赚\n不赔", "稳赚 不赔", "保本\n保息", "内幕  消息"])
def test_a_word_parted_by_the_layout_is_joined_and_no_disguise(text: str) -> None:
    normal = normalise(text)
    assert normal.text == "".join(text.split())
    assert normal.readings == ()
    assert normal.offsets.to_source(Span(0, 4)) == Span(0, len(text))


def test_a_word_written_as_a_term_of_its_own_stays() -> None:
    part = Part("text", PartKind.TEXT, "0元购房")
    assert Normaliser(["0元购房", "零元购房"]).normalise(part).text == "0元购房"


def test_the_longest_term_is_read() -> None:
    assert [r.read_as for r in normalise("保*本*保*息").readings] == ["保本保息"]


def test_a_plain_term_is_not_torn_by_a_disguise() -> None:
    assert normalise("年化收益").readings == ()
    assert normalise("宝本保息").readings[0].read_as == "保本保息"


def test_written_characters_are_those_of_the_part_not_of_a_step() -> None:
    assert normalise("穩\u200b*賺不賠").readings[0].written == "穩\u200b*賺不賠"


def test_no_terms_leave_the_text_alone() -> None:
    part = Part("text", PartKind.TEXT, "宝*本")
    assert Normaliser([]).normalise(part).text == "宝*本"


DENSE = "保本息宝夲亻呆自心稳赚转不赔陪零0风险脸无高收益溢受微信VvXxgubaoben *·-。，（）\n💰💯🐂百分之百%1T涨停板"
PARTS = [*(row[0] for row in READ), *TERMS, *DENSE]
texts = st.text(
    st.sampled_from(DENSE) | st.characters(exclude_categories=["Cs"]), max_size=40
) | st.lists(st.sampled_from(PARTS), max_size=8).map("".join)


@settings(deadline=None)
@given(text=texts)
def test_any_text_keeps_its_places(text: str) -> None:
    normal = normalise(text)
    starts, ends = list(normal.offsets.starts), list(normal.offsets.ends)
    assert starts == sorted(starts) and ends == sorted(ends)
    assert all(0 <= s < e <= len(text) for s, e in zip(starts, ends, strict=True))
    for reading in normal.readings:
        assert reading.span.of(normal.text) == reading.read_as
        assert normal.offsets.to_source(reading.span).of(text) == reading.written
        assert reading.tricks


@settings(deadline=None)
@given(text=texts)
def test_what_was_read_reads_the_same_again(text: str) -> None:
    once = normalise(text)
    again = normalise(once.text)
    assert again.text == once.text
    assert again.readings == ()


@settings(deadline=None)
@given(text=texts)
def test_characters_outside_readings_come_from_themselves(text: str) -> None:
    normal = normalise(text)
    inside = {at for r in normal.readings for at in range(r.span.start, r.span.end)}
    for at, character in enumerate(normal.text):
        source = normal.offsets.to_source(Span(at, at + 1)).of(text)
        if at not in inside and source in DENSE and source != "\n":
            assert source == character


@pytest.mark.parametrize("unit", ["保 ", "保 本 ", "宝本", "bao", "亻呆", "0风险", "保*本", "x保"])
def test_a_hostile_text_has_no_more_candidates_than_characters(unit: str) -> None:
    spellings = Spellings(TERMS, load_tables())
    skeleton = SkeletonBuilder(spellings.pictures).build(unit * 2000)
    nested = 3  # terms that can begin at one unit: 保本, 保本保息 …
    assert len(spellings.find(skeleton, syllables=True)) <= nested * len(skeleton.codes)
