"""Our quick matching of selectors agrees with the slow one."""

from __future__ import annotations

import pytest
from cssselect import HTMLTranslator, parse

from adscan.ingest.page.dom import parse_page
from adscan.ingest.page.selectors import SelectorIndex

PAGE = """<html><body class="a"><div id="x" class="a b"><p class="c">1</p><P class="c d">2</P>
<ul><li>3</li><li class="a">4</li><li>5</li></ul></div><div class="b"><p>6</p></div>
<a href="t.png" class="d">7</a></body></html>"""


@pytest.mark.parametrize(
    "written",
    [
        *("*", "p", "P", ".a", "#x", "div.a.b", "p.c.d", "div p", "div > p", "body p", "html > p"),
        *("p + p", "p ~ ul", "li + li + li", ".a .c", ".b > p", "#x li.a", "div:not(.a)"),
        *(":is(.c, .d)", "div :is(li, p)", ":where(.a) li", "li:first-child", "[href$='.png']"),
        *("a:hover", "p:nth-child(2)", "body > div + div p", ".none", "p:not(.c) , .d", "svg|p"),
    ],
)
def test_quick_and_slow_matching_agree(written):
    root = parse_page(PAGE).root
    index = SelectorIndex(root)
    for selector in parse(written):
        try:
            slow = root.xpath(HTMLTranslator().selector_to_xpath(selector))
        except Exception:
            slow = []
        assert index.find(selector) == slow


def test_a_selector_for_a_pseudo_element_finds_nothing():
    (selector,) = parse("p::before")
    assert SelectorIndex(parse_page(PAGE).root).find(selector) == []
