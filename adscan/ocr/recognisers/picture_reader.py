"""How one picture is read: look for text, look again where something is left, read each line."""

from __future__ import annotations

import cv2
import numpy as np

from adscan.ocr.recogniser import SeenLine
from adscan.ocr.recognisers.barcodes import read_barcodes
from adscan.ocr.recognisers.line_pictures import cut_line, is_tall, turned
from adscan.ocr.recognisers.paddle_engine import PaddleEngine
from adscan.ocr.recognisers.scaling import first_scale, scaled
from adscan.ocr.recognisers.text_boxes import TextBox, find_boxes
from adscan.ocr.recognisers.tiling import text_map
from adscan.records.ad import Pixels


def read_picture(image: Pixels, engine: PaddleEngine) -> list[SeenLine]:
    """Text lines and codes of an RGB picture, in no particular order."""
    picture: Pixels = np.ascontiguousarray(image[:, :, ::-1])
    cv2.setNumThreads(1)
    boxes = _find(picture, engine)
    return _read(picture, boxes, engine) + read_barcodes(image)


def _find(picture: Pixels, engine: PaddleEngine) -> list[TextBox]:
    height, width = picture.shape[:2]
    scale = first_scale(height, width)
    found = text_map(scaled(picture, scale), engine.text_map)
    return find_boxes(found, scale, (height, width))


def _read(picture: Pixels, boxes: list[TextBox], engine: PaddleEngine) -> list[SeenLine]:
    cuts = [cut_line(picture, box.quad) for box in boxes]
    upright = [
        turned(cut, 1) if is_tall(box) else cut for cut, box in zip(cuts, boxes, strict=True)
    ]
    lines = []
    for box, (text, confidence) in zip(boxes, engine.read(upright), strict=True):
        if text.strip():
            polygon = tuple((float(x), float(y)) for x, y in box.quad)
            lines.append(SeenLine(text.strip(), confidence, polygon, vertical=is_tall(box)))
    return lines
