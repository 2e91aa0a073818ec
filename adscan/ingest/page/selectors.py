"""Elements that a CSS selector means, quickly: most rules of a real page touch few elements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

from cssselect import Selector
from cssselect.parser import (
    Class,
    CombinedSelector,
    Hash,
    Matching,
    Negation,
    SpecificityAdjustment,
)
from cssselect.parser import Element as TypeNode
from cssselect.xpath import ExpressionError, HTMLTranslator
from lxml import etree

from adscan.ingest.page.dom import Element, tag_of

Node: TypeAlias = Any  # a node of cssselect's parse tree

# Comparisons of an element with a selector, for a whole page: some ten seconds of work. Pages of
# the size of a news portal need under a hundred thousand.
_MOST_WORK = 4_000_000
_PATH_COST = 2  # :nth-child and the like, against a plain comparison


class SelectorIndex:
    """The elements of a page by class, id and tag.

    `is_exhausted`: there was too much to compare, and costly selectors found nothing.
    """

    def __init__(self, root: Element) -> None:
        self._root = root
        self._by_class: dict[str, list[Element]] = defaultdict(list)
        self._by_id: dict[str, list[Element]] = defaultdict(list)
        self._by_tag: dict[str, list[Element]] = defaultdict(list)
        self._all: list[Element] = []
        self._work_left = _MOST_WORK
        self.is_exhausted = False
        for element in root.iter(etree.Element):
            self._add(element)

    def _add(self, element: Element) -> None:
        self._all.append(element)
        self._by_tag[tag_of(element)].append(element)
        for name in set((element.get("class") or "").split()):
            self._by_class[name].append(element)
        if identity := element.get("id"):
            self._by_id[identity].append(element)

    def find(self, selector: Selector) -> list[Element]:
        """The elements in the page's order; states such as :hover hold for none."""
        if selector.pseudo_element:
            return []
        tree = selector.parsed_tree
        if not _is_plain(tree):
            return self._by_path(selector)
        candidates = self._candidates(tree)
        if not self._can_afford(len(candidates)):
            return []
        return [element for element in candidates if _fits(tree, element)]

    def _can_afford(self, comparisons: int) -> bool:
        if comparisons > self._work_left:
            self.is_exhausted = True
            return False
        self._work_left -= comparisons
        return True

    def _candidates(self, node: Node) -> list[Element]:
        """Elements that have what the last compound of the selector asks for first."""
        if isinstance(node, CombinedSelector):
            return self._candidates(node.subselector)
        if isinstance(node, Class):
            return self._by_class.get(node.class_name, [])
        if isinstance(node, Hash):
            return self._by_id.get(node.id, [])
        if isinstance(node, TypeNode):
            return self._by_tag.get(node.element.lower(), []) if node.element else self._all
        return self._candidates(node.selector)

    def _by_path(self, selector: Selector) -> list[Element]:
        if not self._can_afford(_PATH_COST * len(self._all)):
            return []
        try:
            found = self._root.xpath(HTMLTranslator().selector_to_xpath(selector))
        except (ExpressionError, etree.XPathError):
            return []  # a state or feature that a saved page does not have
        return list(found) if isinstance(found, list) else []


def _is_plain(node: Node) -> bool:
    """Whether it is made of tags, classes, ids and the like only."""
    match node:
        case CombinedSelector():
            return _is_plain(node.selector) and _is_plain(node.subselector)
        case Class() | Hash():
            return _is_plain(node.selector)
        case Negation():
            return _is_plain(node.selector) and _is_plain(node.subselector)
        case Matching() | SpecificityAdjustment():
            return _is_plain(node.selector) and all(map(_is_plain, node.selector_list))
        case TypeNode():
            return node.namespace is None
    return False


def _fits(node: Node, element: Element) -> bool:
    match node:
        case CombinedSelector():
            return _fits(node.subselector, element) and any(
                _fits(node.selector, other) for other in _reached(node.combinator, element)
            )
        case Class():
            has_class = node.class_name in (element.get("class") or "").split()
            return has_class and _fits(node.selector, element)
        case Hash():
            return element.get("id") == node.id and _fits(node.selector, element)
        case Negation():
            return not _fits(node.subselector, element) and _fits(node.selector, element)
        case Matching() | SpecificityAdjustment():
            listed = any(_fits(one, element) for one in node.selector_list)
            return listed and _fits(node.selector, element)
    return node.element is None or node.element.lower() == tag_of(element)


def _reached(combinator: str, element: Element) -> Iterator[Element]:
    """Elements that the left side of a combinator may mean, seen from the right side."""
    match combinator:
        case " ":
            yield from element.iterancestors()
        case ">":
            parent = element.getparent()
            if parent is not None:
                yield parent
        case "+":
            yield from islice(_before(element), 1)
        case _:
            yield from _before(element)


def _before(element: Element) -> Iterator[Element]:
    return (one for one in element.itersiblings(preceding=True) if tag_of(one))
