"""Pictures: checked, split into distinct frames, and decoded to RGB as a viewer shows them.

Pillow's corner. Pixels and therefore polygons refer to the picture as shown, that is after the
EXIF rotation has been applied.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from adscan.errors import DamagedFile, InputError, TooLarge
from adscan.ingest import bounds
from adscan.ingest.frames import DistinctFrames
from adscan.records.ad import Pixels, Sheet
from adscan.records.part import Notice, NoticeCode, PartKind
from adscan.settings import Limits

Image.MAX_IMAGE_PIXELS = None  # ours is checked first, and is a setting
Image.init()
_FORMATS: list[str] = [
    str(name)
    for name in ("JPEG", "PNG", "WEBP", "BMP", "DIB", "TIFF", "GIF", "AVIF", "MPO")
    if name in Image.OPEN
]
_EXIF_ORIENTATION = 0x0112
_ANIMATED = ("GIF", "PNG", "WEBP", "AVIF")
_MOST_ANIMATION = 5  # all frames together, in pictures of the largest size
_NEARLY_WHITE = 225  # of 255; lighter letters vanish on white paper
_WHITE_SHARE = 0.6  # of the opaque pixels


@dataclass(frozen=True)
class Picture:
    """A checked picture: its size as shown and the frames worth reading."""

    width_px: int
    height_px: int
    frames: tuple[int, ...]  # indexes from 0
    frame_count: int
    is_pages: bool = False  # pages of a TIFF, not frames in time
    unseen_frames: int = 0  # beyond the limit, not looked at


def check_picture(data: bytes, limits: Limits) -> Picture:
    """Decode it once to be sure it can be read. Raises DamagedFile, TooLarge (before decoding)."""
    with _opened(data) as image:
        _check_size(image, limits)
        count = getattr(image, "n_frames", 1) if image.format in (*_ANIMATED, "TIFF") else 1
        if image.format == "TIFF":
            bounds.check("图片", count, "页", limits, "max_pages")
            for index in range(count):
                image.seek(index)
                _check_size(image, limits)
                image.load()
            frames, seen = tuple(range(count)), count
        elif count > 1:
            work = _MOST_ANIMATION * limits.max_image_pixels // (image.width * image.height)
            seen = max(1, min(count, limits.max_frames, work))
            frames = _distinct(image, seen, limits)
        else:
            image.load()
            frames, seen = (0,), 1
        image.seek(frames[0])
        width_px, height_px = image.size[::-1] if _lies_on_its_side(image) else image.size
        return Picture(
            width_px, height_px, frames, count, image.format == "TIFF", unseen_frames=count - seen
        )


def decode_picture(read: Callable[[], bytes | None], frame: int, limits: Limits) -> Pixels:
    """RGB pixels of one frame as shown. Raises InputError."""
    data = read()
    if data is None:
        raise DamagedFile("图片在检查过程中被移走", hint="请放回后重新检查")
    with _opened(data) as image:
        image.seek(frame)
        _check_size(image, limits)
        image.load()
        return np.array(_as_shown(image), dtype=np.uint8)


def picture_sheets(
    picture: Picture,
    read: Callable[[], bytes | None],
    name: str,
    first_id: int,
    limits: Limits,
) -> tuple[list[Sheet], list[Notice]]:
    """One sheet a frame, numbered from `first_id`; a notice if frames were not looked at."""
    sheets = [
        Sheet(
            f"image:{first_id + position}",
            PartKind.IMAGE,
            pixels=partial(decode_picture, read, frame, limits),
            read_pixels=True,
            name=_frame_name(name, picture, frame),
        )
        for position, frame in enumerate(picture.frames)
    ]
    if not picture.unseen_frames:
        return sheets, []
    seen = picture.frame_count - picture.unseen_frames
    message = (
        f"动图共 {picture.frame_count} 帧，只看了前 {seen} 帧；请人工查看其余画面，"
        "或调大设置 ADSCAN_LIMITS__MAX_FRAMES 和 ADSCAN_LIMITS__MAX_IMAGE_PIXELS"
    )
    return sheets, [Notice(NoticeCode.PARTLY_READ, message, sheets[0].id, unread=True)]


def _frame_name(name: str, picture: Picture, frame: int) -> str:
    if picture.frame_count == 1:
        return name
    unit = "页" if picture.is_pages else "帧"
    return f"{name} 第 {frame + 1} {unit}".strip()


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The picture, with whatever a decoder raises on broken bytes turned into DamagedFile."""
    try:
        # what Pillow warns of (odd metadata) does not touch the pixels
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                yield image
    except InputError:
        raise
    except MemoryError as error:
        raise TooLarge("图片太大，内存不够", hint="请缩小图片后再检查") from error
    except Exception as error:  # decoders raise nearly anything on broken bytes
        raise DamagedFile(
            "图片已损坏或不完整，无法解码", hint="请重新下载或重新导出图片"
        ) from error


