"""A page's words as a reader sees them, and apart from them the words that styles hide."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from adscan.ingest.page.dom import Element, names, tag_of, words_of
from adscan.ingest.page.print import Look
from adscan.ingest.page.styles import Styles, StyleSheet
from adscan.ingest.page.visibility import Visibility

_BLOCKS = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol"
    " optgroup option p pre section select summary table tbody tfoot thead tr ul textarea"
    " foreignobject"
)
_BLOCK_DISPLAYS = frozenset(("block", "flex", "grid", "list-item", "table", "table-row"))
_AS_WRITTEN = ("pre", "textarea")
_CELLS = frozenset(("td", "th"))
_UNSHOWN = names(
    "head script style noscript template title desc defs metadata object embed iframe video audio"
    " canvas datalist rp noembed noframes map"
)
_BUTTONS = frozenset(("button", "submit", "reset"))
_NAVIGATION = names("nav navbar nav-bar navigation menu topnav main-nav breadcrumb breadcrumbs")
_LONGEST_NAVIGATION_LINK = 12  # characters; what is longer says something
_SPACES = re.compile(r"[ \t\r\n\f]+")
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
# CSS Text 3, segment breaks: a line broken in the source between two such characters is no space
_BROKEN_BETWEEN = re.compile(rf"(?<=[{_CJK}])[ \t]*[\r\n][ \t\r\n\f]*(?=[{_CJK}])")


@dataclass(frozen=True)
class PageWords:
    """The two texts, the looks of the visible one, and the elements that are shown."""

    visible: str
    looks: tuple[Look, ...]  # of each visible character that is no white space
    hidden: str
    shown: frozenset[Element]


class _Flow:
    """Words set in lines the way a page sets them: white space collapsed, blocks on their own."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._pieces: list[str] = []
        self.looks: list[Look] = []

    def add(self, words: str | None, look: Look) -> None:
        if words:
            self._pieces.append(words)
            self.looks.extend([look] * sum(not char.isspace() for char in words))

    def end_line(self) -> None:
        if not self._pieces:
            return
        line = _SPACES.sub(" ", _BROKEN_BETWEEN.sub("", "".join(self._pieces)))
        self._pieces = []
        line = re.sub(r" ?\v ?", "\t", line).strip(" \t")
        if line.strip():
            self._lines.append(line)

    def end_cell(self) -> None:
        if self._pieces:
            self._pieces.append("\v")  # not white space of the page's own

    def text(self) -> str:
        self.end_line()
        return "\n".join(self._lines)


@dataclass(frozen=True)
class _Open:
    """An element that has begun and not ended."""

    tag: str
    state: Visibility
    look: Look
    is_block: bool
    is_left_out: bool = False


class _Setter:
    """Walks the tree once and deals out its words to the two flows."""

    def __init__(self, styles: StyleSheet) -> None:
        self._styles = styles
        self._flows = {False: _Flow(), True: _Flow()}
        self._stack = [_Open("", Visibility(), Look(), is_block=True)]
        self._cells = 0
        self._shown: set[Element] = set()

    def set(self, body: Element) -> PageWords:
        walker = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
        for event, element in walker:
            if event == "start":
                self._start(element)
                if self._stack[-1].is_left_out:
                    walker.skip_subtree()
                continue
            if event == "end":
                self._end(self._stack.pop())
            if element is not body and element.tail:
                self._add(element.tail, self._stack[-1])
        visible, hidden = self._flows[False].text(), self._flows[True].text()
        return PageWords(visible, tuple(self._flows[False].looks), hidden, frozenset(self._shown))

    def _start(self, element: Element) -> None:
        tag, around = tag_of(element), self._stack[-1]
        if tag in _UNSHOWN or is_navigation(element, tag):
            self._stack.append(_Open(tag, around.state, around.look, False, is_left_out=True))
            return
        styles = self._styles.of(element)
        state, look = around.state.inside(element, styles), around.look.inside(element, styles)
        opened = _Open(tag, state, look, _is_block(tag, styles))
        self._stack.append(opened)
        if not opened.state.is_hidden:
            self._shown.add(element)
        self._break(opened)
        self._cells += tag in _CELLS
        if tag == "input" and (element.get("type") or "").lower() in _BUTTONS:
            self._add(element.get("value"), opened)
        self._add(element.text, opened, as_written=tag in _AS_WRITTEN)

    def _end(self, ended: _Open) -> None:
        if ended.is_left_out:
            return
        flow = self._flows[ended.state.is_hidden]
        if ended.tag in _CELLS:
            self._cells -= 1
            flow.end_cell()
        elif ended.tag == "br":
            flow.end_line()
        else:
            self._break(ended)

    def _break(self, opened: _Open) -> None:
        if opened.is_block and (opened.tag == "tr" or not self._cells):
            self._flows[opened.state.is_hidden].end_line()
        elif opened.is_block:
            self._add(" ", opened)  # blocks within a cell stay in its row

    def _add(self, words: str | None, within: _Open, as_written: bool = False) -> None:
        flow = self._flows[within.state.is_hidden]
        if not as_written or not words:
            flow.add(words, within.look)
            return
        for line in words.split("\n"):
            flow.add(line, within.look)
            flow.end_line()


def _is_block(tag: str, styles: Styles) -> bool:
    display = styles.get("display")
    if display is None:
        return tag in _BLOCKS
    if display.startswith("inline"):
        return False
    return tag in _BLOCKS or display in _BLOCK_DISPLAYS


def read_words(body: Element, styles: StyleSheet) -> PageWords:
    """The words in `body`: block elements on their own lines, cells of a row with tabs between."""
    return _Setter(styles).set(body)


def is_navigation(element: Element, tag: str) -> bool:
    """Clearly navigation: called so, and made of short links."""
    called = [element.get(name) for name in ("role", "class", "id")]
    named = {tag, *" ".join(name for name in called if name).lower().split()}
    if not named & _NAVIGATION:
        return False
    links = [words_of(link) for link in element.iter("a")]
    if len(links) < 2 or any(len(link) > _LONGEST_NAVIGATION_LINK for link in links):
        return False
    linked, all_words = (re.sub(r"\s", "", text) for text in ("".join(links), words_of(element)))
    return len(linked) >= 0.7 * len(all_words)
