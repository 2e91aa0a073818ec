"""What a page says about itself: title, publishing account and day."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from adscan.ingest.page.dom import Element, words_of

_CHINA = timezone(timedelta(hours=8))  # no daylight saving since 1991
_LONGEST_NAME = 300
_STRING = r"""(?:htmlDecode\(\s*)?(["'])((?:\\.|(?!\1)[^\\\n])*)\1"""
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)


@dataclass(frozen=True)
class PageFacts:
    """None where the page does not say."""

    title: str | None
    account: str | None
    day: date | None


def read_facts(root: Element) -> PageFacts:
    """Title, account and day: what is written for people, else metadata, else scripts."""
    scripts = "\n".join(script.text or "" for script in root.iter("script"))
    metas = _metas(root)
    return PageFacts(
        title=_first(_titles(root, metas, scripts)),
        account=_first(_accounts(root, metas, scripts)),
        day=_day(root, metas, scripts),
    )


def _titles(root: Element, metas: dict[str, str], scripts: str) -> Iterator[str]:
    for title in root.iter("title"):
        parent = title.getparent()
        if parent is None or parent.tag != "svg":
            yield words_of(title)
            break
    yield metas.get("og:title", "")
    yield metas.get("twitter:title", "")
    yield from _variables(scripts, "msg_title")
    yield from _texts(root, "activity-name", "activity_name")


def _accounts(root: Element, metas: dict[str, str], scripts: str) -> Iterator[str]:
    yield from _texts(root, "js_name", "profileBt")
    for element in root.xpath("//*[contains(@class, 'profile_nickname')]"):
        yield words_of(element)
    yield from _variables(scripts, "nickname", "nick_name")
    yield metas.get("og:article:author", "")
    yield metas.get("article:author", "")
    yield metas.get("author", "")


def _day(root: Element, metas: dict[str, str], scripts: str) -> date | None:
    stamps = [
        *_texts(root, "publish_time"),
        metas.get("article:published_time", ""),
        metas.get("og:article:published_time", ""),
        *_variables(scripts, "publish_time", "createTime"),
        *_variables(scripts, "ct", "oriCreateTime"),
        metas.get("publishdate", ""),
        metas.get("pubdate", ""),
    ]
    return next((day for stamp in stamps if (day := _as_day(stamp.strip()))), None)


def _as_day(stamp: str) -> date | None:
    """A day in China from 2024-01-31 18:00, ISO 8601 with a zone, or seconds since 1970."""
    try:
        if re.fullmatch(r"\d{9,10}", stamp):
            return datetime.fromtimestamp(int(stamp), _CHINA).date()
        if re.search(r"T.*(?:Z|[+-]\d{2}:?\d{2})$", stamp):
            moment = datetime.fromisoformat(re.sub(r"Z$", "+00:00", stamp))
            return moment.astimezone(_CHINA).date()
    except (ValueError, OverflowError):
        pass  # no moment, but the day itself may still be plain
    return _plain_day(_DAY.search(stamp))


def _plain_day(found: re.Match[str] | None) -> date | None:
    if not found:
        return None
    try:
        return date(*(int(number) for number in found.groups()))
    except ValueError:
        return None


def _metas(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        found.setdefault(name, (meta.get("content") or "").strip())
    return found


def _texts(root: Element, *identities: str) -> Iterator[str]:
    for identity in identities:
        for element in root.xpath("//*[@id=$identity]", identity=identity):
            yield words_of(element)


def _variables(scripts: str, *names: str) -> Iterator[str]:
    """String values of script variables, as the page's own script would see them."""
    for name in names:
        for found in re.finditer(rf"\b{name}\s*[=:]\s*{_STRING}", scripts):
            yield html.unescape(_ESCAPE.sub(_unescaped, found.group(2)))


def _unescaped(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2)
    if not code:
        return {"n": "\n", "t": "\t", "r": ""}.get(found.group(3), found.group(3))
    character = chr(int(code, 16))
    return "\ufffd" if "\ud800" <= character <= "\udfff" else character


def _first(names: Iterator[str]) -> str | None:
    for name in names:
        plain = re.sub(r"\s+", " ", name).strip()
        if plain:
            return plain[:_LONGEST_NAME]
    return None
