"""How a page's letters look, by its styles: their height, their colour and what is behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import tinycss2.color3

from adscan.ingest.page.dom import Element, tag_of
from adscan.ingest.page.styles import Styles
from adscan.ingest.page.visibility import first_colour, has_picture
from adscan.records.ad import Colour, PrintRun
from adscan.records.text import Span

_PLAIN_PX = 16.0  # every browser's size for a page that names none
# The style sheet that every browser brings along (HTML Standard, 15.3), in em.
_OF_TAG = {
    "h1": 2.0,
    "h2": 1.5,
    "h3": 1.17,
    "h5": 0.83,
    "h6": 0.67,
    "small": 0.83,
    "sub": 0.83,
    "sup": 0.83,
    "big": 1.2,
}
# CSS Fonts 4, 2.5: absolute sizes as shares of medium.
_KEYWORDS = {
    "xx-small": 0.6,
    "x-small": 0.75,
    "small": 0.89,
    "medium": 1.0,
    "large": 1.2,
    "x-large": 1.5,
    "xx-large": 2.0,
    "xxx-large": 3.0,
}
_OF_FONT_TAG = dict(zip("1234567", (10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0), strict=True))
_STEP = 1.2  # between one size and the next larger
_SIZE = re.compile(r"(\d*\.?\d+)(px|pt|em|rem|%)")
_PER_UNIT = {"px": 1.0, "pt": 4 / 3, "rem": _PLAIN_PX}
_BLACK, _WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Look:
    """The look of letters. A colour is None where a picture or something unread decides it."""

    height_px: float = _PLAIN_PX
    letters: Colour | None = _BLACK
    ground: Colour | None = _WHITE

    def inside(self, element: Element, styles: Styles) -> Look:
        """The look of words in `element`, which stands among words of this look."""
        tag = tag_of(element)
        if not styles and tag not in _OF_TAG and not element.keys():
            return self
        ground = self._ground(element, styles)
        written = styles.get("color") or element.get("color") or ""
        letters = _seen(written, ground, self.letters)
        opacity = _share(styles.get("opacity", ""))
        if opacity < 1 and letters and ground:
            letters = _over(letters, opacity, ground)
        return Look(self._height(element, tag, styles), letters, ground)

    def _ground(self, element: Element, styles: Styles) -> Colour | None:
        if has_picture(styles) or element.get("background"):
            return None
        written = styles.get("background-color") or first_colour(styles.get("background", ""))
        return _seen(written or element.get("bgcolor") or "", self.ground, self.ground)

    def _height(self, element: Element, tag: str, styles: Styles) -> float:
        size = styles.get("font-size") or _size_in(styles.get("font", ""))
        if not size and tag == "font":
            return _OF_FONT_TAG.get(element.get("size") or "", self.height_px)
        if not size:
            return self.height_px * _OF_TAG.get(tag, 1.0)
        if size in _KEYWORDS:
            return _PLAIN_PX * _KEYWORDS[size]
        if size in ("smaller", "larger"):
            return self.height_px * (_STEP if size == "larger" else 1 / _STEP)
        found = _SIZE.match(size)
        if not found:
            return self.height_px
        relative = {"em": self.height_px, "%": self.height_px / 100}
        return float(found.group(1)) * {**_PER_UNIT, **relative}[found.group(2)]


def print_runs(text: str, looks: Iterable[Look], at: int) -> tuple[PrintRun, ...]:
    """Stretches of `text`, which begins at place `at` of its sheet, that look alike.

    `looks` has one for each character of the text that is no white space, in order.
    """
    left = iter(looks)
    look = Look()
    by_char: list[tuple[int, Look]] = []
    for place, char in enumerate(text, start=at):
        look = look if char.isspace() else next(left)
        by_char.append((place, look))
    runs = []
    for look, group in groupby(by_char, key=lambda pair: pair[1]):
        places = [place for place, _ in group]
        span = Span(places[0], places[-1] + 1)
        runs.append(PrintRun(span, look.height_px, look.letters, look.ground))
    return tuple(runs)


def _size_in(font: str) -> str:
    found = _SIZE.search(font)
    return found.group() if found else ""


def _share(opacity: str) -> float:
    found = re.fullmatch(r"(\d*\.?\d+)(%?)", opacity.strip())
    if not found:
        return 1.0
    return min(float(found.group(1)) / (100 if found.group(2) else 1), 1.0)


def _seen(written: str, ground: Colour | None, otherwise: Colour | None) -> Colour | None:
    """A written colour as it looks on this ground; `otherwise` where none is written."""
    if not written or written in ("inherit", "unset", "initial", "transparent", "currentcolor"):
        return otherwise
    colour = tinycss2.color3.parse_color(written)
    if colour is None or colour == "currentColor":
        return None
    plain = (colour.red, colour.green, colour.blue)
    if colour.alpha >= 1:
        return plain
    return _over(plain, colour.alpha, ground) if ground else None


def _over(top: Colour, alpha: float, below: Colour) -> Colour:
    red, green, blue = (
        one * alpha + two * (1 - alpha) for one, two in zip(top, below, strict=True)
    )
    return red, green, blue
