"""What is no prose: telephone numbers, addresses, account names and codes.

Rules do not match words into them and no disguise is read in them. Every expression starts at the
edge of a token and is bounded, so that a hostile text costs no more than a long one.
"""

from __future__ import annotations

import re

from adscan.records.text import Mask, MaskKind, Span

_TOP_LEVEL = (
    "com|cn|net|org|gov|edu|top|vip|xyz|cc|io|app|info|biz|me|tv|club|shop|site|online|hk|tw|mobi"
    "|pro|link|ltd|wang|ren|store|tech|fun|live|co|ai|us|uk|jp|ru|in"
)
_DIGIT = r"(?<![\dA-Za-z.])"  # no number begins before
_END = r"(?![\dA-Za-z])"

_EXPRESSIONS: tuple[tuple[MaskKind, str], ...] = (
    (
        MaskKind.EMAIL,
        r"(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,10}",
    ),
    (MaskKind.URL, r"(?<![A-Za-z])(?:https?|ftp)://[!-~]{1,2000}"),
    (
        MaskKind.URL,
        rf"(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]{{1,63}}\.){{1,6}}(?:{_TOP_LEVEL})(?![A-Za-z0-9-])"
        r"(?::\d{2,5})?(?:[/?#][!-~]{0,2000})?",
    ),
    (
        MaskKind.CODE,  # unified social credit code
        rf"{_DIGIT}[0-9A-HJ-NP-RTUW-Y]{{2}}\d{{6}}[0-9A-HJ-NP-RTUW-Y]{{10}}{_END}",
    ),
    (MaskKind.CODE, r"[\u4e00-\u9fff]ICP[备证]\d{6,10}号?(?:-\d{1,3})?"),
    (
        MaskKind.CODE,  # named as a code
        r"(?:代码|编码|编号|备案号|许可证号?|证书号|批号|文号|登记号|注册号|执业号|资格号|流水号|账号|卡号|单号)"
        r"(?:为|是)?[ ：:（(]{0,3}(?P<code>[A-Za-z0-9][A-Za-z0-9.-]{4,30})",
    ),
    (MaskKind.CODE, rf"{_DIGIT}(?:[036]\d{{5}}|[48]\d{{5}})\.(?:SH|SZ|BJ|OF|sh|sz|bj|of){_END}"),
    (MaskKind.CODE, rf"(?<![A-Za-z0-9])(?:SH|SZ|BJ|sh|sz|bj)[:. ]?\d{{6}}{_END}"),
    (MaskKind.CODE, r"(?<=[（(])\d{6}(?=[）)])"),  # a stock or fund after its name
    (
        MaskKind.PHONE,
        rf"{_DIGIT}(?:(?:\+|00)?86[- ]?)?1[3-9]\d(?:\d{{8}}|[- ]\d{{4}}[- ]\d{{4}}){_END}",
    ),
    (MaskKind.PHONE, rf"{_DIGIT}[48]00[- ]?\d{{3,4}}[- ]?\d{{3,4}}{_END}"),
    (
        MaskKind.PHONE,
        rf"(?:{_DIGIT}|(?<=[（(]))0\d{{2,3}}[)） -]{{0,2}}[2-9]\d{{6,7}}(?:-\d{{1,5}})?{_END}",
    ),
    (
        MaskKind.PHONE,
        r"(?:电话|热线|客服|拨打|致电|来电|手机号?|Tel|TEL)[ ：:]{0,3}"
        rf"(?P<phone>\d[\d-]{{4,14}}\d|\d{{5}}){_END}",
    ),
    (
        MaskKind.ACCOUNT,
        r"(?:[微薇威徽][信芯]|[Vv][信芯❤]|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx]|[Qq]{1,2}|[Vv])|扣扣|企鹅|公众号"
        r"|抖音|小红书|支付宝|微博)"
        r"(?:号|群|号码|群号|ID|id)?[ ：:+＋(（]{0,3}"
        r"(?P<account>[A-Za-z][A-Za-z0-9_-]{4,19}|\d{5,11})",
    ),
    (MaskKind.CODE, rf"{_DIGIT}\d{{15,19}}{_END}"),  # bank cards, long numbers
)

# Without four such characters in a row there is nothing to find.
_WORTH_LOOKING = re.compile(r"[0-9A-Za-z@./-]{4}")
_COMPILED = tuple((kind, re.compile(expression)) for kind, expression in _EXPRESSIONS)


def find_masks(text: str) -> tuple[Mask, ...]:
    """The masks of a normalised text, in order, none overlapping; the first kind listed wins."""
    if not _WORTH_LOOKING.search(text):
        return ()
    found: list[Mask] = []
    for kind, expression in _COMPILED:
        for match in expression.finditer(text):
            group = next(iter(match.groupdict()), 0)
            span = Span(*match.span(group))
            if kind is MaskKind.URL:
                span = Span(span.start, span.start + len(span.of(text).rstrip(".,;:!?)]}'\"")))
            found.append(Mask(span, kind))
    return tuple(_apart(found))


def _apart(found: list[Mask]) -> list[Mask]:
    """The longest mask of each place; of equal ones the first."""
    kept: list[Mask] = []
    for mask in sorted(found, key=lambda m: (m.span.start, -m.span.end)):
        if not kept or mask.span.start >= kept[-1].span.end:
            kept.append(mask)
    return kept
