"""The page's styles as far as they decide what a reader sees: rules in <style> and inline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

import tinycss2
from cssselect import Selector, SelectorError
from cssselect import parse as parse_selectors
from lxml import etree

from adscan.ingest.page.dom import Element, names, tag_of
from adscan.ingest.page.resources import Resources
from adscan.ingest.page.selectors import SelectorIndex

Styles = dict[str, str]  # property to value, in lower case but for the addresses of backgrounds

# What `visibility.py` looks at; rules that set none of these are left alone.
RELEVANT = names(
    "display visibility opacity font font-size position left top right bottom margin-left"
    " text-indent color background background-color background-image background-clip"
    " -webkit-background-clip -webkit-text-fill-color height max-height width max-width overflow"
    " overflow-x overflow-y padding padding-top padding-bottom clip clip-path transform animation"
    " animation-name -webkit-animation content-visibility"
)
_MOST_RULES = 10_000  # relevant ones; a portal's page has under two thousand
_MOST_STYLE_SHEETS = 50
_SCREEN = re.compile(r"^\s*(?:|all|screen|only screen)\s*$", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class _Weight:
    """What wins in the cascade, weakest first."""

    important: bool
    inline: bool
    specificity: tuple[int, int, int]
    order: int


_Won: TypeAlias = dict[Element, dict[str, tuple[_Weight, str]]]  # the strongest so far


@dataclass(frozen=True)
class _Rule:
    selector: Selector
    declarations: tuple[tuple[str, str, bool], ...]  # property, value, important
    order: int


@dataclass(frozen=True)
class StyleSheet:
    """The styles in force at each element that has any. `is_cut`: there were too many rules."""

    by_element: dict[Element, Styles]
    is_cut: bool = False

    def of(self, element: Element) -> Styles:
        """What is set on the element itself."""
        return self.by_element.get(element, {})


def read_styles(root: Element, resources: Resources) -> StyleSheet:
    """Cascaded styles of every element that a relevant rule or inline style touches.

    Styles that could not be taken in leave words visible: those are judged all the same.
    """
    index = SelectorIndex(root)
    won: _Won = {}
    is_cut = False
    try:
        for rule in islice(_rules(_style_texts(root, resources)), _MOST_RULES):
            for element in index.find(rule.selector):
                _apply(won, element, rule.declarations, rule.selector.specificity(), rule.order)
            is_cut = rule.order >= _MOST_RULES
        for element in root.iter(etree.Element):
            if inline := element.get("style"):
                _apply(won, element, tuple(_declarations(inline)), None, 0)
    except RecursionError:  # brackets or selectors nested by the thousand
        is_cut = True
    by_element = {
        element: {name: value for name, (_, value) in styles.items()}
        for element, styles in won.items()
    }
    return StyleSheet(by_element, is_cut or index.is_exhausted)


def _apply(
    won: _Won,
    element: Element,
    declarations: Iterable[tuple[str, str, bool]],
    specificity: tuple[int, int, int] | None,
    order: int,
) -> None:
    """Let declarations compete on an element; `specificity` None means inline."""
    styles = won.setdefault(element, {})
    for name, value, important in declarations:
        weight = _Weight(important, specificity is None, specificity or (0, 0, 0), order)
        if name not in styles or styles[name][0] <= weight:
            styles[name] = (weight, value)


def _style_texts(root: Element, resources: Resources) -> Iterator[str]:
    links = 0
    for element in root.iter("style", "link"):
        if not _SCREEN.match(element.get("media") or ""):
            continue
        if tag_of(element) == "style":
            yield element.text or ""
        elif "stylesheet" in (element.get("rel") or "").lower() and links < _MOST_STYLE_SHEETS:
            links += 1
            data = resources.find(element.get("href") or "")
            if data:
                yield data.decode("utf-8", errors="replace")


def _rules(texts: Iterable[str]) -> Iterator[_Rule]:
    order = 0
    for text in texts:
        for node in _qualified(tinycss2.parse_stylesheet(text, True, True)):
            declarations = tuple(_declarations(node.content))
            if not declarations:
                continue
            try:
                selectors = parse_selectors(tinycss2.serialize(node.prelude))
            except SelectorError:
                continue  # a browser drops such a rule too
            for selector in selectors:
                order += 1
                yield _Rule(selector, declarations, order)


def _qualified(nodes: Iterable[tinycss2.ast.Node]) -> Iterator[tinycss2.ast.QualifiedRule]:
    """Rules that hold on every screen; @media with a condition hides only from some."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield node
        elif _is_screen_block(node):
            yield from _qualified(tinycss2.parse_rule_list(node.content, True, True))


def _is_screen_block(node: tinycss2.ast.Node) -> bool:
    if node.type != "at-rule" or node.lower_at_keyword != "media" or not node.content:
        return False
    return bool(_SCREEN.match(tinycss2.serialize(node.prelude)))


def _declarations(content: object) -> Iterator[tuple[str, str, bool]]:
    for node in tinycss2.parse_blocks_contents(content, True, True):
        if node.type == "declaration" and node.lower_name in RELEVANT:
            value = tinycss2.serialize(node.value).strip()
            has_address = node.lower_name in ("background", "background-image")
            yield node.lower_name, value if has_address else value.lower(), node.important
