"""A page's bytes to a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from lxml import etree

from adscan.errors import DamagedFile, UnsupportedFormat
from adscan.ingest.decode import Decoded, decode_text

Element: TypeAlias = Any  # etree._Element: lxml has no types

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_HEAD_BYTES = 8192  # a page declares its charset early
_UNPARSABLE = re.compile(r"[\x00\ud800-\udfff]")


def names(listed: str) -> frozenset[str]:
    """The names in a list with spaces between."""
    return frozenset(listed.split())


def decode_page(data: bytes, declared: str | None = None) -> Decoded:
    """A page's characters. `declared` is what the transport said; the page's own word is weaker.

    Raises DamagedFile.
    """
    if not declared and (found := _DECLARED.search(data[:_HEAD_BYTES])):
        declared = found.group(1).decode("ascii")
    try:
        return decode_text(data, declared)
    except UnsupportedFormat as error:
        raise DamagedFile("网页的文字编码已损坏，读不出来", hint="请重新保存网页") from error


@dataclass(frozen=True)
class Tree:
    """A page's elements. `is_cut`: the parser gave up on the nesting, and what follows is lost."""

    root: Element
    is_cut: bool


def parse_page(text: str) -> Tree:
    """The tree, however broken the markup. Raises DamagedFile if there is no element at all."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        root = etree.fromstring(_UNPARSABLE.sub("\ufffd", text).encode("utf-8"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise DamagedFile("网页已损坏，解析不了", hint="请重新保存网页") from error
    if root is None:
        raise DamagedFile("网页里没有内容", hint="请重新保存网页")
    is_cut = any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
    return Tree(root, is_cut)


def tag_of(element: Element) -> str:
    """Its tag in lower case without a namespace prefix; empty for comments."""
    tag = element.tag
    return _plain(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1000)
def _plain(tag: str) -> str:
    return tag.rsplit(":", 1)[-1].lower()


def words_of(element: Element) -> str:
    """All its words on one line, styles apart."""
    return re.sub(r"\s+", " ", "".join(_strings(element))).strip()


def _strings(element: Element) -> Iterator[str]:
    for piece in element.itertext():
        parent = piece.getparent() if hasattr(piece, "getparent") else None
        inside = parent is not None and getattr(piece, "is_text", False)
        if not (inside and tag_of(parent) in ("script", "style")):
            yield str(piece)
