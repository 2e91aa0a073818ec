"""A page's words as a reader sees them, and apart from them the words that styles hide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from adscan.ingest.page.dom import Element, names, tag_of, words_of
from adscan.ingest.page.styles import StyleSheet
from adscan.ingest.page.visibility import Visibility

_BLOCKS = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol"
    " optgroup option p pre section select summary table tbody tfoot thead tr ul textarea"
    " foreignobject"
)
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
    """The two texts, and the elements that are shown (for the pictures among them)."""

    visible: str
    hidden: str
    shown: frozenset[Element]


class _Flow:
    """Words set in lines the way a page sets them: white space collapsed, blocks on their own."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._pieces: list[str] = []

    def add(self, words: str | None) -> None:
        if words:
            self._pieces.append(words)

    def end_line(self) -> None:
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


class _Setter:
    """Walks the tree once and deals out its words to the two flows."""

    def __init__(self, styles: StyleSheet) -> None:
        self._styles = styles
        self._flows = {False: _Flow(), True: _Flow()}
        self._stack = [Visibility()]
        self._cells = 0
        self.shown: set[Element] = set()

    def set(self, body: Element) -> PageWords:
        walker = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
        skipped: set[Element] = set()
        for event, element in walker:
            if event == "start":
                if self._is_left_out(element):
                    skipped.add(element)
                    self._stack.append(self._stack[-1])
                    walker.skip_subtree()
                else:
                    self._start(element)
                continue
            if event == "end":
                self._stack.pop()
                if element not in skipped:
                    self._end(element)
            if element is not body:
                self._add(element.tail, self._stack[-1])
        visible, hidden = self._flows[False].text(), self._flows[True].text()
        return PageWords(visible, hidden, frozenset(self.shown))

    def _is_left_out(self, element: Element) -> bool:
        return tag_of(element) in _UNSHOWN or is_navigation(element)

    def _start(self, element: Element) -> None:
        state = self._stack[-1].inside(element, self._styles.of(element))
        self._stack.append(state)
        if not state.is_hidden:
            self.shown.add(element)
        self._break(element, state)
        self._cells += tag_of(element) in _CELLS
        if tag_of(element) == "input" and (element.get("type") or "").lower() in _BUTTONS:
            self._add(element.get("value"), state)
        self._add(element.text, state, tag_of(element) in ("pre", "textarea"))

    def _end(self, element: Element) -> None:
        tag = tag_of(element)
        state = self._stack[-1].inside(element, self._styles.of(element))
        if tag in _CELLS:
            self._cells -= 1
            self._flows[state.is_hidden].end_cell()
        elif tag == "br":
            self._flows[self._stack[-1].is_hidden].end_line()
        else:
            self._break(element, state)

    def _break(self, element: Element, state: Visibility) -> None:
        tag = tag_of(element)
        display = self._styles.of(element).get("display", "")
        is_block = tag in _BLOCKS and not display.startswith("inline")
        is_block = is_block or display in ("block", "flex", "grid", "list-item", "table-row")
        if is_block and (tag == "tr" or not self._cells):
            self._flows[state.is_hidden].end_line()
        elif is_block:
            self._add(" ", state)  # blocks within a cell stay in its row

    def _add(self, words: str | None, state: Visibility, as_written: bool = False) -> None:
        flow = self._flows[state.is_hidden]
        if not as_written or not words:
            flow.add(words)
            return
        for line in words.split("\n"):
            flow.add(line)
            flow.end_line()


def read_words(body: Element, styles: StyleSheet) -> PageWords:
    """The words in `body`: block elements on their own lines, cells of a row with tabs between."""
    return _Setter(styles).set(body)


def is_navigation(element: Element) -> bool:
    """Clearly navigation: called so, and made of short links."""
    called = {tag_of(element), (element.get("role") or "").lower()}
    called.update(f"{element.get('class') or ''} {element.get('id') or ''}".lower().split())
    if not called & _NAVIGATION:
        return False
    links = [words_of(link) for link in element.iter("a")]
    if len(links) < 2 or any(len(link) > _LONGEST_NAVIGATION_LINK for link in links):
        return False
    return sum(map(len, _letters(links))) >= 0.7 * max(
        1, len("".join(_letters([words_of(element)])))
    )


def _letters(texts: list[str]) -> Iterator[str]:
    return (re.sub(r"\s", "", text) for text in texts)
