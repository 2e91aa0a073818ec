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
_BEGIN = r"(?<![0-9A-Za-z.])"  # no number or word runs in
_END = r"(?![0-9A-Za-z])"

_Expressions = tuple[tuple[MaskKind, str], ...]

# Each group is tried only on a text where its first expression, quick to search, occurs.
_GROUPS: tuple[tuple[str, _Expressions], ...] = (
    (
        "@",
        (
            (
                MaskKind.EMAIL,
                r"(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,10}",
            ),
        ),
    ),
    ("://", ((MaskKind.URL, r"(?<![A-Za-z])(?:https?|ftp)://[!-~]{1,2000}"),)),
    (
        r"\.[A-Za-z]",
        (
            (
                MaskKind.URL,
                rf"(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]{{1,63}}\.){{1,6}}(?:{_TOP_LEVEL})"
                r"(?![A-Za-z0-9-])(?::[0-9]{2,5})?(?:[/?#][!-~]{0,2000})?",
            ),
            (MaskKind.CODE, rf"{_BEGIN}[0-9]{{6}}\.(?:SH|SZ|BJ|OF|sh|sz|bj|of){_END}"),
        ),
    ),
    (
        r"[0-9]{6}",
        (
            (  # unified social credit code
                MaskKind.CODE,
                rf"{_BEGIN}[0-9A-HJ-NP-RTUW-Y]{{2}}[0-9]{{6}}[0-9A-HJ-NP-RTUW-Y]{{10}}{_END}",
            ),
            (MaskKind.CODE, rf"(?<![A-Za-z0-9])(?:SH|SZ|BJ|sh|sz|bj)[:. ]?[0-9]{{6}}{_END}"),
            (MaskKind.CODE, r"(?<=[（(])[0-9]{6}(?=[）)])"),  # a stock or fund after its name
            (MaskKind.CODE, rf"{_BEGIN}[0-9]{{15,19}}{_END}"),  # bank cards
            (
                MaskKind.PHONE,
                rf"{_BEGIN}0[0-9]{{2,3}}[)） -]{{0,2}}[2-9][0-9]{{6,7}}(?:-[0-9]{{1,5}})?{_END}",
            ),
        ),
    ),
    ("ICP", ((MaskKind.CODE, r"[\u4e00-\u9fff]ICP[备证][0-9]{6,10}号?(?:-[0-9]{1,3})?"),)),
    (
        r"[号码][为是]?[ ：:（(]{0,3}[A-Za-z0-9]",
        (
            (
                MaskKind.CODE,
                r"(?:代码|编码|编号|备案号|许可证号?|证书号|批号|文号|登记号|注册号|执业号|资格号|流水号"
                r"|账号|卡号|单号)(?:为|是)?[ ：:（(]{0,3}(?P<is>[A-Za-z0-9][A-Za-z0-9.-]{4,30})",
            ),
        ),
    ),
    (
        r"1[3-9][0-9][- ]?[0-9]{4}",
        (
            (
                MaskKind.PHONE,
                rf"{_BEGIN}(?:(?:\+|00)?86[- ]?)?"
                rf"1[3-9][0-9](?:[0-9]{{8}}|[- ][0-9]{{4}}[- ][0-9]{{4}}){_END}",
            ),
        ),
    ),
    (
        r"[48]00[- ]?[0-9]{3}",
        (
            (
                MaskKind.PHONE,
                rf"{_BEGIN}[48]00[- ]?"
                rf"(?:[0-9]{{3}}[- ]?[0-9]{{4}}|[0-9]{{4}}[- ]?[0-9]{{3}}){_END}",
            ),
        ),
    ),
    (
        r"[话线服打电机号lL][ ：:]{0,3}[0-9][0-9-]{4}",
        (
            (
                MaskKind.PHONE,
                r"(?:电话|热线|客服|拨打|致电|来电|手机号?|Tel|TEL)[ ：:]{0,3}"
                rf"(?P<is>[0-9][0-9-]{{4,14}}[0-9]|[0-9]{{5}}){_END}",
            ),
        ),
    ),
    (
        r"[信芯❤xXqQvV扣鹅号群码音书宝博Dd][ ：:+(（]{0,3}[A-Za-z0-9][A-Za-z0-9_-]{4}",
        (
            (
                MaskKind.ACCOUNT,
                r"(?:[微薇威徽][信芯]|[Vv][信芯❤]|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx]|[Qq]{1,2}|[Vv])"
                r"|扣扣|企鹅|公众号|抖音|小红书|支付宝|微博)"
                r"(?:号|群|号码|群号|ID|id)?[ ：:+(（]{0,3}"
                r"(?P<is>[A-Za-z][A-Za-z0-9_-]{4,19}|[0-9]{5,11})",
            ),
        ),
    ),
)

_COMPILED = tuple(
    (re.compile(guard), tuple((kind, re.compile(expression)) for kind, expression in expressions))
    for guard, expressions in _GROUPS
)


def find_masks(text: str) -> tuple[Mask, ...]:
    """The masks of a normalised text, in order, none overlapping."""
    found: list[Mask] = []
    for guard, expressions in _COMPILED:
        if not guard.search(text):
            continue
        for kind, expression in expressions:
            group = "is" if expression.groupindex else 0
            for match in expression.finditer(text):
                found.append(Mask(_trimmed(text, Span(*match.span(group)), kind), kind))
    return tuple(_apart(found))


def _trimmed(text: str, span: Span, kind: MaskKind) -> Span:
    """An address without the punctuation of the sentence it ends."""
    if kind is not MaskKind.URL:
        return span
    return Span(span.start, span.start + len(span.of(text).rstrip(".,;:!?)]}'\"")))


def _apart(found: list[Mask]) -> list[Mask]:
    """The longest mask of each place; of equal ones the first."""
    kept: list[Mask] = []
    for mask in sorted(found, key=lambda m: (m.span.start, -m.span.end)):
        if not kept or mask.span.start >= kept[-1].span.end:
            kept.append(mask)
    return kept
