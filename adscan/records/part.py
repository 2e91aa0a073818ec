"""A sheet once read: its text, its lines and their places."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from adscan.records.text import Span

Polygon = tuple[tuple[float, float], ...]  # (x, y), clockwise from the top left


class PartKind(str, Enum):
    """The contract's kinds of part."""

    TEXT = "text"
    IMAGE = "image"
    PAGE = "page"


class LineKind(str, Enum):
    """How a line's words were got."""

    OWN = "own"  # the file's text layer
    OCR = "ocr"
    BARCODE = "barcode"  # QR codes and barcodes, decoded


@dataclass(frozen=True)
class Line:
    """One line of a part."""

    text: str
    span: Span  # in the part's text
    confidence: float  # 0 to 1; 1 for the file's own text
    polygon: Polygon = ()  # pixels of the original image or points of the page; empty if unknown
    kind: LineKind = LineKind.OWN
    unsure: bool = False  # below the confidence that counts as read
    vertical: bool = False  # characters run from top to bottom


class NoticeCode(str, Enum):
    """Facts about an input that a reader of the review must know."""

    HIDDEN_TEXT = "hidden_text"
    UNSURE_TEXT = "unsure_text"
    DISGUISED = "disguised"
    PICTURE_MISSING = "picture_missing"
    NO_TEXT = "no_text"
    NOT_READ = "not_read"
    PARTLY_READ = "partly_read"
    OTHER = "other"


@dataclass(frozen=True)
class Notice:
    """One fact, in a Chinese sentence. `unread` facts keep a review from passing."""

    code: NoticeCode
    message: str
    part_id: str | None = None
    unread: bool = False  # something could not be read: never a pass


@dataclass(frozen=True)
class Part:
    """One sheet's text as read. `unread` says why it could not be; then `text` is empty."""

    id: str
    kind: PartKind
    text: str
    lines: tuple[Line, ...] = ()
    page_number: int | None = None
    hidden: bool = False
    unread: str = ""
    notices: tuple[Notice, ...] = ()
