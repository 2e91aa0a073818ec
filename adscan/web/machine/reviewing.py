"""A worker's reading: from uploaded files to the contract's review and pictures to show."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image

from adscan.errors import DamagedFile, InputError
from adscan.ingest.sources import Refused
from adscan.pipeline import Reviewer
from adscan.records.ad import Pixels, Placement, Sheet, Source
from adscan.records.review import Case
from adscan.report.document import as_document
from adscan.web.store.files import FileStore

Tell = Callable[[str, int, int], None]  # stage in Chinese, sheets done, sheets in all

MAX_WIDTH_PX = 1600  # small print stays readable when zoomed
MAX_HEIGHT_PX = 16_000  # WebP knows no more than 16 383
WEBP_QUALITY = 82


@dataclass(frozen=True)
class Reading:
    """What a worker found out."""

    review: dict[str, Any]  # the contract's
    pictures: dict[str, Any]  # by part id: sha256, width, height (part units), units_per_pixel


def read_and_judge(
    reviewer: Reviewer,
    items: Sequence[Source | Refused],
    placement: Placement,
    store: FileStore,
    tell: Tell,
) -> Reading:
    """The review of one ad. What cannot be read is in it; only trouble of ours is raised."""
    reviewer.checked_at = datetime.now().astimezone()
    sources = [_source(item) for item in items]
    try:
        if not sources:
            raise DamagedFile("压缩包里没有可审查的文件", hint="请检查压缩包的内容")
        transcript = reviewer.read(
            sources, placement, tell=lambda done, total: tell("正在识别文字", done, total)
        )
        count = len(transcript.ad.sheets)
        tell("正在判断", count, count)
        case = reviewer.judge(transcript)
    except InputError as error:
        name = sources[0].name if sources else "送审材料"
        case = reviewer.refuse(name, placement, error)
    tell("正在保存", 1, 1)
    return Reading(as_document(case.review), dict(_pictures(case, store)))


def _source(item: Source | Refused) -> Source:
    """What could not be opened is read as a fault, so that the others go on."""
    if isinstance(item, Source):
        return item
    error = item.error

    def fail() -> bytes:
        raise error

    return Source(item.name, fail, lambda _: None)


def _pictures(case: Case, store: FileStore) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for sheet in case.ad.sheets if case.ad else ():
        picture = _picture(sheet, store)
        if picture:
            found.append((sheet.id, picture))
    return found


def _picture(sheet: Sheet, store: FileStore) -> dict[str, Any] | None:
    """Kept as a picture of our own making: what was uploaded is never sent to a browser as is."""
    if sheet.pixels is None:
        return None
    try:
        pixels = sheet.pixels()
    except InputError:
        return None  # the review says that it could not be read
    height_px, width_px = pixels.shape[:2]
    return {
        "sha256": store.put(encoded(pixels)),
        "width": width_px * sheet.units_per_pixel,
        "height": height_px * sheet.units_per_pixel,
        "units_per_pixel": sheet.units_per_pixel,
    }


def encoded(pixels: Pixels) -> bytes:
    """WebP, shrunk to what a page shows."""
    image = Image.fromarray(pixels)
    scale = min(1.0, MAX_WIDTH_PX / image.width, MAX_HEIGHT_PX / image.height)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=WEBP_QUALITY, method=4)
    return buffer.getvalue()
