"""The build of a company's name: place, trade name, line of business, form, branch.

企业名称登记管理规定: 行政区划 + 字号 + 行业 + 组织形式. Two companies may share the trade name and
differ in place or line; such names are never taken for one another.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml
from rapidfuzz import fuzz

from adscan.permits.places import NATION, any_covers, codes_of, leading_places, short_name

_WORDS = yaml.safe_load(Path(__file__).with_name("company_words.yaml").read_text("utf-8"))
_BLANKS = re.compile(r"[\s·•・,，.。]+")
_FORM = re.compile(
    r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司|股份公司|集团公司|公司|集团"
    r"|合伙企业(?:\((?:有限|普通|特殊普通)合伙\))?|(?<!信用)合作社|联合社|事务所|总社)$"
)
_BRANCH_ENDINGS: list[str] = _WORDS["branch_endings"].split()
_BRANCH = re.compile(
    r"(?P<head>.{2,}(?:公司|银行|农商行|联社|信用社|合作社|保险|人寿|财险|产险|信托|(?:证券|期货)(?!营业部)))"
    r"(?P<branch>(?:(?!公司).){0,16}?(?:中心支公司|(?:证券|期货)?营业部|"
    + "|".join(_BRANCH_ENDINGS)
    + "))"
)
_BRACKETED = re.compile(r"\(([^()]{2,12})\)")
_BRACKETS = str.maketrans("[]{}【】〔〕「」『』〈〉《》", "()" * 8)

_MISREAD = _WORDS["misread_characters"]
_SLIPS = dict(zip(_MISREAD["written"], _MISREAD["meant"], strict=True)) | dict(
    pair.split("=") for pair in _WORDS["misread_words"].split()
)
_SLIP = re.compile("|".join(_SLIPS))


def _read_lines() -> dict[str, str]:
    text = Path(__file__).with_name("lines_of_business.txt").read_text(encoding="utf-8")
    words = (line.split("=") for line in text.split())
    return {written: ways[0] for ways in words for written in ways}


# 行业表述, as registers and company names have it, each with the way it is written here.
LINES = _read_lines()
_LONGEST_LINE = max(map(len, LINES))
_BANKS = frozenset(line for line in LINES.values() if line.endswith("银行"))
_CREDIT_UNION = LINES["信用社"]
_RURAL = frozenset({"农村商业银行", "农村合作银行", "村镇银行", _CREDIT_UNION})
_CITY_BANKS = _BANKS - _RURAL

# What a short name may say of a line that needs a licence; any other line it may shorten at will.
_LOOSE_LINES = {
    "银行": {"商业银行", "民营银行"},
    "证券": {"证券经纪"},
    "期货": {"期货经纪"},
    "信托": {"信托投资", "国际信托"},
    "保险": {"人寿保险", "财产保险", "健康保险", "养老保险", "责任保险"},
    "人寿保险": set[str](),
    "财产保险": set[str](),
}


@dataclass(frozen=True)
class CompanyName:
    """A name taken apart. What is not there is empty."""

    key: str  # the whole, written in one way
    region: str  # place code
    trade: str  # the place once more, if the name has nothing else: 温州 of 温州银行
    line: str  # as LINES has it: 农村商业银行 of 农商行
    form: str
    branch: str  # 温州分行, 鹿城营业部
    regions: tuple[str, ...] = ()  # every place that the place's name may mean; `region` first


@cache
def _simplified() -> dict[int, str]:
    """Each traditional character with its simplified form."""
    from opencc import OpenCC  # noqa: PLC0415  (40 ms)

    characters = [chr(code) for code in range(0x3400, 0xA000)]
    simpler = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(a): b for a, b in zip(characters, simpler, strict=True) if a != b}


def name_key(name: str) -> str:
    """The name without blanks and points; brackets, letters and characters in one form."""
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS).translate(_simplified())
    return _BLANKS.sub("", plain).lower()


@lru_cache(maxsize=4096)
def take_apart(name: str) -> CompanyName:
    """The parts of a name."""
    key = name_key(name)
    rest = _SLIP.sub(lambda slip: _SLIPS[slip.group(0)], key)
    rest, branch = _without_branch(rest)
    rest, regions = _without_bracket(rest)
    form = ""
    if found := _FORM.search(rest):
        form, rest = found.group(0), rest[: found.start()]
    rest, line = _without_line(rest)
    if line == _CREDIT_UNION:
        form = form or "联社"
    leading, trade = _without_places(rest, line)
    if leading and any_covers(leading, regions):
        leading = regions
    elif leading and regions and not any_covers(regions, leading):
        trade += f"({regions[0]})"
    regions = leading or regions
    return CompanyName(key, regions[0] if regions else NATION, trade, line, form, branch, regions)


def _without_branch(name: str) -> tuple[str, str]:
    """The head's name and the branch, whose place is short: 温州市分行 is 温州分行."""
    if not name.endswith(tuple(_BRANCH_ENDINGS)) or not (found := _BRANCH.fullmatch(name)):
        return name, ""
    branch, start, end = found.group("branch"), 0, 0
    for place_end, _ in leading_places(branch):
        start, end = end, place_end
    return found.group("head"), short_name(branch[start:end]) + branch[end:]


