"""Companies named in a text: where, and what each has to do with the ad."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from adscan.permits.company_name import LINES
from adscan.permits.name_spans import LONGEST_LINE, USUAL_TRADE, find_name_spans
from adscan.records.permit import NameSource, Role
from adscan.records.text import Span


@dataclass(frozen=True)
class Mention:
    """A company name in a text."""

    name: str
    span: Span
    source: NameSource
    role: Role
    entrusts: bool = False  # it is the one on whose behalf the ad says to speak


_GENERAL = (
    "服务 管理 信息 数据 技术 网络 发展 开发 经营 产业 文化 教育 影视 旅游 养老 广告 传媒"
    " 理财 咨询 软件 物业 建设"
)
_GENERAL_LINES = frozenset(_GENERAL.split())

_SAME_PART = re.compile(r"(?:为|是|系|包括|有)?[:：]?$")
_OFFERORS = (
    r"(?:管理人|发行人|发行机构|承保公司|承保机构|承保人|保险公司|贷款机构|放款机构|贷款人|资金方|出借人|产品提供方"
    r"|提供方|销售机构|代销机构|开发商|开发企业|建设单位)"
)
_OTHERS = (
    r"(?:存管|托管|监管|监督|清算|开户|合作|代扣|结算|担保|评级|审计|律师|见证)"
    r"(?:银行|机构|人|方|单位|伙伴)?"
)
_WRITES_BEFORE = re.compile(r"(?:本文|内容|资料|材料|海报|图片|数据|文章|页面|活动|报告)由$")
_PROVIDES_BEFORE = re.compile(r"由$|" + _OFFERORS + _SAME_PART.pattern)
_PROVIDES_AFTER = re.compile(
    r"^(?:独家|统一|直接|负责|共同|受托)?(?:提供|承保|承销|发行|发放|放款|管理|审批|授信|出具)"
)
_ENTRUSTS = re.compile(r"(?:受|接受|经)$")
_ENTRUSTS_AFTER = re.compile(r"^(?:的)?(?:委托|授权)")
_NEITHER_BEFORE = re.compile(
    _OTHERS
    + _SAME_PART.pattern
    + r"|(?:与|和|携手|联合|对接|接入|入驻|登录|在|向|(?<!来)到|打|至|去|前往)$"
)
_PARTNERS_AFTER = re.compile(
    r"^(?:正式|共同)?(?:达成|签署|签订|战略|携手|开展|建立|合作|联合(?!推出|主办|发布))"
)
_NEITHER_AFTER = re.compile(
    r"^(?:的)?(?:资金)?(?:存管|托管|监管|监督|清算|开户(?:行|银行)|账户|对公|担任|见证|作为(?:存管|托管)|APP转账|转账|卡)"
    r"|" + _PARTNERS_AFTER.pattern
)
_JOINS = frozenset(("、", "或", "及", "以及", "和", "与"))
_RECORD = re.compile(
    r"©|\(c\)|copyright|版权所有|ICP备|ICP证|备案号|主办单位|运营主体|经营主体", re.IGNORECASE
)
_CONTACT = re.compile(
    r"地址|电话|热线|客服|联系|微信|咨询|扫码|网点|官网|邮箱|[0-9]{3,4}-[0-9]{7,8}|400-?[0-9]"
)
_SIGNATURE = re.compile(r"\A\s*[【\[]([^】\]]{2,20})[】\]]|[【\[]([^】\]]{2,20})[】\]]\s*\Z")


def find_mentions(text: str, breaks: Collection[int] = ()) -> list[Mention]:
    """The companies named in a normalised text, in order; for `breaks` see find_name_spans."""
    spans = list(find_name_spans(text, breaks))
    signed = [s for s in _signatures(text) if not any(s.overlaps(span) for span in spans)]
    named = [mention for group in _joined(text, spans) for mention in _mentions(text, group)]
    signatures = [Mention(s.of(text), s, NameSource.CONTACT, Role.PROMOTER) for s in signed]
    return sorted([*named, *signatures], key=lambda mention: mention.span)


def _joined(text: str, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Names that stand side by side: A、B和C."""
    group: list[Span] = []
    for span in spans:
        if group and text[group[-1].end : span.start] not in _JOINS:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _mentions(text: str, group: Sequence[Span]) -> Iterator[Mention]:
    """The companies of one group, which have one role unless the first has partners."""
    before = text[max(group[0].start - 12, 0) : group[0].start]
    after = text[group[-1].end : group[-1].end + 12]
    entrusts = bool(_ENTRUSTS.search(before) and _ENTRUSTS_AFTER.search(after))
    role = _role(before, after, entrusts)
    host = len(group) > 1 and _PARTNERS_AFTER.search(after) is not None
    for span in group:
        own = _role(before, "", entrusts=False) if host and span is group[0] else role
        yield Mention(span.of(text), span, _source(text, span), own, entrusts)


def _source(text: str, span: Span) -> NameSource:
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - NEAR)
    line = _to_line_end(text, span.end)
    if _RECORD.search(text[start:line]):
        return NameSource.RECORD
    signed = _SIGNATURE.match(text)
    below = _to_line_end(text, line + 1) if text.startswith("\n", line) else line
    if (signed and span.end < signed.end()) or _CONTACT.search(text[start:below]):
        return NameSource.CONTACT
    return NameSource.TEXT


NEAR = 40  # characters before or after a name on its line that say what block it stands in


def _to_line_end(text: str, start: int) -> int:
    end = text.find("\n", start, start + NEAR)
    return end if end >= 0 else min(start + NEAR, len(text))


def _role(before: str, after: str, entrusts: bool) -> Role:
    if entrusts:
        return Role.PROVIDER
    if _WRITES_BEFORE.search(before):
        return Role.PROMOTER
    if _NEITHER_AFTER.search(after) or (
        _NEITHER_BEFORE.search(before) and not _PROVIDES_AFTER.search(after)
    ):
        return Role.NEITHER
    if _PROVIDES_BEFORE.search(before) or _PROVIDES_AFTER.search(after):
        return Role.PROVIDER
    return Role.PROMOTER


def _signatures(text: str) -> Iterator[Span]:
    """What signs a message in 【】 at its beginning or end and sounds like a company."""
    for signature in _SIGNATURE.finditer(text):
        start, end = signature.span(1 if signature.group(1) else 2)
        span = Span(max(start, text.rfind("·", start, end) + 1), end)
        name = span.of(text)
        line = next((n for n in range(LONGEST_LINE, 1, -1) if name[-n:] in LINES), 0)
        trade = name[: len(name) - line]
        if line and name[-line:] not in _GENERAL_LINES and 2 <= len(trade) <= 2 * USUAL_TRADE:
            yield span
