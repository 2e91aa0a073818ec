"""How one picture is read: look for text, look again where something is left, read each line."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from adscan.ocr.recogniser import SeenLine
from adscan.ocr.recognisers.barcodes import read_barcodes
from adscan.ocr.recognisers.line_pictures import is_tall, pieces_of, turned, upright_line
from adscan.ocr.recognisers.paddle_engine import PaddleEngine
from adscan.ocr.recognisers.scaling import first_scale, scaled
from adscan.ocr.recognisers.second_look import look_again
from adscan.ocr.recognisers.text_boxes import TextBox, find_boxes
from adscan.ocr.recognisers.tiling import text_map
from adscan.records.ad import Pixels

Words = tuple[str, float]  # and how sure

_POOR = 0.75  # a line read no better is tried upside down
_CERTAIN = 0.9  # a single character seen only with raised contrast must be read this surely
_BETTER = 0.05  # and turned if that reads surer by this much


def read_picture(image: Pixels, engine: PaddleEngine) -> list[SeenLine]:
    """Text lines and codes of an RGB picture, in no particular order."""
    picture: Pixels = np.ascontiguousarray(image[:, :, ::-1])
    cv2.setNumThreads(1)  # same sums in the same order, on any machine
    return _read(picture, _find(picture, engine), engine) + read_barcodes(image)


def _find(picture: Pixels, engine: PaddleEngine) -> list[TextBox]:
    """Where lines are."""
    size = picture.shape[0], picture.shape[1]
    scale = first_scale(*size)
    first = scaled(picture, scale)
    found = find_boxes(text_map(first, engine.text_map), scale, size)
    return look_again(picture, first, scale, found, engine.text_map)


def _read(picture: Pixels, boxes: Sequence[TextBox], engine: PaddleEngine) -> list[SeenLine]:
    """What the lines say; lines that read better upside down are turned."""
    pictures = [upright_line(picture, box) for box in boxes]
    words = _read_lines(pictures, engine)
    poor = [i for i, (_, sure) in enumerate(words) if sure < _POOR]
    flipped = _flip(poor, pictures, words, engine, _BETTER)
    if _letters(words, flipped) * 2 > _letters(words, range(len(words))):
        rest = [i for i in range(len(words)) if i not in flipped]
        flipped |= _flip(rest, pictures, words, engine, -_BETTER * 4)
    return [
        _line(box, words[i], i in flipped)
        for i, box in enumerate(boxes)
        if words[i][0].strip() and not _is_speck(box, words[i])
    ]


def _flip(
    which: Sequence[int],
    pictures: Sequence[Pixels],
    words: list[Words],
    engine: PaddleEngine,
    by: float,
) -> set[int]:
    """Those of the lines that read surer `by` so much upside down; `words` is brought up to date.

    In a picture that stands on its head the doubtful lines do so too: then `by` is negative.
    """
    again = _read_lines([turned(pictures[i], 2) for i in which], engine)
    better = {i: read for i, read in zip(which, again, strict=True) if read[1] > words[i][1] + by}
    for i, read in better.items():
        words[i] = read
    return set(better)


def _is_speck(box: TextBox, words: Words) -> bool:
    """Whether a blot that raised contrast brought out was taken for a letter: 1, _, ●, 一."""
    text, sure = words
    return box.faint and len(text.strip()) == 1 and (text < "一" or sure < _CERTAIN)


def _letters(words: Sequence[Words], which: Sequence[int] | set[int] | range) -> int:
    return sum(len(words[i][0]) for i in which)


def _read_lines(pictures: Sequence[Pixels], engine: PaddleEngine) -> list[Words]:
    """Words of each line; very long ones are read in pieces and joined."""
    pieces = [pieces_of(line) for line in pictures]
    read = iter(engine.read([piece for line in pieces for piece in line]))
    words = []
    for line in pieces:
        parts = [next(read) for _ in line]
        sure = sum(confidence for _, confidence in parts) / len(parts)
        words.append(("".join(text for text, _ in parts), sure))
    return words


def _line(box: TextBox, words: Words, flipped: bool) -> SeenLine:
    corners = np.roll(box.quad, 2, axis=0) if flipped else box.quad
    polygon = tuple((round(float(x), 1), round(float(y), 1)) for x, y in corners)
    return SeenLine(words[0].strip(), words[1], polygon, vertical=is_tall(box))
