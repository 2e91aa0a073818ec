from __future__ import annotations

import sys
from collections.abc import Sequence
from subprocess import run

import numpy as np
import pytest

from adscan.errors import DamagedFile
from adscan.ocr.recogniser import SeenLine
from adscan.ocr.recognisers.replay import ReplayRecogniser, pixels_sha256
from adscan.ocr.transcribe import NO_OCR, transcribe
from adscan.records.ad import Pixels, Sheet
from adscan.records.part import Line, LineKind, NoticeCode, Part, PartKind, Polygon
from adscan.records.text import Span


def pixels() -> Pixels:
    image = np.full((100, 200, 3), 255, np.uint8)
    image[20:40, 20:120] = 0
    return image


def box(left: float, top: float, width: float, height: float) -> Polygon:
    right, bottom = left + width, top + height
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def seen(text: str, top: float = 0, confidence: float = 0.99) -> SeenLine:
    return SeenLine(text, confidence, box(10, top, 100, 20))


def recogniser(lines: Sequence[SeenLine]) -> ReplayRecogniser:
    return ReplayRecogniser({pixels_sha256(pixels()): lines})


def picture() -> Sheet:
    return Sheet("image:0", PartKind.IMAGE, pixels=pixels, read_pixels=True, name="海报.png")


def read(*lines: SeenLine) -> Part:
    return transcribe(picture(), recogniser(lines), 0.6)


def page(text: str, lines: Sequence[Line]) -> Sheet:
    return Sheet(
        "page:0",
        PartKind.PAGE,
        text=text,
        lines=tuple(lines),
        pixels=pixels,
        read_pixels=True,
        units_per_pixel=0.5,
        page_number=1,
    )


def own(text: str, polygon: Polygon) -> Line:
    return Line(text, Span(0, len(text)), 1.0, polygon)


def test_lines_are_joined_in_reading_order_and_spans_lead_to_them() -> None:
    part = read(seen("投资有风险", top=50), seen("保本保息", top=10))
    assert part.text == "保本保息\n投资有风险"
    assert [line.span.of(part.text) for line in part.lines] == ["保本保息", "投资有风险"]


def test_unsure_lines_are_kept_and_marked() -> None:
    part = read(seen("保本保息宣传", top=10), seen("模糊", top=50, confidence=0.4))
    assert [(line.text, line.unsure) for line in part.lines] == [
        ("保本保息宣传", False),
        ("模糊", True),
    ]
    assert [n.code for n in part.notices] == [NoticeCode.UNSURE_TEXT]
    assert not part.notices[0].unread


def test_a_picture_read_mostly_unsurely_counts_as_unread() -> None:
    part = read(seen("看得清", top=10), seen("看不清的一长行小字", top=50, confidence=0.3))
    assert part.notices[0].unread


def test_a_picture_in_which_nothing_was_read_is_not_clean() -> None:
    part = read()
    assert [(n.code, n.unread) for n in part.notices] == [(NoticeCode.NO_TEXT, True)]


@pytest.mark.parametrize("size", [(300, 300), (1, 1)])
def test_a_blank_picture_is_told_apart_from_an_unread_one(size: tuple[int, int]) -> None:
    sheet = Sheet(
        "image:0",
        PartKind.IMAGE,
        pixels=lambda: np.full((*size, 3), 200, np.uint8),
        read_pixels=True,
    )
    part = transcribe(sheet, recogniser([]), 0.6)
    assert [(n.code, n.unread) for n in part.notices] == [(NoticeCode.NO_TEXT, False)]


def test_pale_strokes_are_not_blank() -> None:
    image = np.full((100, 100, 3), 255, np.uint8)
    image[40:50, 20:80] = 245
    sheet = Sheet("image:0", PartKind.IMAGE, pixels=lambda: image, read_pixels=True)
    assert transcribe(sheet, recogniser([]), 0.6).notices[0].unread


def test_without_ocr_a_picture_is_unread_and_says_so() -> None:
    assert transcribe(picture(), None, 0.6).unread == NO_OCR


def test_without_ocr_a_page_keeps_its_text_and_says_what_was_not_read() -> None:
    part = transcribe(page("正文", []), None, 0.6)
    assert part.text == "正文"
    assert [(n.code, n.unread) for n in part.notices] == [(NoticeCode.NOT_READ, True)]


def test_an_unread_sheet_stays_unread() -> None:
    sheet = Sheet("image:0", PartKind.IMAGE, unread="文件不完整")
    assert transcribe(sheet, recogniser([]), 0.6).unread == "文件不完整"


def test_pixels_that_cannot_be_loaded_make_the_part_unread() -> None:
    def broken() -> Pixels:
        raise DamagedFile("图片数据不完整", hint="请重新下载")

    sheet = Sheet("image:0", PartKind.IMAGE, pixels=broken, read_pixels=True)
    assert transcribe(sheet, recogniser([]), 0.6).unread == "图片数据不完整；请重新下载"


def test_own_text_without_pictures_is_passed_on_untouched() -> None:
    sheet = Sheet("text:0", PartKind.TEXT, text="保本\n保息", hidden=True)
    part = transcribe(sheet, None, 0.6)
    assert (part.text, part.hidden, part.notices) == ("保本\n保息", True, ())


def test_lines_that_repeat_the_text_layer_are_dropped() -> None:
    sheet = page("理财非存款", [own("理财非存款", box(5, 5, 50, 10))])
    part = transcribe(sheet, recogniser([seen("理财非存敦", top=10)]), 0.6)
    assert part.text == "理财非存款"


def test_the_same_words_in_another_place_are_kept() -> None:
    sheet = page("理财非存款", [own("理财非存款", box(5, 40, 50, 10))])
    part = transcribe(sheet, recogniser([seen("理财非存款", top=10)]), 0.6)
    assert part.text == "理财非存款\n理财非存款"


def test_other_words_in_the_same_place_are_kept() -> None:
    sheet = page("理财非存款", [own("理财非存款", box(5, 5, 50, 10))])
    part = transcribe(sheet, recogniser([seen("稳赚不赔", top=10)]), 0.6)
    assert part.text == "理财非存款\n稳赚不赔"


def test_polygons_of_a_page_are_in_points() -> None:
    part = transcribe(page("", []), recogniser([seen("稳赚不赔", top=10)]), 0.6)
    assert part.lines[0].polygon == box(5, 5, 50, 10)


def test_own_lines_keep_their_spans_when_words_of_pictures_are_added() -> None:
    sheet = page("理财非存款", [own("理财非存款", box(5, 40, 50, 10))])
    part = transcribe(sheet, recogniser([seen("稳赚不赔", top=10)]), 0.6)
    assert [line.span.of(part.text) for line in part.lines] == ["理财非存款", "稳赚不赔"]
    assert [line.kind for line in part.lines] == [LineKind.OWN, LineKind.OCR]


def test_transcribing_text_imports_nothing_heavy() -> None:
    code = (
        "import sys, adscan.ocr.transcribe, adscan.ocr.recognisers; "
        "sys.exit(bool({'cv2', 'paddleocr', 'paddlex', 'onnxruntime'} & set(sys.modules)))"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0
