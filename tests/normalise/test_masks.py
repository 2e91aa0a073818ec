"""What is no prose is masked; figures that say something are not."""

from __future__ import annotations

import pytest

from adscan.normalise.chain import Normaliser
from adscan.normalise.masks import find_masks
from adscan.records.part import Part, PartKind
from adscan.records.text import MASK_CHAR, MaskKind

MASKED = [
    ("电话400-820-8888", MaskKind.PHONE, "400-820-8888"),
    ("拨打4008208888", MaskKind.PHONE, "4008208888"),
    ("手机13800138000", MaskKind.PHONE, "13800138000"),
    ("+86 13800138000", MaskKind.PHONE, "+86 13800138000"),
    ("咨询138 0013 8000", MaskKind.PHONE, "138 0013 8000"),
    ("0755-82345678", MaskKind.PHONE, "0755-82345678"),
    ("客服热线95588", MaskKind.PHONE, "95588"),
    ("见https://www.example.com/a?b=1。", MaskKind.URL, "https://www.example.com/a?b=1"),
    ("登录www.example.com.cn，", MaskKind.URL, "www.example.com.cn"),
    ("官网 example.vip", MaskKind.URL, "example.vip"),
    ("邮箱a.b-c@example.com", MaskKind.EMAIL, "a.b-c@example.com"),
    ("加微信abc_12345", MaskKind.ACCOUNT, "abc_12345"),
    ("VX：wx888888", MaskKind.ACCOUNT, "wx888888"),
    ("QQ群123456789", MaskKind.ACCOUNT, "123456789"),
    ("基金代码：000001", MaskKind.CODE, "000001"),
    ("某股份（600000）", MaskKind.CODE, "600000"),
    ("000001.SZ", MaskKind.CODE, "000001.SZ"),
    ("SH600000", MaskKind.CODE, "SH600000"),
    ("许可证号：P1001234", MaskKind.CODE, "P1001234"),
    ("沪ICP备12345678号-1", MaskKind.CODE, "沪ICP备12345678号-1"),
    ("91310000MA1FL0000X", MaskKind.CODE, "91310000MA1FL0000X"),
    ("6222020200112233445", MaskKind.CODE, "6222020200112233445"),
]


@pytest.mark.parametrize(("text", "kind", "masked"), MASKED, ids=[row[0] for row in MASKED])
def test_it_is_masked(text: str, kind: MaskKind, masked: str) -> None:
    assert [(m.kind, m.span.of(text)) for m in find_masks(text)] == [(kind, masked)]


@pytest.mark.parametrize(
    "text",
    [
        *("年化12.5%", "2026-11-25", "收益100000元", "规模400000000元", "7x24小时", "T+0到账"),
        *("第123456名", "保本100%", "30天起投，1万元起", "P2P、ICO、APP", "3.5%-4.2%", "基准3.85%"),
    ],
)
def test_a_figure_that_says_something_is_not_masked(text: str) -> None:
    assert find_masks(text) == ()


def test_no_disguise_is_read_in_an_address() -> None:
    part = Part("text", PartKind.TEXT, "www.gu-bao-ben.com 牛gu")
    normal = Normaliser(["牛股", "保本保息", "保本"]).normalise(part)
    assert [r.written for r in normal.readings] == ["牛gu"]
    assert normal.text == "www.gu-bao-ben.com 牛股"


def test_masks_move_with_the_text() -> None:
    part = Part("text", PartKind.TEXT, "保*本！电话13800138000")
    normal = Normaliser(["保本"]).normalise(part)
    assert normal.masks[0].span.of(normal.text) == "13800138000"
    assert normal.masked == "保本！电话" + MASK_CHAR * 11
