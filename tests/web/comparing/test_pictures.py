"""Posters that were published as they are, and posters that were changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adscan.web.comparing.compare import compare
from adscan.web.comparing.pictures import Sameness, compare_pictures
from adscan.web.comparing.sides import Side
from tests.web.comparing import posters

pytestmark = pytest.mark.skipif(not Path(posters.BOLD).exists(), reason="no Chinese font here")

ROUGH = {
    "jpeg 60": lambda p: posters.as_jpeg(p, 60),
    "half size": lambda p: posters.as_jpeg(posters.scaled(p, 0.5), 80),
    "larger": lambda p: posters.as_jpeg(posters.scaled(p, 1.5), 70),
    "trimmed": lambda p: posters.as_jpeg(posters.cropped(p, 3, 2, 0, 5), 80),
}


@pytest.fixture(scope="module")
def original():
    return posters.poster()


@pytest.mark.parametrize("journey", ROUGH)
def test_encoding_scaling_and_trimming_leave_it_the_same(original, journey):
    assert compare_pictures(original, ROUGH[journey](original)).sameness is Sameness.SAME


@pytest.mark.parametrize("journey", ROUGH)
@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"rate": "预期年化 4.8%"}, (100, 500, 760, 640)),
        ({"warning": ""}, (90, 1260, 800, 1310)),
        ({"logo": True}, (800, 40, 960, 200)),
    ],
)
def test_a_change_is_boxed_where_it_is(original, journey, change, place):
    found = compare_pictures(original, ROUGH[journey](posters.poster(**change)))
    assert found.sameness is Sameness.CHANGED
    for difference in found.differences:
        left, top, right, bottom = difference.before
        assert place[0] <= left < right <= place[2]
        assert place[1] <= top < bottom <= place[3]


def test_boxes_are_told_in_either_pictures_pixels(original):
    half = posters.scaled(posters.poster(logo=True), 0.5)
    (found,) = compare_pictures(original, half).differences
    assert np.allclose(np.array(found.after) * 2, found.before, atol=2)


def test_a_warning_cut_off_the_bottom_is_a_change(original):
    cut = posters.cropped(original, 0, 0, 0, 100)
    found = compare_pictures(original, cut)
    assert any(d.after is None and d.before[1] > 1240 for d in found.differences)


def test_another_picture_is_different(original):
    other = np.rot90(posters.poster(seed=9), 2).copy()
    assert compare_pictures(original, other).sameness is Sameness.DIFFERENT


def test_an_empty_picture_is_not_the_poster(original):
    found = compare_pictures(original, np.full_like(original, 255))
    assert found.sameness is not Sameness.SAME


def image(text, unread=None, **more):
    lines = [{"text": text, "confidence": 0.99, "kind": "ocr", "polygon": [[120, 530], [760, 530], [760, 630], [120, 630]], **more}]  # fmt: skip
    return {"id": "image:0", "kind": "image", "text": text, "lines": lines if text else [], "unread": unread}  # fmt: skip


def test_a_changed_number_is_told_in_a_sentence_with_its_boxes(original):
    published = posters.poster(rate="预期年化 8.5%")
    before = Side([image("预期年化 4.5%")], lambda _: original)
    found = compare(before, Side([image("预期年化 8.5%")], lambda _: published))
    assert found["outcome"] == "changed"
    first = found["parts"][0]["changes"][0]
    assert first["sentence"] == "图片第 1 行：“预期年化 4.5%”改成“预期年化 8.5%”"
    assert first["before_boxes"] == [[120, 530, 760, 630]]


def test_words_read_differently_on_the_same_picture_are_unsure(original):
    again = posters.as_jpeg(original, 75)
    before = Side([image("预期年化 4.5%")], lambda _: original)
    found = compare(before, Side([image("预期年化 45%")], lambda _: again))
    assert found["outcome"] == "unsure"
    assert "看不出差别" in found["parts"][0]["changes"][0]["sentence"]


def test_what_could_not_be_read_is_never_the_same(original):
    before = Side([image("")], lambda _: original)
    assert compare(before, Side([image("", unread="坏了")]))["outcome"] == "unsure"
    assert compare(before, Side([image("")], lambda _: original))["outcome"] == "same"
    unread = Side([image("")], lambda _: original, unread=["附件打不开"])
    assert compare(before, unread)["outcome"] == "unsure"


def test_the_same_bytes_are_the_same_at_once():
    side = Side([image("", unread="坏了")], fingerprint="ab")
    assert compare(side, side)["identical"] is True
