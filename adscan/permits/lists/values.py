"""Cells of a list become days, codes and items: what clerks write, in all the ways they write it.

Each reader takes a cell and gives the value, None or empty if nothing is told. What cannot be meant
raises ValueFault with one Chinese reason.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import mul

from adscan.permits.places import NATION, leading_places

Cell = str | int | float | date | None

BLANK = frozenset(
    {"", "-", "--", "---", "—", "——", "/", "\\", "无", "暂无", "空", "null", "none", "nan", "n/a"}
)
LONGEST_BLANK = max(map(len, BLANK))
EARLIEST, LATEST = 1900, 2100  # years that a permit may name
NEVER = (2999, 3000, 9999)  # years that mean: without end
_KEPT_TEXT = tuple("'" + sign for sign in "=+-@＝＋－＠")  # text that looks like a formula
_SERIAL_FIRST, _SERIAL_LAST = 10_000, 73_050  # Excel's numbers of 1927-05-18 and 2099-12-31
_EXCEL_NOUGHT = date(1899, 12, 30)  # Excel counts a 29th of February 1900

_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ONE_DAY = re.compile(
    r"(?<!\d)(\d{4})"
    r"(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?|(\d{2})(\d{2})(?!\d))" + _TIME
)
_NO_END = re.compile(r"长期|永久|无固定期限|无期限|无限期|不限期|不约定期限")
_SPAN_FILLER = re.compile(r"有效期限?|自|从|由|起|始|至|到|止|[\s~～—–―\-:：,，()]")
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_OLDER_CODE = re.compile(r"[0-9A-Z]{8}-?[0-9X]|\d{15}|\d{13}")  # 组织机构代码, 工商注册号
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+")
_ITEM_ENDS = frozenset("；;、\n")
_SCOPE_ENDS = _ITEM_ENDS | frozenset("，,")
_OPENING, _CLOSING = "（([【〔《", "）)]】〕》"
_NUMBERING = re.compile(  # 一、 (1) 2. ③ before an item
    r"(?m)(?:^|(?<=[；;]))"
    r"(?:\s*(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）.．、]|[①-⑳])\s*(?=[^\W\d_]|[（(《“]))+"
)
_FORMER = re.compile(
    r"(?P<name>.+?)[（(](?:[^（()）]*?至|截至|截止)?(?P<day>[^（()）至]+?)(?:以?前|止)?[)）]$"
)
_YES = frozenset({"是", "有", "√", "✓", "y", "yes", "true", "1", "开展", "已开展"})
_NO = frozenset({"否", "×", "✗", "x", "n", "no", "false", "0", "未开展", "不开展", "没有"})


class ValueFault(Exception):
    """A cell that cannot be meant as it stands; the message is a Chinese reason."""


def read_text(cell: Cell) -> str:
    """The words of a cell on one line; empty for the usual signs for nothing."""
    if isinstance(cell, str):
        text = cell.strip()
    elif cell is None:
        return ""
    else:
        text = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    if len(text) <= LONGEST_BLANK and text.lower() in BLANK:
        return ""
    return text[1:] if text[0] == "'" and text.startswith(_KEPT_TEXT) else text


def read_name(cell: Cell) -> str:
    """A company's name, without blanks that a line break left between Chinese characters."""
    text = read_text(cell)
    if text.isalnum():
        return text
    words = text.split()
    return "".join(words) if not text.isascii() and len(words) < 4 else " ".join(words)


