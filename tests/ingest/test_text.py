"""Plain texts in the encodings they come in."""

from __future__ import annotations

import pytest

from adscan.errors import DamagedFile, TooLarge, UnsupportedFormat
from adscan.records.ad import AdKind

SIMPLIFIED = "本产品为非保本浮动收益，理财非存款，产品有风险，投资须谨慎。\r\n咨询请到网点。"
TRADITIONAL = "本產品為非保本浮動收益，投資涉及風險，投資人應謹慎評估。\n歡迎蒞臨分行洽詢。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_comes_out_exactly_as_given(encoding, read):
    ad = read(SIMPLIFIED.encode(encoding))
    assert ad.kind is AdKind.TEXT
    assert ad.sheets[0].text == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["big5", "utf-8", "utf-16-le"])
def test_traditional_text_is_told_from_simplified(encoding, read):
    assert read(TRADITIONAL.encode(encoding)).sheets[0].text == TRADITIONAL


@pytest.mark.parametrize("text", ["保本", "高收益", "零风险投资", "年化8%保息", "稳赚不赔！"])
def test_a_few_characters_are_enough_for_gb18030(text, read):
    assert read(text.encode("gb18030")).sheets[0].text == text


def test_utf16_without_mark_is_told_by_its_latin_letters(read):
    text = "VIP 专享 APP 下载\r\nhttps://bank.example/a"
    assert read(text.encode("utf-16-le")).sheets[0].text == text


def test_white_space_and_line_ends_are_kept(read):
    text = "  # 标题\r\n\r\n\t正文　全角空格 \n"
    assert read(text.encode()).sheets[0].text == text


@pytest.mark.parametrize("text", [" \n\t ", "\u3000\u3000", "\ufeff", "\u200b\u200b\n"])
def test_a_text_of_white_space_only_is_an_error(text, read):
    with pytest.raises(DamagedFile, match="只有空白"):
        read(text.encode())


def test_a_few_broken_characters_are_a_fact_that_keeps_from_passing(read):
    data = SIMPLIFIED.encode()
    ad = read(data[:10] + b"\xff" + data[10:])
    assert ad.notices[0].unread
    assert "损坏" in ad.notices[0].message


def test_a_text_cut_within_a_character_is_still_read(read):
    ad = read(SIMPLIFIED.encode()[:-1])
    assert ad.sheets[0].text.startswith("本产品")
    assert ad.notices[0].unread


def test_single_null_characters_do_not_turn_a_text_into_rubbish(read):
    text = (
        "保\x00本保\x00息，欢迎投资理财产品，收益稳定，到期还本付息，名额有限，先到先得，速来咨询。"
    )
    assert read(text.encode()).sheets[0].text == text


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, b"\x00" * 500, b"\x7fELF\x02\x01\x01" + bytes(200)]
)
def test_binary_rubbish_is_no_text(data, read):
    with pytest.raises(UnsupportedFormat):
        read(data)


def test_a_text_over_its_limit_names_the_setting(read):
    with pytest.raises(TooLarge, match="ADSCAN_LIMITS__MAX_TEXT_BYTES"):
        read(SIMPLIFIED.encode(), max_text_bytes=20)
