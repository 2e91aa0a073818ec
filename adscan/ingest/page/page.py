"""One web page, wherever it came from, to content."""

from __future__ import annotations

import re

from adscan.errors import DamagedFile
from adscan.ingest import bounds
from adscan.ingest.blank import visible_length
from adscan.ingest.page.dom import Element, decode_page, parse_page, tag_of
from adscan.ingest.page.facts import read_facts
from adscan.ingest.page.missing import (
    cut_notice,
    empty_notice,
    gone_notice,
    playing_notice,
    template_notice,
)
from adscan.ingest.page.pictures import find_references, load_pictures
from adscan.ingest.page.print import print_runs
from adscan.ingest.page.resources import Resources
from adscan.ingest.page.styles import read_styles
from adscan.ingest.page.words import PageWords, read_words
from adscan.ingest.reader import Content
from adscan.ingest.sniff import looks_like_page
from adscan.records.ad import AdKind, PrintRun, Sheet
from adscan.records.part import Notice, NoticeCode, PartKind
from adscan.settings import Limits


def read_page(data: bytes, declared: str | None, resources: Resources, limits: Limits) -> Content:
    """Words, hidden words and pictures of a page. Raises DamagedFile, TooLarge."""
    bounds.check("网页", len(data), "字节", limits, "max_text_bytes")
    decoded = decode_page(data, declared)
    tree = parse_page(decoded.text)
    root = tree.root
    styles = read_styles(root, resources)
    body = _body(root)
    words = read_words(body, styles)
    facts = read_facts(root)
    references = find_references(body, styles, words.shown)
    pictures = load_pictures(references, resources, limits, visible_length(words.visible))
    framed = _framed_words(body, resources, limits)
    title = _missing_title(words.visible, facts.title)
    visible = "\n".join(filter(None, (title, words.visible, *framed)))
    said = [
        gone_notice(words.visible),
        cut_notice(decoded.text),
        template_notice(body),
        empty_notice(_said(words, framed), len(pictures.sheets) + pictures.missing),
        playing_notice(body, words.shown),
        _lost_notice(decoded.lost),
        _deep_notice(tree.is_cut),
        _hidden_notice(words.hidden, f"text:{int(bool(visible))}"),
        _styles_notice(styles.is_cut),
    ]
    runs = print_runs(words.visible, words.looks, at=len(title) + 1 if title else 0)
    sheets = (*_text_sheets(visible, words.hidden, runs), *pictures.sheets)
    notices = (*(notice for notice in said if notice), *pictures.notices)
    if not sheets and not pictures.missing and not tree.is_cut:
        raise DamagedFile("网页里没有文字，也没有图片", hint="请重新完整保存网页，或提供截图")
    return Content(AdKind.WEB_PAGE, sheets, facts.title, facts.account, facts.day, notices)


def _body(root: Element) -> Element:
    bodies = [element for element in root if tag_of(element) in ("body", "frameset")]
    return bodies[0] if len(bodies) == 1 else root


def _said(words: PageWords, framed: list[str]) -> int:
    return visible_length(words.visible + words.hidden + "".join(framed))


def _framed_words(body: Element, resources: Resources, limits: Limits) -> list[str]:
    """Words of frames that were saved with the page; frames within frames are not followed."""
    found: list[str] = []
    for frame in body.iter("iframe", "frame"):
        data = resources.find(frame.get("src") or "")
        if data and len(data) <= limits.max_text_bytes and looks_like_page(data):
            root = parse_page(decode_page(data).text).root
            found.append(read_words(_body(root), read_styles(root, resources)).visible)
    return found


def _missing_title(visible: str, title: str | None) -> str:
    """The title, unless the body begins with it."""
    if not title:
        return ""
    begins = re.sub(r"\s", "", visible[: 2 * len(title) + 100])
    return "" if begins.startswith(re.sub(r"\s", "", title)) else title


def _text_sheets(visible: str, hidden: str, runs: tuple[PrintRun, ...]) -> list[Sheet]:
    texts = [(visible, False, runs), (hidden, True, ())]
    return [
        Sheet(f"text:{index}", PartKind.TEXT, text=text, hidden=is_hidden, print_runs=looks)
        for index, (text, is_hidden, looks) in enumerate(row for row in texts if row[0])
    ]


def _hidden_notice(hidden: str, part_id: str) -> Notice | None:
    length = visible_length(hidden)
    if not length:
        return None
    message = f"页面用样式隐藏了 {length:,} 个字，读者看不到，已单独列出"
    return Notice(NoticeCode.HIDDEN_TEXT, message, part_id)


def _lost_notice(lost: int) -> Notice | None:
    if not lost:
        return None
    message = f"网页中有 {lost} 个字符已损坏，读不出来；请重新保存网页"
    return Notice(NoticeCode.PARTLY_READ, message, unread=True)


def _deep_notice(is_cut: bool) -> Notice | None:
    if not is_cut:
        return None
    message = "网页嵌套过深，后面的内容没有读到；请提供截图或另存为 PDF 再检查"
    return Notice(NoticeCode.PARTLY_READ, message, unread=True)


def _styles_notice(is_cut: bool) -> Notice | None:
    if not is_cut:
        return None
    return Notice(
        NoticeCode.OTHER, "网页样式过多或过于复杂，被隐藏的文字可能没有全部识别，按可见处理"
    )
