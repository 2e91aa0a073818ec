"""Companies named in a text: where, and what each has to do with the ad."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adscan.permits.company_name import LINES
from adscan.permits.places import leading_places
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


_BODY = r"[一-鿿A-Za-z0-9()·]"
_ENDING = re.compile(
    r"(?:(?:集团)?(?:银行)?(?:股份有限公司|有限责任公司|有限公司|集团公司)|合伙企业(?:\((?:有限|普通|特殊普通)合伙\))?"
    r"|农村信用合作联社|信用合作社|信用联社|信用社|农民专业合作社|典当行"
    r"|(?:农村商业|农村合作|村镇|商业)?银行"
    r"(?:股份有限公司|有限责任公司|有限公司|(?!卡|家|业|账|流|存|理|利|贷|按|同|间|系|级|柜|网点|保)))"
    r"(?:[一-鿿]{2,8}?(?:分公司|支公司|分行|支行|营业部|分理处))?"
)
LISTED_WITHIN = 80  # characters before a name in which the heading of its list may stand
SIGNED_WITHIN = 3  # characters before a signature that opens a message
LONGEST = 28  # characters before the ending that a name may have

# What stands before a name and does not belong to it.
_LEADS = re.compile(
    r"(?:欢迎加入|加入|参加|走进|认识|了解|推荐|下载|注册|登录|选择|欢迎关注|欢迎致电|致电|携手|由|受|与|和|及其|及|是|为|系|在|向|经|到|找|选|让|把|对|从|给|或|的|了|即|叫|认准|来自|关于|欢迎"
    r"|联系|咨询|关注|委托|主办|出品|提供|承办|承保|承销|发行|发放|放款|管理|存管|托管|监管|监督|隶属于?|旗下|版权所有"
    r"|基金管理人|管理人|发行人|发行机构|销售机构|代销机构|保险公司|贷款机构|资金方|出借人|主办单位|运营主体|开发商|开发企业|广告主"
    r"|本产品|该产品|本广告|我们|我司|本公司|本行|全资子公司|子公司|合作机构|合作银行|战略合作|办公室|地址|公司名称|名称|单位|企业|机构"
    r"|copyright|by|©|\(c\)|\d{4})[:：]?"
)
_NO_NAMES = re.compile(
    r"^.*[比跟像]银行$|^(?:各大?|去|来|到|比|跟|像|把|中国|世界|全球|[0-9]+强|任意|[四五六]大|国企|央企|控股|集团|注册|下载|登录|全国|多|大|小|老|新|多家|几家|某|某某|××?|XX|本|我|贵|该|此|这家|那家|一家|任何|其他|所有|大型|正规|持牌|有关|相关|当地|国内|境外|外资|中资"
    r"|国有|股份制|城市|农村|商业|民营|村镇|手机|网上|中央|人民|存管|托管|合作|投资|信托|证券|保险|基金|科技|的|等)*(?:银行|有限公司|股份有限公司|公司|典当行)$"
)

_PROVIDES_BEFORE = re.compile(
    r"(?:由|是由)$|(?:基金管理人|管理人|发行人|发行机构|承保公司|承保机构|承保人|保险公司|贷款机构|放款机构|贷款人|资金方|出借人"
    r"|产品提供方|提供方|销售机构|代销机构|开发商|开发企业|建设单位)(?:为|是|系)?[:：]?$"
)
_PROVIDES_AFTER = re.compile(
    r"^(?:独家|统一|直接|负责|共同)?(?:提供|承保|承销|发行|发放|放款|管理|审批|授信|出具)"
)
_ENTRUSTS = re.compile(r"(?:受|接受|经)$")
_ENTRUSTS_AFTER = re.compile(r"^(?:的)?(?:委托|授权)")
_NEITHER_BEFORE = re.compile(
    r"(?:存管|托管|监管|监督|清算|开户|合作|战略合作|代扣|结算|担保|评级|审计|律师|见证)(?:银行|机构|人|方|单位)?(?:为|是|系)?[:：]?$"
    r"|(?:与|和|携手|联合|对接|接入|入驻|登录|在|向|(?<!来)到|打|至|去|可在|前往)$"
)
_NEITHER_AFTER = re.compile(
    r"^(?:的)?(?:资金)?(?:存管|托管|监管|监督|清算|开户(?:行|银行)|账户|担任|见证|战略合作|达成|联合(?!推出|主办|发布)|合作|作为(?:存管|托管)|APP转账|转账|卡)"
)
_PARTNERS = re.compile(
    r"(?:合作|存管|托管|监管|签约)(?:机构|银行|伙伴|方|单位|公司)(?:有|为|包括)?[:：][^。;；!！\n]*$"
)
_RECORD = re.compile(
    r"©|\(c\)|copyright|版权所有|ICP备|ICP证|备案号|主办单位|运营主体|经营主体", re.IGNORECASE
)
_CONTACT = re.compile(
    r"地址|电话|热线|客服|联系|微信|咨询|扫码|网点|官网|邮箱|[0-9]{3,4}-[0-9]{7,8}|400-?[0-9]"
)
_SIGNATURE = re.compile(r"^[\s]*[【\[]([^】\]]{2,20})[】\]]|[【\[]([^】\]]{2,20})[】\]][\s]*$")


def find_mentions(text: str) -> list[Mention]:
    """The companies named in a normalised text, in order."""
    found = [
        _mention(text, span) for span in _name_spans(text) if not _NO_NAMES.match(span.of(text))
    ]
    return sorted([*found, *_signatures(text, found)], key=lambda mention: mention.span)


def _name_spans(text: str) -> Iterator[Span]:
    last = 0
    for ending in _ENDING.finditer(text):
        if ending.start() < last:
            continue
        start = _beginning(text, max(last, ending.start() - LONGEST), ending.start())
        if start < ending.start():
            last = ending.end()
            yield Span(start, last)


def _beginning(text: str, earliest: int, end: int) -> int:
    """Where the name starts whose ending begins at `end`."""
    start = end
    while start > earliest and re.match(_BODY, text[start - 1]):
        start -= 1
    while text[start:end].count(")") != text[start:end].count("(") and start < end:
        start += 1
    if start < end and text[start] == "(":  # (广告)温州…: a remark before the name
        start = text.index(")", start) + 1
    for at in range(start, end):  # a place name begins most names
        if leading_places(text[at:end]) and (at == start or _leads(text, start, at)):
            return at
    best = start
    for lead in _LEADS.finditer(text, start, end):
        if lead.end() < end and not _is_line(text, lead.start(), end):
            best = lead.end()
    return best


def _leads(text: str, start: int, at: int) -> bool:
    """Whether what stands between is a lead-in and no part of a name."""
    return any(lead.end() == at for lead in _LEADS.finditer(text, start, at))


def _is_line(text: str, at: int, end: int) -> bool:
    """Whether the lead-in found is part of a line of business, as 管理 in 财富管理."""
    return any(
        text.startswith(line, begin) and begin <= at < begin + len(line)
        for line in LINES
        if len(line) > 2
        for begin in range(max(at - len(line) + 1, 0), at + 1)
        if begin + len(line) <= end
    )


def _mention(text: str, span: Span) -> Mention:
    before, after = text[max(span.start - 12, 0) : span.start], text[span.end : span.end + 12]
    listed = text[max(span.start - LISTED_WITHIN, 0) : span.start]
    line = _line_around(text, span)
    entrusts = bool(_ENTRUSTS.search(before) and _ENTRUSTS_AFTER.search(after))
    signed = text[span.start - 1 : span.start] in ("【", "[") and span.start <= SIGNED_WITHIN
    if _RECORD.search(line):
        source = NameSource.RECORD
    elif signed or _CONTACT.search(line):
        source = NameSource.CONTACT
    else:
        source = NameSource.TEXT
    return Mention(span.of(text), span, source, _role(before, after, listed, entrusts), entrusts)


def _role(before: str, after: str, listed: str, entrusts: bool) -> Role:
    if entrusts:
        return Role.PROVIDER
    if _PARTNERS.search(listed):
        return Role.NEITHER
    if _NEITHER_AFTER.search(after) or (
        _NEITHER_BEFORE.search(before) and not _PROVIDES_AFTER.search(after)
    ):
        return Role.NEITHER
    if _PROVIDES_BEFORE.search(before) or _PROVIDES_AFTER.search(after):
        return Role.PROVIDER
    return Role.PROMOTER


def _line_around(text: str, span: Span) -> str:
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    return text[max(start, span.start - 40) : min(end if end >= 0 else len(text), span.end + 40)]


def _signatures(text: str, found: Sequence[Mention]) -> Iterator[Mention]:
    """Names in 【】 at the beginning or end of a message."""
    for signature in _SIGNATURE.finditer(text):
        group = 1 if signature.group(1) else 2
        span = Span(*signature.span(group))
        if not any(span.overlaps(mention.span) for mention in found):
            yield Mention(span.of(text), span, NameSource.CONTACT, Role.PROMOTER)
