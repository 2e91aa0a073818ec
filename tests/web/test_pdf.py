import contextlib
import io
import zlib
from types import SimpleNamespace

import pypdfium2
import pytest
from PIL import Image, ImageFile

from adscan.web.kept.states import Step, Verdict
from adscan.web.pages import load_templates
from adscan.web.showing import pdf
from adscan.web.showing.opinion import render_opinion
from tests.web.decided import CLEAN, PROMISE, decide, judge, opinion, poster

pytestmark = pytest.mark.skipif(pdf.MISSING is not None, reason="WeasyPrint or Pango is missing")


@pytest.fixture
def refused(office):
    files = [("creatives", ("海报.png", poster(), "image/png"))]
    submission_id = office.submit(text=PROMISE, files=files)
    office.work()
    judge(office, submission_id, Verdict.CONFIRMED, "明确承诺保本")
    decide(office, submission_id, Step.REFUSE, "修改不能补救")
    return submission_id


def printed(office, submission_id):
    return pdf.print_page(render_opinion(load_templates(), opinion(office, submission_id)))


def words_of(document):
    opened = pypdfium2.PdfDocument(document)
    try:
        return [page.get_textpage().get_text_range() for page in opened]
    finally:
        opened.close()


def unpacked(document):
    """Everything in the file that is not a picture, in clear."""
    found = []
    for piece in document.split(b"stream")[1::2]:
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(piece.strip(b"\r\n").removesuffix(b"end")))
    return b"\n".join(found) + document


def test_the_same_decision_prints_the_same_bytes(office, refused):
    assert printed(office, refused) == printed(office, refused)


def test_paper_says_what_the_page_says(office, refused):
    pages = words_of(printed(office, refused))
    text = "".join(pages).replace("\r\n", "")
    for words in ("不予发布", "修改不能补救", "保本保息", "第二十五条", "操作日志"):
        assert words in text
    assert "返回送审件" not in text


def test_pages_are_numbered_and_bear_the_number(office, refused):
    pages = words_of(printed(office, refused))
    assert len(pages) >= 2
    for at, page in enumerate(pages, 1):
        assert f"第 {at} 页，共 {len(pages)} 页" in page
        assert "2026-000001" in page


def test_pages_are_a4(office, refused):
    opened = pypdfium2.PdfDocument(printed(office, refused))
    try:
        assert [round(side) for side in opened[0].get_size()] == [595, 842]
    finally:
        opened.close()


def test_the_file_is_tagged_named_and_in_chinese(office, refused):
    document = printed(office, refused)
    opened = pypdfium2.PdfDocument(document)
    try:
        title = opened.get_metadata_value("Title")
    finally:
        opened.close()
    assert title.startswith("广告预审意见书 2026-000001")
    inside = unpacked(document)
    assert b"/StructTreeRoot" in inside and b"/Lang (zh-CN)" in inside and b"pdfuaid" in inside
    assert "样稿".encode("utf-16-be").hex().encode() in inside.lower()  # the picture in words


def test_its_date_is_that_of_the_decision(office, refused):
    decided = opinion(office, refused).decided_at
    opened = pypdfium2.PdfDocument(printed(office, refused))
    try:
        assert f"{decided:%Y%m%d%H%M}" in opened.get_metadata_value("CreationDate")
    finally:
        opened.close()


def test_the_picture_is_printed(office, refused):
    opened = pypdfium2.PdfDocument(printed(office, refused))
    try:
        last = opened[len(opened) - 1].render(scale=1).to_pil().convert("RGB")
    finally:
        opened.close()
    red = sum(r > 150 and g < 90 and b < 80 for r, g, b in last.get_flattened_data())
    assert red > 5000


def test_a_modification_opinion_is_marked_on_every_page(office):
    submission_id = office.submit(text=PROMISE)
    office.work()
    judge(office, submission_id, Verdict.CONFIRMED, "保本")
    decide(office, submission_id, Step.RETURN, "请改")
    first, *others = words_of(printed(office, submission_id))
    assert "非最终意见" in first
    assert others and all("非最终" in page for page in others)


def test_nothing_but_our_style_sheets_is_fetched(office, refused):
    assert pdf.asset_for(f"{pdf.ADDRESS}static/opinion.css") is not None
    for address in (
        "file:///etc/passwd", "http://127.0.0.1/static/opinion.css",
        f"{pdf.ADDRESS}static/../pdf.py", f"{pdf.ADDRESS}static/none.css",
        f"{pdf.ADDRESS}submissions/1", "data:text/css,a{{}}",
    ):  # fmt: skip
        assert pdf.asset_for(address) is None


def test_addresses_in_a_page_are_not_followed(tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: '泄露' }")
    page = (
        '<html lang="zh-CN"><title>题</title>'
        f'<link rel="stylesheet" href="{secret.as_uri()}"><p>正文</p>'
    )
    assert "泄露" not in "".join(words_of(pdf.print_page(page)))


def test_missing_chinese_fonts_are_told_with_what_to_install():
    with pytest.raises(pdf.CannotPrint, match="没有中文字体") as raised:
        pdf.require_chinese([SimpleNamespace(missing={ord("审"): 1})])
    assert "fonts-noto-cjk" in raised.value.hint


def test_one_rare_character_without_a_font_does_not_stop_the_press():
    pdf.require_chinese([SimpleNamespace(missing={0x3FFFD: 1})])


def test_missing_pango_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setattr(pdf, "MISSING", "cannot load library 'libpango-1.0-0'")
    with pytest.raises(pdf.CannotPrint, match="libpango") as raised:
        pdf.print_page("<p>正文")
    assert "libpango-1.0-0" in raised.value.hint


def test_torn_pictures_stay_unread_in_this_process():
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
    torn = poster()[:3000]
    with pytest.raises(OSError):
        Image.open(io.BytesIO(torn)).load()


def test_a_clean_ad_prints_too(office):
    submission_id = office.submit(text=CLEAN)
    office.work()
    judge(office, submission_id, Verdict.DISMISSED, "无")
    decide(office, submission_id, Step.APPROVE)
    assert "没有认定的问题" in "".join(words_of(printed(office, submission_id)))
    assert "下载" not in render_opinion(load_templates(), opinion(office, submission_id))