def _check_size(image: Image.Image, limits: Limits) -> None:
    bounds.check("图片", image.width * image.height, "像素", limits, "max_image_pixels")


def _distinct(image: Image.Image, count: int, limits: Limits) -> tuple[int, ...]:
    distinct = DistinctFrames()
    for index in range(count):
        image.seek(index)
        _check_size(image, limits)  # a GIF frame may be larger than the first
        distinct.look(index, _as_shown(image), is_last=index == count - 1)
    return distinct.kept()


def _as_shown(image: Image.Image) -> Image.Image:
    """RGB, upright, on the paper that shows its letters."""
    upright = ImageOps.exif_transpose(image) if _orientation(image) != 1 else image
    if upright.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in upright.info:
        return _on_paper(upright.convert("RGBA"))
    if upright.mode.startswith("I") or upright.mode == "F":
        return _to_eight_bits(upright)
    if upright.mode == "CMYK":
        return _from_cmyk(upright)
    if upright.mode == "LAB":
        return _between(upright, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    return upright if upright.mode == "RGB" else upright.convert("RGB")


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 if it stands as stored."""
    return int(image.getexif().get(_EXIF_ORIENTATION, 1))


def _lies_on_its_side(image: Image.Image) -> bool:
    return _orientation(image) in (5, 6, 7, 8)


def _on_paper(image: Image.Image) -> Image.Image:
    """White paper; black where what is opaque is nearly white."""
    pixels = np.asarray(image)
    opaque = pixels[..., 3] > 127
    brightness = pixels[..., :3].min(axis=-1)
    is_white = opaque.any() and (brightness[opaque] > _NEARLY_WHITE).mean() > _WHITE_SHARE
    if opaque.all() and pixels[..., 3].min() == 255:
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, (0, 0, 0, 255) if is_white else (255, 255, 255, 255))
    paper.alpha_composite(image)
    return paper.convert("RGB")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """16-bit, 32-bit and floating-point greys, scaled to what they use."""
    values: NDArray[np.float64] = np.nan_to_num(np.asarray(image, dtype=np.float64))
    if image.mode.startswith("I;16"):
        low, high = 0.0, 65535.0 if values.max() > 4095 else max(1.0, float(values.max()))
    else:
        low, high = float(values.min()), float(values.max())
    scaled = (values - low) / max(high - low, 1e-9) * 255
    return Image.fromarray(scaled.clip(0, 255).astype(np.uint8)).convert("RGB")


def _from_cmyk(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile:
        try:
            return _between(image, ImageCms.ImageCmsProfile(BytesIO(profile)))
        except (ImageCms.PyCMSError, OSError):
            return image.convert("RGB")  # a broken profile: colours a little off
    return image.convert("RGB")


def _between(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    shown = ImageCms.profileToProfile(
        image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    if shown is None:
        raise DamagedFile("图片的颜色信息无法转换", hint="请另存为 RGB 图片")
    return shown
