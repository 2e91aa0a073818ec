"""What a crawled page refers to, and the day it states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from adscan.errors import InputError
from adscan.ingest.page.dom import Element, decode_page, parse_page, tag_of
from adscan.ingest.page.facts import read_facts
from adscan.scan.inputs.crawl_index import resolved
from adscan.settings import Limits

_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]+)", re.IGNORECASE)
_SETS = re.compile(r"[^\s,]\S*[^\s,]")  # addresses in a srcset
_LONGEST_ADDRESS = 1024
_MOST = 5000  # addresses of one page
# Attributes that lead a reader elsewhere, or say something: no files of the page.
_NO_FILES = ("alt", "class", "id", "title", "content", "name", "type", "rel", "target")


@dataclass(frozen=True)
class References:
    """Addresses as written, and what they are relative to."""

    base: str
    addresses: tuple[str, ...]
    day: date | None


def read_references(data: bytes, address: str, limits: Limits) -> References:
    """The files that a page captured at `address` may show; none if it cannot be parsed."""
    if len(data) > limits.max_text_bytes:
        return References(address, (), None)  # said when the page is read
    try:
        root = parse_page(decode_page(data).text).root
    except InputError:
        return References(address, (), None)
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), "")
    found: dict[str, None] = {}
    for written in _addresses(root):
        if 0 < len(written) <= _LONGEST_ADDRESS and len(found) < _MOST:
            found[written] = None
    return References(resolved(address, base), tuple(found), read_facts(root).day)


def style_addresses(data: bytes) -> tuple[str, ...]:
    """The addresses in a style sheet."""
    found = _IN_STYLE.findall(data.decode("utf-8", errors="replace"))
    return tuple(dict.fromkeys(one.strip() for one in found if len(one) <= _LONGEST_ADDRESS))


def _addresses(root: Element) -> Iterator[str]:
    for element in root.iter():
        tag = tag_of(element)
        if tag == "style":
            yield from _IN_STYLE.findall(element.text or "")
        if tag in ("", "script", "meta", "base"):
            continue
        for name, value in element.items():
            if name in _NO_FILES or (tag == "a" and name == "href"):
                continue
            if name == "style":
                yield from _IN_STYLE.findall(value)
            elif name.endswith("srcset"):
                yield from _SETS.findall(value)
            else:
                yield value.strip()
