"""The advertisement as the decision document shows it: small pictures with boxes, marked words.

Colours and widths are drawn into the pictures themselves: no style reaches into them on paper.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

from adscan.errors import DamagedFile
from adscan.records.ad import Pixels, Sheet
from adscan.records.part import Part
from adscan.report.ad_page import AdPage, PartView
from adscan.report.badges import Badge, Box
from adscan.report.marking import RANK, Run
from adscan.report.picture import Picture, Strip

ReadFile = Callable[[str], bytes]  # by SHA-256

MOST_CHARACTERS = 8_000  # of the words of all parts together: about eight pages
WIDEST_MM, HIGHEST_MM = 128.0, 190.0  # of a picture on paper
SHARPEST_PX = 1000  # its width; 200 dots an inch
JPEG_QUALITY = 80
COLOURS = {"high": "#a61b1b", "medium": "#8a4b00", "low": "#1d4f91", "mention": "#525c6a"}
DASHES = {"high": "", "medium": "9 4", "low": "2.5 3.5", "mention": ""}
LINE = 0.0028  # a frame's width by the picture's: 0.36 mm at full width


@dataclass(frozen=True)
class Frame:
    """A box around words."""

    points: str
    colour: str
    width: float
    dash: str
    told: str


@dataclass(frozen=True)
class Number:
    """The number beside a box."""

    label: str
    x: float
    y: float
    radius: float
    colour: str
    is_hollow: bool

    @property
    def font_size(self) -> float:
        """Two digits still fit."""
        return round(self.radius * (1.2 if len(self.label) < 3 else 0.9), 2)


@dataclass(frozen=True)
class Piece:
    """A full-width piece of a picture; lengths in its own units but for those in mm."""

    uri: str
    width: float
    top: float
    height: float
    width_mm: float
    height_mm: float
    frames: tuple[Frame, ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Words:
    """A run of text; `labels` stand before it."""

    text: str
    style: str  # one of RANK; empty: not marked
    labels: tuple[tuple[str, str], ...]  # number and style
    is_unsure: bool


@dataclass(frozen=True)
class PartShown:
    """A part of the advertisement."""

    name: str
    part: Part
    pieces: tuple[Piece, ...]
    unshown: str  # why there is no picture of a part that has one
    words: tuple[Words, ...]
    left_out: int  # characters that are not printed


@dataclass(frozen=True)
class Material:
    """The whole advertisement."""

    parts: tuple[PartShown, ...]

    @property
    def is_cut(self) -> bool:
        """Whether words were left out."""
        return any(part.left_out for part in self.parts)


def kept_sheet(part: Part, kept: Mapping[str, object] | None, read: ReadFile) -> Sheet:
    """The part's sheet with the picture that the worker kept, if there is one."""
    if kept is None:
        return Sheet(part.id, part.kind)
    try:
        image = Image.open(io.BytesIO(read(str(kept["sha256"]))))
    except (OSError, UnidentifiedImageError):
        return Sheet(part.id, part.kind, pixels=_lost)
    width = float(str(kept["width"]))
    return Sheet(
        part.id,
        part.kind,
        pixels=lambda: np.asarray(image.convert("RGB")),
        units_per_pixel=width / image.width,
    )


def _lost() -> Pixels:
    raise DamagedFile("保存的图片读不出来", hint="请联系管理员检查文件库")


def material_of(page: AdPage, styles: Mapping[str, str]) -> Material:
    """What to show; `styles` are those of findings by their key, mentions have none there."""
    room = MOST_CHARACTERS
    parts = []
    for view in page.parts:
        words, left_out = _words(view, styles, room)
        room -= len(view.part.text) - left_out
        parts.append(
            PartShown(
                view.name,
                view.part,
                tuple(_pieces(view.picture, styles)) if view.picture else (),
                view.unshown,
                words,
                left_out,
            )
        )
    return Material(tuple(parts))


def _words(view: PartView, styles: Mapping[str, str], room: int) -> tuple[tuple[Words, ...], int]:
    shown: list[Words] = []
    for run in view.runs:
        if room <= 0:
            break
        text = run.text[:room]
        room -= len(text)
        labels = tuple((m.label, styles.get(m.key, "mention")) for m in run.begins)
        shown.append(Words(text, _style(run, styles), labels, run.unsure))
    return tuple(shown), len(view.part.text) - sum(len(words.text) for words in shown)


def _style(run: Run, styles: Mapping[str, str]) -> str:
    """The gravest of what covers it and was not dismissed."""
    found = [styles.get(mark.key, "mention") for mark in run.marks]
    return min(found, key=RANK.index, default="")


def _pieces(picture: Picture, styles: Mapping[str, str]) -> Iterator[Piece]:
    for strip in picture.strips:
        scale = min(WIDEST_MM / picture.width, HIGHEST_MM / strip.height)
        yield Piece(
            uri=_as_jpeg(strip),
            width=picture.width,
            top=strip.top,
            height=strip.height,
            width_mm=round(picture.width * scale, 1),
            height_mm=round(strip.height * scale, 1),
            frames=tuple(_frame(box, styles, picture.width) for box in strip.boxes),
            numbers=tuple(_number(badge, styles) for badge in strip.badges),
        )


def _frame(box: Box, styles: Mapping[str, str], width: float) -> Frame:
    style = styles.get(box.key, "mention")
    line = width * LINE * (0.65 if box.fine else 1)
    dash = " ".join(f"{float(length) * line / 2:.2f}" for length in DASHES[style].split())
    points = " ".join(f"{x:g},{y:g}" for x, y in box.polygon)
    return Frame(points, COLOURS[style], round(line, 2), dash, box.told)


def _number(badge: Badge, styles: Mapping[str, str]) -> Number:
    style = styles.get(badge.box.key, "mention")
    return Number(
        badge.box.label, badge.x, badge.y, badge.radius, COLOURS[style], style == "mention"
    )


def _as_jpeg(strip: Strip) -> str:
    """Paper takes JPEG as it is; anything else would be stored many times as large."""
    _, _, encoded = strip.uri.partition(",")
    image = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB")
    if image.width > SHARPEST_PX:
        height = max(1, round(image.height * SHARPEST_PX / image.width))
        image = image.resize((SHARPEST_PX, height), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
