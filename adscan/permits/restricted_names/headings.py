"""Headings of columns that hold names, business scopes, accounts and trademarks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from adscan.records.restricted_name import Field

HEAD_ROWS = 10  # among which the headings are looked for: lists have titles above them

# Headings as lists have them; of several for names the first one here counts.
_NAMES = (
    "企业名称 公司名称 企业全称 公司全称 单位名称 机构名称 主体名称 市场主体名称"
    " 经营主体名称 商户名称 个体工商户名称 当事人名称 申报名称 拟用名称 预核准名称"
    " 名称 企业 公司 单位 机构 企业字号 字号 商号 company company_name name"
)
_SCOPES = (
    "经营范围 业务范围 经营项目 许可经营项目 一般经营项目 经营范围及方式 主营业务"
    " scope business_scope"
)
_ACCOUNTS = (
    "账号名称 帐号名称 账号名 帐号 账号 昵称 app名称 app 应用名称 软件名称 网站名称"
    " 网站 公众号名称 公众号 小程序名称 小程序 视频号 抖音号 快手号 微博 直播间名称"
    " 直播间 店铺名称 网店名称 account"
)
HEADINGS = {
    Field.NAME: _NAMES.split(),
    Field.SCOPE: _SCOPES.split(),
    Field.ONLINE: _ACCOUNTS.split(),
    Field.TRADEMARK: ["商标名称", "商标", "注册商标", "trademark"],
}
_FIELD_OF = {heading: field for field, headings in HEADINGS.items() for heading in headings}
_KEYWORDS = (
    (Field.SCOPE, re.compile("范围|业务|scope")),
    (Field.TRADEMARK, re.compile("商标|trademark")),
    (Field.ONLINE, re.compile("[账帐]号|app|网站|公众号|小程序|视频号|昵称|直播|店铺|account")),
)
_BLANK = re.compile(r"[\s*:]+|\([^()]*\)")


def plain(heading: str) -> str:
    """A heading without blanks, stars and remarks in brackets, letters in one form."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", heading)).lower()


def field_of(heading: str) -> Field | None:
    """What stands below a heading; None if we do not know it."""
    return _FIELD_OF.get(plain(heading))


def guess_field(heading: str) -> Field:
    """What stands below a heading that somebody asked for by name."""
    known = field_of(heading)
    text = plain(heading)
    return known or next((f for f, keyword in _KEYWORDS if keyword.search(text)), Field.NAME)


def rank(heading: str) -> int:
    """Of several headings for names the lowest is the best."""
    return HEADINGS[Field.NAME].index(plain(heading))


def has_heading(cells: Sequence[str]) -> bool:
    """Whether one of the cells is a heading that we know."""
    return any(field_of(cell) for cell in cells)
