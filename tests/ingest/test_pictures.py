"""Pictures as a viewer shows them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from adscan.errors import DamagedFile, TooLarge

WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (220, 20, 20)


def slogan(size=(200, 80), ground=WHITE, at=20):
    image = Image.new("RGB", size, ground)
    ImageDraw.Draw(image).rectangle((at, 20, at + 60, 40), fill=BLACK)
    return image


def animated(frames, make_image, format="GIF", **options):
    return make_image(frames[0], format, save_all=True, append_images=frames[1:], **options)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_ordinary_pictures_give_their_pixels(format, read, make_image):
    ad = read(make_image(slogan(), format))
    pixels = ad.sheets[0].pixels()
    assert pixels.shape == (80, 200, 3)
    assert pixels[5, 5].min() > 240
    assert pixels[30, 40].max() < 15


def test_a_picture_is_turned_as_its_exif_says(read, make_image):
    exif = Image.Exif()
    exif[0x0112] = 6
    ad = read(make_image(slogan(), "JPEG", exif=exif))
    assert ad.sheets[0].pixels().shape == (200, 80, 3)


def test_dark_words_on_nothing_are_laid_on_white(read, make_image):
    image = Image.new("RGBA", (100, 50), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((20, 20, 60, 30), fill=(30, 30, 30, 255))
    pixels = read(make_image(image, "PNG")).sheets[0].pixels()
    assert tuple(pixels[0, 0]) == WHITE
    assert tuple(pixels[25, 40]) == (30, 30, 30)


def test_white_words_on_nothing_are_laid_on_black(read, make_image):
    image = Image.new("RGBA", (100, 50), (255, 255, 255, 0))
    ImageDraw.Draw(image).rectangle((20, 20, 60, 30), fill=(255, 255, 255, 255))
    pixels = read(make_image(image, "PNG")).sheets[0].pixels()
    assert tuple(pixels[0, 0]) == BLACK
    assert tuple(pixels[25, 40]) == WHITE


def test_a_palette_with_a_transparent_colour_is_flattened(read, make_image):
    image = slogan(ground=RED).quantize(4)
    transparent = image.getpixel((0, 0))
    pixels = read(make_image(image, "PNG", transparency=transparent)).sheets[0].pixels()
    assert tuple(pixels[0, 0]) == WHITE


def test_one_bit_pictures_are_black_and_white(read, make_image):
    pixels = read(make_image(slogan().convert("1"), "TIFF")).sheets[0].pixels()
    assert {int(value) for value in np.unique(pixels)} == {0, 255}


def test_sixteen_bit_greys_keep_their_range(read, make_image):
    values = np.full((60, 90), 65535, dtype=np.uint16)
    values[20:40, 20:60] = 20000
    pixels = read(make_image(Image.fromarray(values), "PNG")).sheets[0].pixels()
    assert pixels[0, 0].min() == 255
    assert abs(int(pixels[30, 30, 0]) - 77) <= 2


def test_cmyk_becomes_rgb(read, make_image):
    pixels = read(make_image(slogan().convert("CMYK"), "JPEG", quality=95)).sheets[0].pixels()
    assert pixels[5, 5].min() > 235
    assert pixels[30, 40].max() < 30


def test_a_broken_colour_profile_does_not_matter(read, make_image):
    data = make_image(slogan().convert("CMYK"), "JPEG", icc_profile=b"no profile" * 20)
    assert read(data).sheets[0].pixels().shape == (80, 200, 3)


def test_a_colour_profile_of_another_space_does_not_matter(read, make_image):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = make_image(slogan().convert("CMYK"), "JPEG", icc_profile=profile)
    assert read(data).sheets[0].pixels().shape == (80, 200, 3)


def test_every_page_of_a_tiff_is_a_sheet(read, make_image):
    data = animated([slogan(), slogan(), slogan(ground=RED)], make_image, "TIFF")
    ad = read(data)
    assert [sheet.id for sheet in ad.sheets] == ["image:0", "image:1", "image:2"]
    assert "第 3 页" in ad.sheets[2].name


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP"])
def test_a_slogan_after_seventy_blank_frames_is_found(format, read, make_image):
    blank = [Image.new("RGB", (200, 80), (255, 255, 255 - (i % 2))) for i in range(70)]
    data = animated([*blank, slogan()], make_image, format, duration=40)
    ad = read(data)
    assert len(ad.sheets) == 1
    assert ad.sheets[0].pixels()[30, 40].max() < 40


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_a_looping_animation_gives_each_scene_once(format, read, make_image):
    scenes = [slogan(at=20), slogan(at=120)] * 4
    data = animated(scenes, make_image, format, duration=40)
    assert len(read(data).sheets) == 2


def test_the_end_of_a_fade_is_kept(read, make_image):
    frames = []
    for step in range(11):
        image = Image.new("RGB", (200, 80), WHITE)
        grey = 255 - 25 * step
        ImageDraw.Draw(image).rectangle((20, 20, 80, 40), fill=(grey, grey, grey))
        frames.append(image)
    ad = read(animated(frames, make_image, duration=40))
    assert ad.sheets[-1].pixels()[30, 40].max() < 20


def test_gif_frames_are_composed_onto_each_other(read, make_image):
    first = slogan(at=20)
    both = first.copy()
    ImageDraw.Draw(both).rectangle((120, 20, 180, 40), fill=BLACK)
    ad = read(animated([first, both], make_image, duration=40, disposal=1))
    last = ad.sheets[-1].pixels()
    assert last[30, 40].max() < 15
    assert last[30, 150].max() < 15


def test_frames_beyond_the_limit_are_a_fact(read, make_image):
    frames = [slogan(at=10 * i) for i in range(6)]
    ad = read(animated(frames, make_image, duration=40), max_frames=3)
    assert ad.notices[0].unread
    assert "ADSCAN_LIMITS__MAX_FRAMES" in ad.notices[0].message


def test_a_truncated_jpeg_is_damaged(read, make_image):
    data = make_image(slogan((800, 600)), "JPEG")
    with pytest.raises(DamagedFile, match="图片已损坏或不完整"):
        read(data[: len(data) // 2])


def test_an_absurd_size_is_refused_before_decoding(read):
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 1_000_000, 1_000_000, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(TooLarge, match="ADSCAN_LIMITS__MAX_IMAGE_PIXELS"):
        read(data)


def test_nothing_decoded_is_held_and_pixels_can_be_asked_again(read, make_image):
    sheet = read(make_image(slogan(), "PNG")).sheets[0]
    first, second = sheet.pixels(), sheet.pixels()
    assert first is not second
    assert (first == second).all()


def test_a_phone_picture_with_a_second_one_inside_is_one_sheet(read, make_image):
    stream = BytesIO()
    slogan().save(stream, "MPO", save_all=True, append_images=[slogan(ground=RED)])
    assert len(read(stream.getvalue()).sheets) == 1


def test_an_animation_of_huge_frames_is_cut_short_aloud(read, make_image):
    frames = [slogan(at=10 * i) for i in range(12)]
    ad = read(animated(frames, make_image, duration=40), max_image_pixels=200 * 80)
    assert "只看了前 5 帧" in ad.notices[0].message


def test_a_frame_larger_than_the_first_is_checked_too(read, make_image):
    data = bytearray(animated([slogan(), slogan(ground=RED)], make_image, duration=40))
    second = data.rindex(b"\x21\xf9\x04") + 8
    assert data[second] == 0x2C
    data[second + 5 : second + 9] = b"\xff\xff\xff\xff"  # 65535 x 65535
    with pytest.raises(TooLarge, match="MAX_IMAGE_PIXELS"):
        read(bytes(data))
