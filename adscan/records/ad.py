"""The advertisement as it came in: where from, for whom, and its sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from adscan.records.part import Line, Notice, PartKind
from adscan.records.text import Span

Pixels = NDArray[np.uint8]  # RGB, shape (height_px, width_px, 3)
Colour = tuple[float, float, float]  # sRGB, each 0 to 1


@dataclass(frozen=True)
class Placement:
    """Who published, when and where, as the caller says."""

    published: date
    advertiser: str | None = None
    medium: str | None = None


@dataclass(frozen=True)
class Source:
    """One input, not yet read."""

    name: str  # as shown to the user: path, archive.zip!/member, <text>, <stdin>
    read: Callable[[], bytes]  # raises InputError
    beside: Callable[[str], bytes | None]  # a file named relative to this one; None if not there


class AdKind(str, Enum):
    """What sort of file the advertisement came as."""

    TEXT = "text"
    IMAGE = "image"
    WEB_PAGE = "web_page"
    PDF = "pdf"
    WORD = "word"
    MIXED = "mixed"  # files of several kinds


@dataclass(frozen=True)
class PrintRun:
    """A stretch of a sheet's own text whose letters look alike, as the file's style says."""

    span: Span
    height_px: float  # of the characters
    letters: Colour | None  # None: a picture or something unread decides it
    ground: Colour | None


@dataclass(frozen=True)
class Sheet:
    """One readable surface: a text, a picture, or a page with text and pixels.

    A sheet with `text` has its own words (and `lines` if it knows where they stand); `pixels` is
    called when the picture is needed and may be called again. `read_pixels` says whether the
    picture must go through OCR: always for images, for pages only where pictures carry text.
    """

    id: str  # text:0, image:0, page:0; counted from 0 within each kind
    kind: PartKind
    text: str | None = None
    lines: tuple[Line, ...] = ()
    print_runs: tuple[PrintRun, ...] = ()  # how its own text looks, where the file says it
    pixels: Callable[[], Pixels] | None = None  # raises InputError
    read_pixels: bool = False
    units_per_pixel: float = 1.0  # polygon units per pixel: 1 for images, points/pixel for pages
    page_number: int | None = None  # from 1, PDF only
    name: str = ""  # the picture's own file name, alt text and the like
    hidden: bool = False  # words that a style keeps from the reader
    unread: str = ""  # why this sheet cannot be read at all; empty if it can


@dataclass(frozen=True)
class Ad:
    """One advertisement, read into sheets."""

    id: str
    source: str
    sha256: str
    kind: AdKind
    placement: Placement
    sheets: tuple[Sheet, ...]
    title: str | None = None
    account: str | None = None  # the publishing account named in the page
    page_date: date | None = None  # the day the page itself states
    notices: tuple[Notice, ...] = ()
