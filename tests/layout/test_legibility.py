"""Height and contrast of lines, from pixels of known colour."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from adscan.layout.legibility import MeasuredLooks, NormalLooks, contrast_of
from adscan.records.ad import PrintRun, Sheet
from adscan.records.part import Line, Part, PartKind
from adscan.records.text import NormalText, OffsetMap, Span


def bars(ink, ground, size=(200, 30)):
    """A picture with upright bars, as letters fill a line."""
    picture = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(picture)
    for x in range(4, size[0] - 4, 16):
        draw.rectangle((x, 4, x + 3, size[1] - 5), fill=ink)
    return np.asarray(picture)


@pytest.mark.parametrize(
    ("ink", "ground", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#767676", "#ffffff", 4.54),  # the well-known limit of AA
        ("#eeeeee", "#ffffff", 1.16),
    ],
)
def test_contrast_is_that_of_wcag(ink, ground, ratio):
    assert contrast_of(bars(ink, ground)) == pytest.approx(ratio, abs=0.02)


def test_a_plain_ground_has_no_contrast():
    assert contrast_of(np.full((20, 100, 3), 200, np.uint8)) == 1.0


def looks_of(line, pixels=None, units_per_pixel=1.0):
    sheet = Sheet("image:0", PartKind.IMAGE, pixels=pixels, units_per_pixel=units_per_pixel)
    part = Part("image:0", PartKind.IMAGE, line.text, (line,))
    text = NormalText("image:0", line.text, OffsetMap.identity(len(line.text)))
    return NormalLooks(MeasuredLooks.of([sheet], [part]), {text.part_id: text}).at(
        "image:0", Span(0, 2)
    )


def test_a_line_is_measured_in_the_pixels_of_its_polygon():
    picture = np.full((100, 300, 3), 255, np.uint8)
    picture[40:70, 20:220] = bars("#000000", "#ffffff")
    line = Line("保本", Span(0, 2), 0.9, ((20, 40), (220, 40), (220, 70), (20, 70)))
    (look,) = looks_of(line, lambda: picture)
    assert (look.height, look.measure_contrast()) == (30, 21.0)


def test_a_page_is_measured_in_points():
    picture = np.full((200, 600, 3), 255, np.uint8)
    picture[80:140, 40:440] = bars("#000000", "#ffffff", (400, 60))
    line = Line("保本", Span(0, 2), 1.0, ((20, 40), (220, 40), (220, 70), (20, 70)))
    (look,) = looks_of(line, lambda: picture, units_per_pixel=0.5)
    assert (look.height, look.measure_contrast()) == (30, 21.0)


def look_of_print(letters, ground):
    run = PrintRun(Span(0, 2), 12.0, letters, ground)
    sheet = Sheet("text:0", PartKind.TEXT, text="保本", print_runs=(run,))
    part = Part("text:0", PartKind.TEXT, "保本")
    text = NormalText("text:0", "保本", OffsetMap.identity(2))
    return NormalLooks(MeasuredLooks.of([sheet], [part]), {text.part_id: text}).at(
        "text:0", Span(0, 1)
    )


def test_words_whose_style_is_known_need_no_pixels():
    (look,) = look_of_print((0x76 / 255,) * 3, (1.0, 1.0, 1.0))
    assert look.height == 12.0
    assert look.measure_contrast() == pytest.approx(4.54, abs=0.01)


def test_words_over_a_picture_have_no_look():
    assert look_of_print((0.0, 0.0, 0.0), None) == []


def test_a_line_without_place_has_no_look():
    assert looks_of(Line("保本", Span(0, 2), 1.0)) == []


def test_a_height_costs_no_pixels():
    def decode():
        raise AssertionError("no pixels were asked for")

    line = Line("保本", Span(0, 2), 0.9, ((20, 40), (220, 40), (220, 70), (20, 70)))
    (look,) = looks_of(line, decode)
    assert look.height == 30
