"""Which pictures a page shows, where they are named, and which of them are really there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from adscan.errors import DamagedFile, InputError, TooLarge
from adscan.ingest import bounds
from adscan.ingest.page.dom import Element, tag_of
from adscan.ingest.page.resources import Resources
from adscan.ingest.page.styles import StyleSheet
from adscan.ingest.pictures import Picture, check_picture, picture_sheets
from adscan.ingest.sniff import HEAD_BYTES, is_image
from adscan.records.ad import Sheet
from adscan.records.part import Notice, NoticeCode, PartKind
from adscan.settings import Limits

SMALLEST_PX = 32  # an icon if both sides are below
_FEW_WORDS = 100
_SMALLEST_BACKGROUND_PX = 200  # decoration if both sides are below
# The real picture first: `src` of a lazy picture is a placeholder until a script has run.
_ADDRESSES = (
    "data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-url", "data-echo",
    "_src", "original", "data-backsrc", "src",
)  # fmt: skip
_SETS = ("data-srcset", "srcset")
_SHOWING = frozenset(("img", "image", "amp-img", "mp-image"))
_CSS_URL = re.compile(r"url\(\s*[\"']?(.*?)[\"']?\s*\)", re.IGNORECASE | re.DOTALL)
_PICTURE_ADDRESS = re.compile(r"^\S+\.(?:jpe?g|png|gif|webp|bmp|avif)(?:[?#]\S*)?$", re.IGNORECASE)
_SVG = re.compile(r"\.svgz?(?:$|[?#])|^data:image/svg|wx_fmt=svg", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """One picture of the page: all addresses it may be found at, best first."""

    addresses: tuple[str, ...]
    name: str
    is_shown: bool
    is_background: bool = False


@dataclass(frozen=True)
class PagePictures:
    """Sheets of the pictures that are there, and what must be said about the others."""

    sheets: tuple[Sheet, ...]
    notices: tuple[Notice, ...]
    missing: int


def find_references(
    body: Element, styles: StyleSheet, shown: frozenset[Element]
) -> tuple[Reference, ...]:
    """Every picture of the page once, in its order; drawings and icons left out."""
    found: dict[tuple[str, ...], Reference] = {}
    for element in body.iter():
        if tag_of(element) in _SHOWING:
            reference = _reference(element, element in shown)
        else:
            reference = _background(element, styles, element in shown)
        if reference and reference.addresses:
            found.setdefault(reference.addresses, reference)
    return tuple(found.values())


def load_pictures(
    references: tuple[Reference, ...], resources: Resources, limits: Limits, words: int
) -> PagePictures:
    """The pictures behind the references. Raises TooLarge if there are too many.

    `words` is how many characters the page shows: with few, a background may be the message.
    """
    bounds.check("网页", len(references), "张图片", limits, "max_page_images")
    sheets: list[Sheet] = []
    notices: list[Notice] = []
    missing = 0
    for reference in references:
        got, said, is_missing = _load(reference, resources, limits, len(sheets))
        sheets += got
        notices += said
        missing += is_missing and not (reference.is_background and words >= _FEW_WORDS)
    if missing:
        message = (
            f"网页中有 {missing} 张图片没有随页面保存，图中文字未读；"
            "请连同图片一起保存网页，或提供截图后再检查"
        )
        notices.append(Notice(NoticeCode.PICTURE_MISSING, message, unread=True))
    return PagePictures(tuple(sheets), tuple(notices), missing)


def _load(
    reference: Reference, resources: Resources, limits: Limits, first_id: int
) -> tuple[list[Sheet], list[Notice], bool]:
    """Sheets, notices, and whether the picture is missing."""
    trouble: InputError | None = None
    for address in reference.addresses:
        data = resources.find(address)
        if not data or not is_image(data[:HEAD_BYTES]):
            continue  # not there, or the server's error page under the picture's name
        try:
            picture = check_picture(data, limits)
        except (DamagedFile, TooLarge) as error:
            trouble = error
            continue
        if _is_icon(picture, reference.is_background):
            return [], [], len(reference.addresses) > 1 and address != reference.addresses[0]
        read = partial(resources.find, address)
        sheets, notices = picture_sheets(picture, read, reference.name, first_id, limits)
        return [replace(sheet, hidden=not reference.is_shown) for sheet in sheets], notices, False
    if trouble is None:
        return [], [], True
    reason = f"网页中的图片读不出来：{trouble.message}"
    unread = Sheet(f"image:{first_id}", PartKind.IMAGE, name=reference.name, unread=reason)
    return [unread], [], False


def _is_icon(picture: Picture, is_background: bool) -> bool:
    least = _SMALLEST_BACKGROUND_PX if is_background else SMALLEST_PX
    return picture.width_px < least and picture.height_px < least


def _reference(element: Element, is_shown: bool) -> Reference | None:
    if _is_declared_icon(element):
        return None
    addresses = [element.get(name) or "" for name in _ADDRESSES]
    addresses += [
        element.get("href") or "",
        element.get("{http://www.w3.org/1999/xlink}href") or "",
    ]
    addresses += [element.get("xlink:href") or ""]
    addresses += [value for name, value in element.items() if _PICTURE_ADDRESS.search(value)]
    for name in _SETS:
        addresses += _largest_first(element.get(name) or "")
    for source in _other_sources(element):
        addresses += _largest_first(source.get("srcset") or source.get("data-srcset") or "")
    usable = tuple(_usable(addresses))
    return Reference(usable, element.get("alt") or _short(usable), is_shown)


def _other_sources(element: Element) -> Iterator[Element]:
    """The <source> elements of the <picture> around; the parser may nest them into each other."""
    for picture in element.iterancestors("picture"):
        yield from picture.iter("source")


def _background(element: Element, styles: StyleSheet, is_shown: bool) -> Reference | None:
    own = styles.of(element)
    written = _CSS_URL.findall(own.get("background", "") + " " + own.get("background-image", ""))
    usable = tuple(_usable(written))
    return Reference(usable, _short(usable), is_shown, is_background=True)


def _usable(addresses: Iterator[str] | list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for address in (raw.strip() for raw in addresses):
        is_drawing = _SVG.search(address[:2000])
        if address and address not in seen and not is_drawing and not address.startswith("#"):
            seen.add(address)
            yield address


def _largest_first(srcset: str) -> list[str]:
    candidates = re.findall(r"(data:[^\s]+|[^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)[wx])?", srcset)
    ordered = sorted(candidates, key=lambda pair: -float(pair[1] or 1))
    return [address for address, _ in ordered]


def _is_declared_icon(element: Element) -> bool:
    sides = [re.match(r"(\d+)(?:px)?$", element.get(name) or "") for name in ("width", "height")]
    return all(side and int(side.group(1)) < SMALLEST_PX for side in sides)


def _short(addresses: tuple[str, ...]) -> str:
    if not addresses or addresses[0].startswith("data:"):
        return ""
    return addresses[0].split("?")[0].rsplit("/", 1)[-1][:80]
