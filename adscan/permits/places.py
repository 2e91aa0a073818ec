"""Places of China by name: provinces, prefectures, counties, with their codes.

The table is that of python-stdnum (administrative division codes). A code has two digits for a
province, four for a prefecture, six for a county; a place lies in another if its code begins with
the other's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stdnum import numdb

NATION = ""  # the code of the whole country
NATIONWIDE = re.compile(r"全国|不限|中华人民共和国|中国境内|境内")
_RANK = re.compile(r"(?:特别行政区|自治区|自治州|自治县|新区|省|市|地区|盟|区|县|旗)$")
_PEOPLES = re.compile(
    r"(?:维吾尔|壮族|回族|藏族|蒙古族|哈萨克|朝鲜族|土家族|苗族|彝族|傣族|白族|哈尼族|布依族|侗族|羌族"
    r"|傈僳族|景颇族|柯尔克孜|满族|畲族|瑶族|黎族|水族|各族)+$"
)
_YEARS = re.compile(r"\[(\d*)-(\d*)\]")
WORKING = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@cache
def place_codes() -> dict[str, tuple[str, ...]]:
    """For each name, with and without 省, 市, 县 …, the codes of its places, largest first.

    Of two of one rank the one that bears the name still, or bore it last, comes first. A former
    place stands for the one that bears its name now: 洞头县 for 洞头区, 苏州地区 for 苏州市.
    """
    now = {
        (short_name(name), code[:2], len(code)): code
        for code, name, until in _rows()
        if until == NOW
    }
    found: dict[str, dict[str, str]] = {}
    for code, name, until in _rows():
        short = short_name(name)
        heir = now.get((short, code[:2], len(code)), code)
        for written in (name, short):
            codes = found.setdefault(written, {})
            codes[heir] = max(until, codes.get(heir, until))
    return {
        name: tuple(sorted(codes, key=lambda code: (len(code), -int(codes[code]), code)))
        for name, codes in found.items()
    }


def short_name(name: str) -> str:
    """Without the title of its rank: 温州市 gives 温州. What would be one character stays whole."""
    for ending in (_RANK, _PEOPLES):
        shorter = ending.sub("", name)
        name = shorter if len(shorter) >= 2 else name
    return name


@cache
def place_name(code: str) -> str:
    """The name of a code, 全国 for NATION, the code itself if unknown."""
    if code == NATION:
        return "全国"
    return _names().get(code, code)


def code_of(text: str) -> str | None:
    """The code of a place written out, such as 浙江省温州市; NATION for 全国; None if unknown.

    Of several places with one name the largest is meant.
    """
    codes = codes_of(text)
    if codes:
        return codes[0]
    return NATION if NATIONWIDE.search(text) else None


def codes_of(text: str) -> tuple[str, ...]:
    """The codes of every place that is written so, largest first; empty if there is none."""
    text = text.strip()
    if NATIONWIDE.search(text):
        return ()
    codes: tuple[str, ...] = (NATION,)
    while text:
        step = _longest(text, codes)
        if step is None:
            return ()
        end, codes = step
        text = text[end:].lstrip(" -·、")
    return () if codes == (NATION,) else codes


def _longest(text: str, inside: tuple[str, ...]) -> tuple[int, tuple[str, ...]] | None:
    """How long the longest place name is that a text begins with, and its codes."""
    for length in _lengths().get(text[:2], ()):
        known = place_codes().get(text[:length], ())
        codes = tuple(code for code in known if code.startswith(inside) and code not in inside)
        if codes:
            return length, codes
    return None


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """How long the names are that begin with these two characters, longest first."""
    found: dict[str, set[int]] = {}
    for name in place_codes():
        found.setdefault(name[:2], set()).add(len(name))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}


def leading_places(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The places that a text begins with, each in the one before: where each ends, its codes."""
    found: list[tuple[int, tuple[str, ...]]] = []
    end: int = 0
    codes: tuple[str, ...] = (NATION,)
    while len(codes[0]) < len("330302") and (step := _longest(text[end:], codes)) is not None:
        length, codes = step
        end += length
        found.append((end, codes))
    return found


def any_covers(regions: tuple[str, ...], places: tuple[str, ...]) -> bool:
    """Whether one of the first places takes in one of the second; codes."""
    return any(covers(region, place) for region in regions for place in places)


def covers(region: str, place: str) -> bool:
    """Whether the first place takes in the second; codes."""
    return place.startswith(region)


@cache
def _names() -> dict[str, str]:
    return {code: name for code, name, _ in _rows()}


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    return tuple(_read_rows())


def _read_rows() -> Iterator[tuple[str, str, str]]:
    """Code, name and the last year of the name."""
    for _, province, _, named, counties in numdb.get("cn/loc").prefixes:
        yield province, named["province"], NOW
        for _, code, _, county, _ in counties:
            until, name = _current(county.get("county", ""))
            if name and name not in WORKING and code != "0000":
                yield province + (code[:2] if code.endswith("00") else code), name, until


def _current(names: str) -> tuple[str, str]:
    """The name that a code bears now, or bore last; before it the last year."""
    dated = []
    for name in names.split(","):
        years = _YEARS.match(name)
        dated.append((years.group(2) or NOW, name[years.end() :]) if years else (NOW, name))
    return max(dated)


NOW = "9999"