def _without_bracket(name: str) -> tuple[str, tuple[str, ...]]:
    """The name without 集团 and the place in brackets; the codes of that place."""
    if "(" not in name:
        return name, ()
    name = name.replace("(集团)", "集团")
    for bracket in _BRACKETED.finditer(name):
        before, after = name[: bracket.start()], name[bracket.end() :]
        if codes := codes_of(bracket.group(1)):
            return before + after, codes
        if bracket.group(1) == "中国":  # a foreign company's daughter: another than its namesakes
            return f"(中国){before}{after}", ()
    return name, ()


def _without_line(name: str) -> tuple[str, str]:
    """What stands before the line, at least two characters, and the line: one or more words."""
    lines: list[str] = []
    while not lines or lines[0] not in _BANKS:  # 建设 of 建设银行 is a trade name
        for length in range(min(_LONGEST_LINE, len(name) - (2 if len(name) > 1 else 0)), 1, -1):
            if line := LINES.get(name[-length:]):
                lines.insert(0, line)
                name = name[:-length]
                break
        else:
            break
    return name, "".join(lines)


def _without_places(name: str, line: str) -> tuple[tuple[str, ...], str]:
    """The codes of the place that a name begins with, and the trade name."""
    places = leading_places(name)
    while places:
        end, codes = places[-1]
        start = places[-2][0] if len(places) > 1 else 0
        place, trade = name[start:end], name[end:]
        titled = short_name(place) != place
        county, rural = len(codes[0]) > len("3303"), line in _RURAL
        brand = place in TRADE_NAMES and not start and not rural
        brand = brand or (county and line in _CITY_BANKS)  # 浦东 of 上海浦东发展银行
        if trade and (titled or (len(trade) > 1 and not brand)):
            return codes, trade
        if not trade and (titled or rural or not county):
            return codes, short_name(place)
        places.pop()
    return (), name


TRADE_NAMES = frozenset(_WORDS["trade_names"].split())


SURE = 0.9  # from this likeness two names are one company's
POSSIBLE = 0.55  # from this they may be
_OTHER_FORM, _OTHER_BRANCH = 0.97, 0.95  # both together still sure
_WANTING = 0.85  # one of the two lacks a part; three times that is still possible
_NO_TRADE = 0.6


def likeness(one: str, other: str) -> float:
    """How likely two names are one company's: 1 the same, from SURE surely, below POSSIBLE not."""
    a, b = take_apart(one), take_apart(other)
    if a.key == b.key:
        return 1.0
    short = _is_short(a) or _is_short(b)
    score = _places_agree(a, b) * _lines_agree(a, b, short) * _trades_agree(a, b)
    score *= _forms_agree(a, b)
    if a.branch != b.branch:
        score *= 0.0 if a.branch and b.branch else _OTHER_BRANCH
    return round(score, 3)


def _is_short(name: CompanyName) -> bool:
    """Whether it is no name as registered."""
    return name.form in ("", "公司", "集团")


def _forms_agree(a: CompanyName, b: CompanyName) -> float:
    if not a.form or not b.form:
        return 1.0
    one, other = _form(a), _form(b)
    if one == other:
        return 1.0
    return _OTHER_FORM if one.endswith("公司") and other.endswith("公司") else 0.0


def _form(name: CompanyName) -> str:
    """The form without what is left out at will."""
    form = name.form.partition("(")[0].replace("有限责任公司", "有限公司").removeprefix("集团")
    return form or "公司"


def _places_agree(a: CompanyName, b: CompanyName) -> float:
    if a.regions == b.regions or not set(a.regions).isdisjoint(b.regions):
        return 1.0
    if a.regions and b.regions:
        near = any_covers(a.regions, b.regions) or any_covers(b.regions, a.regions)
        return _WANTING if near else 0.0
    return _WANTING if a.trade and b.trade else 0.0


def _lines_agree(a: CompanyName, b: CompanyName, short: bool) -> float:
    if a.line == b.line:
        return 1.0
    if not short:
        return 0.0
    shorter, longer = sorted((a.line, b.line), key=len)
    if shorter in _LOOSE_LINES:
        return _WANTING if longer in _LOOSE_LINES[shorter] else 0.0
    return _WANTING if shorter in longer else 0.0


def _trades_agree(a: CompanyName, b: CompanyName) -> float:
    if a.trade == b.trade:
        return 1.0 if a.trade else _NO_TRADE
    shorter, longer = sorted((a.trade, b.trade), key=len)
    if longer == "中国" + shorter and "" in (a.form, b.form):
        return _WANTING if shorter else 0.0
    if len(shorter) < LONG_TRADE:
        return 0.0
    alike = fuzz.ratio(shorter, longer) / 100
    return min(alike, _WANTING) if alike >= ALIKE else 0.0


LONG_TRADE = 5  # characters: in shorter trade names one other character is another company
ALIKE = 0.8  # one of five characters; never enough to be sure