def read_day(cell: Cell) -> date | None:
    """A day."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = read_text(cell)
    return _day(text) if text else None


def read_end(cell: Cell) -> date | None:
    """The last day; None if there is none, which 长期 and its like say outright."""
    text = read_text(cell)
    if _NO_END.search(text) or (text[:4].isdigit() and int(text[:4]) in NEVER):
        return None
    return read_day(cell)


def read_validity(cell: Cell) -> tuple[date | None, date | None]:
    """First and last day of a permit out of one cell; a single day is the last one."""
    if isinstance(cell, date):
        return None, read_end(cell)
    text = unicodedata.normalize("NFKC", read_text(cell))
    found = list(_ONE_DAY.finditer(text))
    rest = _SPAN_FILLER.sub("", _ONE_DAY.sub("", text))
    endless = _NO_END.search(rest) is not None
    if len(found) > 2 or (rest and not endless) or not (found or endless):
        return None, read_end(text)
    days = [_of_parts(one) for one in found]
    if endless or text.rstrip().endswith(("起", "始")):
        return (days[0] if days else None), None
    last = None if days[-1].year in NEVER else days[-1]
    return (days[0] if len(days) == 2 else None), last


def first_day(text: str) -> date | None:
    """The first day that a remark names; None if it names none that exists."""
    for found in _ONE_DAY.finditer(unicodedata.normalize("NFKC", text)):
        try:
            return _of_parts(found)
        except ValueFault:
            continue
    return None


def read_credit_code(cell: Cell) -> str | None:
    """A 统一社会信用代码 with its check digit (GB 32100)."""
    text = unicodedata.normalize("NFKC", read_text(cell)).upper().replace(" ", "")
    if not text:
        return None
    if _ROUNDED.fullmatch(text) or (isinstance(cell, int | float) and cell >= 10**15):
        raise ValueFault(f"{text} 存成了数值，末几位已丢失，请在表格里设为文本后重填")
    if not _CODE.fullmatch(text):
        raise ValueFault(
            f"{text} 不是统一社会信用代码，应为 18 位数字和大写字母（不用 I、O、S、V、Z）"
        )
    if check_digit(text[:-1]) != text[-1]:
        raise ValueFault(f"{text} 的校验位不对")
    return text


def read_registration(cell: Cell) -> str | None:
    """The credit code of a column that may still hold older numbers; those tell nobody apart."""
    text = unicodedata.normalize("NFKC", read_text(cell)).upper().replace(" ", "")
    return None if _OLDER_CODE.fullmatch(text) else read_credit_code(cell)


def read_items(cell: Cell) -> tuple[str, ...]:
    """The items of a business scope; commas and 、 inside brackets do not part them."""
    return _parted(read_text(cell), _SCOPE_ENDS)


def read_names(cell: Cell) -> tuple[str, ...]:
    """Several names in one cell; a comma may be part of a name."""
    return tuple(read_name(name) for name in _parted(read_text(cell), _ITEM_ENDS))


def read_former(cell: Cell) -> tuple[tuple[str, date | None], ...]:
    """Former names, each with its last day where 旧名（至2024-05-01） tells it."""
    return tuple(_former(name) for name in read_names(cell))


def read_yes(cell: Cell) -> bool:
    """Yes or no; nothing told is no."""
    text = read_text(cell).lower()
    if text in _YES:
        return True
    if text in _NO or not text:
        return False
    raise ValueFault(f"“{text}”看不出是还是否")


def check_digit(number: str) -> str:
    """The 18th character of a credit code, as stdnum.cn.uscc has it but ten times as fast."""
    return _DIGITS[-sum(map(mul, _WEIGHTS, map(_VALUES.__getitem__, number))) % 31]


_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_WEIGHTS = tuple(3**place % 31 for place in range(17))  # GB 32100


@lru_cache(maxsize=65_536)
def place_of(text: str) -> str:
    """The code of the place that an address begins with; NATION if none is made out.

    Of several of one name the largest, else what they have in common: of two 朝阳区 nothing.
    """
    if text.isdigit() and len(text) in (2, 4, 6):
        return text
    places = leading_places(text)
    if not places:
        return NATION
    codes = places[-1][1]
    largest = [code for code in codes if len(code) == len(codes[0])]
    return next(
        codes[0][:length]
        for length in (6, 4, 2, 0)
        if all(code.startswith(codes[0][:length]) for code in largest)
    )


@lru_cache(maxsize=65_536)
def _day(text: str) -> date:
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _ONE_DAY.fullmatch(plain)
    if found:
        return _of_parts(found)
    number = plain.split(".")[0]
    if number.isdigit() and _SERIAL_FIRST <= int(number) <= _SERIAL_LAST:
        return _EXCEL_NOUGHT + timedelta(days=int(number))
    raise ValueFault(f"“{text}”不是日期，应写成 2024-02-28 这样")


def _of_parts(found: re.Match[str]) -> date:
    year, *parts = (part for part in found.groups() if part is not None)
    month, day = parts
    if not EARLIEST <= int(year) <= LATEST and int(year) not in NEVER:
        raise ValueFault(f"{found.group().strip()} 的年份不对")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueFault(f"{found.group().strip()} 这一天不存在") from None


def _parted(text: str, ends: frozenset[str]) -> tuple[str, ...]:
    if not text:
        return ()
    if ends.isdisjoint(text):
        single = _bare(text)
        return (single,) if single else ()
    pieces, depth = [""], 0
    for char in _NUMBERING.sub("", text):
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(depth - 1, 0)
        if char in ends and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += char
    return tuple(dict.fromkeys(bare for piece in pieces if (bare := _bare(piece))))


def _bare(piece: str) -> str:
    return _NUMBERING.sub("", piece.strip(" 。\r\t"))


def _former(name: str) -> tuple[str, date | None]:
    found = _FORMER.fullmatch(name)
    if found:
        try:
            return found.group("name"), _day(found.group("day"))
        except ValueFault:
            pass  # the bracket is part of the name: 某某（中国）
    return name, None
