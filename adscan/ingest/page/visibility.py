"""Whether a reader sees an element, by its own styles and those of what it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import tinycss2.color3

from adscan.ingest.page.dom import Element, tag_of
from adscan.ingest.page.styles import Styles

_NUMBER = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|vw|vh|ex|ch|cm|in)?")
_PIXELS = {"px": 1, "pt": 1.33, "em": 16, "rem": 16, "%": 10, "vw": 10, "vh": 10, "": 1}
_PIXELS |= {"ex": 8, "ch": 8, "cm": 38, "in": 96}
_FAR_PX = -900  # nobody's screen reaches there from the edge
_ZERO_FONT = re.compile(r"(?:^|\s)0(?:\.0+)?(?:px|pt|em|rem|%)?(?:\s*/|\s|$)")
_CLIPPED = re.compile(r"rect\(\s*(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?[\s,]")
_INSET = re.compile(r"inset\(\s*(?:50|100)%|circle\(\s*0|polygon\(\s*0(?:px)?\s+0(?:px)?\s*\)")
_SHRUNK = re.compile(r"(?:scale(?:x|y)?|scale3d)\(\s*0(?:\.0+)?\s*[,)]")
_MOVED = re.compile(r"translate(?:x|y|3d)?\(([^)]*)\)")
# A script shows these once the page has loaded; in a saved page it has not run.
_REVEALED_IDS = frozenset(("js_content", "page-content", "img-content", "js_article"))
_REVEALED_CLASSES = frozenset(("rich_media_content", "rich_media_area_primary"))


@dataclass(frozen=True)
class Visibility:
    """What an element passes on to those inside it."""

    removed: bool = False  # display, opacity, off screen: nothing inside can undo it
    invisible: bool = False  # visibility: those inside may be visible again
    zero_font: bool = False
    same_colour: bool = False  # letters in the colour of their own background

    @property
    def is_hidden(self) -> bool:
        """Whether words directly in it are unseen."""
        return self.removed or self.invisible or self.zero_font or self.same_colour

    def inside(self, element: Element, styles: Styles) -> Visibility:
        """The visibility of what stands in `element`, itself inside this."""
        if not styles and element.get("hidden") is None and tag_of(element) != "dialog":
            return self
        revealed = _is_revealed_later(element, styles)
        removed = self.removed or _is_removed(element, styles, revealed)
        invisible = self.invisible
        if "visibility" in styles:
            invisible = styles["visibility"] in ("hidden", "collapse") and not revealed
        return replace(
            self,
            removed=removed,
            invisible=invisible,
            zero_font=_zero_font(styles, self.zero_font),
            same_colour=_same_colour(styles, self.same_colour),
        )


def _is_revealed_later(element: Element, styles: Styles) -> bool:
    """Saved WeChat articles and pages that fade in hide everything until a script has run."""
    if tag_of(element) in ("html", "body") or element.get("id") in _REVEALED_IDS:
        return True
    if _REVEALED_CLASSES.intersection((element.get("class") or "").split()):
        return True
    animation = styles.get("animation") or styles.get("animation-name") or ""
    animation = animation or styles.get("-webkit-animation", "")
    return animation not in ("", "none", "inherit", "initial")


def _is_removed(element: Element, styles: Styles, revealed: bool) -> bool:
    display = styles.get("display")
    if display == "none" or (display is None and element.get("hidden") is not None):
        return True
    if tag_of(element) == "dialog" and element.get("open") is None and display is None:
        return True
    if styles.get("content-visibility") == "hidden":
        return True
    opacity = styles.get("opacity", "")
    if opacity and _pixels(opacity, 1.0) <= 0.01 and not revealed:
        return True
    return _is_off_screen(styles) or _is_squeezed(styles)


def _is_off_screen(styles: Styles) -> bool:
    if _pixels(styles.get("text-indent", "")) <= _FAR_PX:
        return True
    if _pixels(styles.get("margin-left", "")) <= _FAR_PX:
        return True
    transform = styles.get("transform", "")
    moved = _MOVED.search(transform)
    if moved and any(
        _pixels(part) <= 10 * _FAR_PX or ("px" in part and _pixels(part) <= _FAR_PX)
        for part in moved.group(1).split(",")
    ):
        return True
    if styles.get("position") not in ("absolute", "fixed", "relative"):
        return False
    edges = ("left", "top", "right", "bottom")
    if any(_pixels(styles.get(edge, "")) <= _FAR_PX for edge in edges):
        return True
    return bool(_CLIPPED.search(styles.get("clip", "")))


def _is_squeezed(styles: Styles) -> bool:
    if _INSET.search(styles.get("clip-path", "")) or _SHRUNK.search(styles.get("transform", "")):
        return True
    clipped = any(
        styles.get(name, "") in ("hidden", "clip")
        for name in ("overflow", "overflow-x", "overflow-y")
    )
    if not clipped or any(name.startswith("padding") for name in styles):
        return False  # a box held open by its padding shows what it holds
    sizes = ("height", "max-height", "width", "max-width")
    return any(name in styles and _pixels(styles[name], 1.0) == 0 for name in sizes)


def _zero_font(styles: Styles, inherited: bool) -> bool:
    size = styles.get("font-size")
    if size is not None:
        if size in ("inherit", "smaller", "larger") or (
            inherited and re.search(r"(?<!r)em|%", size)
        ):
            return inherited
        return _pixels(size, 16.0) <= 1.0 and bool(_NUMBER.match(size))
    if "font" in styles:
        return bool(_ZERO_FONT.search(styles["font"]))
    return inherited


def _same_colour(styles: Styles, inherited: bool) -> bool:
    letters = styles.get("color")
    ground = styles.get("background-color") or first_colour(styles.get("background", ""))
    if letters is None and not ground:
        return inherited
    if styles.get("-webkit-text-fill-color") or "text" in (
        styles.get("background-clip", "") + styles.get("-webkit-background-clip", "")
    ):
        return False  # letters cut out of a picture or gradient
    if letters is None:
        return False
    colour = tinycss2.color3.parse_color(letters)
    if colour is None or colour == "currentColor":
        return inherited
    if colour.alpha <= 0.01:
        return True
    if not ground or has_picture(styles):
        return False
    behind = tinycss2.color3.parse_color(ground)
    if behind is None or behind == "currentColor" or behind.alpha < 1:
        return False
    return all(abs(one - other) < 0.02 for one, other in zip(colour[:3], behind[:3], strict=True))


def has_picture(styles: Styles) -> bool:
    """Whether a picture or gradient lies behind the words."""
    ground = (styles.get("background", "") + styles.get("background-image", "")).lower()
    return "url(" in ground or "gradient" in ground


def first_colour(background: str) -> str:
    """The colour named in a `background`; empty if there is none or a picture covers it."""
    if not background or has_picture({"background": background}):
        return ""
    for token in tinycss2.parse_component_value_list(background, skip_comments=True):
        if token.type != "whitespace" and tinycss2.color3.parse_color(token) is not None:
            return str(token.serialize())
    return ""


def _pixels(value: str, otherwise: float = 0.0) -> float:
    found = _NUMBER.match(value.strip())
    if not found:
        return otherwise
    return float(found.group(1)) * _PIXELS[found.group(2) or ""]
