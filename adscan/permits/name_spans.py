"""Where companies are named in a text.

A name is found by its ending. From there it is read backwards: form, line of business, trade name;
it begins at a place, after a word that leads up to names, or where the run of characters begins.
A bare 银行 or 典当行 ends a name only if what stands before it can be a trade name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from adscan.permits.company_name import LINES, TRADE_NAMES
from adscan.permits.places import codes_of, leading_places
from adscan.records.text import Span

_FORM = (
    r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司|集团公司)"
    r"|合伙企业(?:\((?:有限|普通|特殊普通)合伙\))?|农民专业合作社"
)
_SHORT = (  # what ends a name without a form
    r"(?:农村商业|农村合作|村镇|商业|农商)?银行"
    r"(?!业(?!务)|家|间|系|级|卡|(?:理财|资产管理|基金管理|金融租赁|金融科技|科技)[一-鿿()]{0,6}有限)"
    r"|农商行|农合行|(?:农村)?信用(?:合作)?联社|(?:农村)?信用合作联社|农村信用(?:合作)?社|信用合作社|信用社|农信联?社|典当行"
)
_BRANCH = (
    r"(?:(?![到在您你我们的与和及由向去来于请是])[一-鿿]){2,10}?"
    r"(?:中心支公司|分公司|支公司|分行|支行|证券营业部|营业部|分理处|信用社)"
)
_ENDING = re.compile(f"(?:(?P<short>{_SHORT})(?:{_FORM})?|{_FORM})(?P<branch>{_BRANCH})?")
_BODY = re.compile(r"[一-鿿A-Za-z0-9()·]*\Z")
LONGEST = 28  # characters before the ending that a name may have
LONGEST_LINE = max(map(len, LINES))

# What leads up to a name and does not belong to it.
_LEAD_WORDS = (
    "由 受 了 是 找 选 把 被 让 从 给 或 系 即 叫 去 请 跟 比 的 着 及 至 到 了解 选择 就选"
    " 认准 欢迎 欢迎关注 致电 携手 特邀 邀请 诚邀 加入 走进 走访 牵手 联手 依托 签约 入驻"
    " 登录 下载 打开 关注 添加 来自 隶属 隶属于 归属 前往 咨询 拨打 联系 委托 授权 代表 作为"
    " 就职于 任职于 供职于 现任 关于 以及 及其 通过 经由 借助 主办 协办 承办 出品 提供 承保"
    " 承销 发行 发放 放款 存管 托管 监管 监督 旗下 版权所有 管理人 托管人 发行人 承保人"
    " 出借人 贷款人 资金方 机构 单位 银行 企业 开发商 广告主 运营主体 开发者 本产品 该产品"
    " 本广告 本平台 本项目 我们 我司 子公司 包括 办公室 地址 名称 商家 商户 平台 专家 讲师"
    " 打至 转至 存入 存在 使用 采用 注册 代办 设立 成立 办理 向您推荐 推荐 感谢 祝贺 恭喜"
    " 热烈祝贺 copyright Copyright by 代理 一下"
)
_LEADS = frozenset(_LEAD_WORDS.split())
_LONGEST_LEAD = max(map(len, _LEADS))
_MAYBE_LEADS = frozenset("与和为在向经对以用同来将等")  # trade names have them too: 融和, 同裕
_YEAR = re.compile(r"(?:19|20)\d\d年?")

# What no trade name of a bank or pawnshop has, and what is said of banks in general.
_NEVER = re.compile(
    r"[的了是在有没不也就都要会能可我你他她它们这那哪么几某每另其该此家个去到放把被让给与跟从或等最更很吗呢吧啊以使见"
    r"至因但而则虽若只还又再已过着各多对向为您请由比受找选如遇盖帮]|银行|和$|^第|[今明昨当每二两三几][天日月年]$"
    r"|^(?:[一两本贵]|[三四五六七八九十]大|当地|国有|外资|中资|正规|欺骗|冒充|配合|通知|告知|要求|请求|申请|投诉|举报|起诉"
    r"|应付|糊弄|协商|沟通|需要|由于|根据|按照|选择|联系|时间|食物|影子|绑定|办理|普通|传统|知名|任何|所有|相关|部分)"
    r"|(?:手机|网上|网络|电子|直销|中央|商业|国有|(?<!光)大|外资|中资|私人|投资|财富|收款|付款|开户|开证|发卡|放款|贷款|存款|还款"
    r"|借款|存管|托管|监管|合作|代销|代理|指定|任何|其他|当地|本地|国内|国外|境外|海外|正规|大型|中小|小微|企业|客户|按揭|直连|城市|农村|地方"
    r"|股份制|持牌|头部|知名|传统|民营|村镇|线下|线上|世界|政策性|开放|数字|移动|掌上|微信|人民|正|市内|附近|骗|冒充)$"
)
_WORDS = frozenset({"合作", "市中", "城中"})  # places, but not before 银行
_NOBODY = re.compile(
    r"某|[Xx×*]{2}|[一几多两]家|各类|^(?:国企|央企|国资|上市|正规|大型|外资|中资|民营|本地|当地)"
)


def find_name_spans(text: str, breaks: Collection[int] = ()) -> Iterator[Span]:
    """The places of company names in a normalised text, in order.

    At `breaks` a line ended that the normaliser has joined to the next: a name may begin there.
    """
    last = 0
    for ending in _ENDING.finditer(text):
        bare = ending.group("short") is not None and ending.end("short") in (
            ending.start("branch"),
            ending.end(),
        )
        start = _beginning(text, max(last, ending.start() - LONGEST), ending.start(), bare, breaks)
        if start is not None and not _NOBODY.search(text[start : ending.start()]):
            last = ending.end()
            yield Span(start, last)


def _beginning(
    text: str, earliest: int, end: int, bare: bool, breaks: Collection[int]
) -> int | None:
    """Where the name starts whose ending begins at `end`; None if there is no name."""
    start = _run(text, earliest, end)
    trade_end = (
        end if text.startswith(("银行", "农商", "信用"), end) else _before_line(text, start, end)
    )
    begin = _at_place(text, start, trade_end)
    if begin is not None:
        return begin if not bare or _can_be_bank(text, begin, end) else None
    begin = _after_lead(text, start, trade_end)
    begin = max((at for at in breaks if begin < at <= trade_end - 2), default=begin)
    if trade_end - begin > LONGEST_TRADE and not bare:
        begin = trade_end - USUAL_TRADE
    if trade_end - begin < 2 or text[begin:trade_end] in _LEADS:
        return None
    return begin if not bare or _can_be_bank(text, begin, end) else None


LONGEST_TRADE, USUAL_TRADE = 10, 4  # characters


def _run(text: str, earliest: int, end: int) -> int:
    """Where the run of characters starts that a name may have, up to `end`."""
    found = _BODY.search(text[earliest:end])
    start = earliest + (found.start() if found else 0)
    if (company := text.rfind("公司", start, end)) >= 0:
        start = company + len("公司")
    while start < end and text.count(")", start, end) != text.count("(", start, end):
        start += 1
    if start < end and text[start] == "(":  # (广告)温州…: a remark before the name
        start = text.index(")", start) + 1
    year = _YEAR.match(text, start, end)
    return year.end() if year else start


def _before_line(text: str, start: int, end: int) -> int:
    """Where the trade name ends: before the words of the line and the place in brackets."""
    before = at = end
    while at > start:
        before, at = at, _one_word_back(text, start, at)
        if at == before:
            break
        if at - start < 2:  # 大数据科技: the first word is the trade name
            return before if before < end else at
    return at


def _one_word_back(text: str, start: int, end: int) -> int:
    if text[end - 1] == ")":
        opening = text.rfind("(", start, end)
        inside = text[opening + 1 : end - 1]
        return opening if inside in ("中国", "集团") or codes_of(inside) else end
    for length in range(min(LONGEST_LINE, end - start), 1, -1):
        if text[end - length : end] in LINES:
            return end - length
    return end


def _at_place(text: str, start: int, end: int) -> int | None:
    """Where a place, or 中国, begins a name whose trade name ends at `end`."""
    for at in range(start, end - 1):
        led = at == start or _leads(text, start, at)
        if text.startswith("中国", at) and led:
            return at
        places = leading_places(text[at:end])
        if not places or end - at - places[-1][0] > LONGEST_TRADE - 2:
            continue
        county = len(places[-1][1][0]) > len("3303")
        alone = len(places) == 1 and county
        if (led or not alone) and not (alone and text[at : at + places[0][0]] in TRADE_NAMES):
            after = at + places[-1][0]
            if _after_lead(text, after, end, sure=True) == after:
                return at
    return None


def _leads(text: str, start: int, end: int) -> bool:
    """Whether a word that leads up to a name ends here."""
    return text[end - 1] in _MAYBE_LEADS or any(
        text[end - length : end] in _LEADS
        for length in range(1, min(_LONGEST_LEAD, end - start) + 1)
    )


def _after_lead(text: str, start: int, end: int, *, sure: bool = False) -> int:
    """Where the last word ends that leads up to a name of two characters or more; else `start`."""
    for at in range(end - 2, start, -1):
        maybe = (
            not sure
            and text[at - 1] in _MAYBE_LEADS
            and (at - 1 - start != 1 or text[at - 2] in "我你您他她")
        )
        if maybe or any(
            text[at - length : at] in _LEADS
            for length in range(1, min(_LONGEST_LEAD, at - start) + 1)
        ):
            return at
    return start


def _can_be_bank(text: str, begin: int, end: int) -> bool:
    """Whether these characters before a bare 银行, 信用社 or 典当行 can be a name."""
    places = leading_places(text[begin:end])
    trade = text[begin + (places[-1][0] if places else 0) : end]
    if trade.startswith("中国"):
        return trade == "中国" or not _NEVER.search(trade.removeprefix("中国"))
    if not trade:
        return text[begin:end] not in _WORDS
    return 2 <= len(trade) <= USUAL_TRADE and not _NEVER.search(trade)
