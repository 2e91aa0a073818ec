"""DOCX: everything its pages show."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from PIL import Image

from adscan.errors import DamagedFile, TooLarge
from adscan.records.ad import AdKind
from adscan.records.part import NoticeCode, PartKind

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOX = f"""<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:v="urn:schemas-microsoft-com:vml">
 <mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent>
 <w:p><w:r><w:t>框内：零风险</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>
 <mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>框内：零风险</w:t></w:r></w:p>
 </w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"""


def saved(document) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def picture(colour="red") -> BytesIO:
    stream = BytesIO()
    Image.new("RGB", (200, 90), colour).save(stream, "PNG")
    stream.seek(0)
    return stream


def test_paragraphs_and_tables_stand_in_their_order(read):
    document = docx.Document()
    document.add_paragraph("第一段")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "期限", "利率"
    document.add_paragraph("第二段")
    ad = read(saved(document))
    assert ad.kind is AdKind.WORD
    assert ad.sheets[0].text == "第一段\n期限 \t利率\n第二段"


def test_headers_and_footers_are_read_once(read):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "某某银行"
    document.sections[0].footer.paragraphs[0].text = "投资有风险"
    document.add_paragraph("正文")
    assert read(saved(document)).sheets[0].text == "某某银行\n正文\n投资有风险"


def test_a_text_box_is_read_and_not_twice(read):
    document = docx.Document()
    paragraph = document.add_paragraph("正文")
    paragraph._p.append(parse_xml(BOX))
    assert read(saved(document)).sheets[0].text.count("零风险") == 1


def test_deleted_words_are_not_read_and_inserted_ones_are(read):
    document = docx.Document()
    paragraph = document.add_paragraph("收益")
    paragraph._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>保本</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>浮动</w:t></w:r></w:ins>"))
    assert read(saved(document)).sheets[0].text == "收益浮动"


def test_hidden_runs_stand_apart_and_are_told(read):
    document = docx.Document()
    paragraph = document.add_paragraph("看得见")
    paragraph.add_run("看不见").font.hidden = True
    ad = read(saved(document))
    assert [(sheet.text, sheet.hidden) for sheet in ad.sheets] == [
        ("看得见", False),
        ("看不见", True),
    ]
    assert ad.notices[0].code is NoticeCode.HIDDEN_TEXT
    assert ad.notices[0].part_id == "text:1"


def test_pictures_are_sheets_of_their_own(read):
    document = docx.Document()
    document.add_paragraph("见图")
    document.add_picture(picture())
    sheet = read(saved(document)).sheets[1]
    assert sheet.kind is PartKind.IMAGE
    assert sheet.pixels().shape == (90, 200, 3)


def test_too_many_pictures_name_the_setting(read):
    document = docx.Document()
    for colour in ("red", "green", "blue"):
        document.add_picture(picture(colour))
    with pytest.raises(TooLarge, match="ADSCAN_LIMITS__MAX_PAGE_IMAGES"):
        read(saved(document), max_page_images=2)


def test_a_document_without_anything_is_an_error(read):
    with pytest.raises(DamagedFile, match="没有文字"):
        read(saved(docx.Document()))


def test_words_in_formulas_and_watermarks_are_read(read):
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    formula = f'<m:oMath xmlns:m="{math}"><m:r><m:t>收益=8%</m:t></m:r></m:oMath>'
    watermark = (
        f'<w:r {W} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape>'
        '<v:textpath string="样张"/></v:shape></w:pict></w:r>'
    )
    document = docx.Document()
    document.add_paragraph("公式：")._p.append(parse_xml(formula))
    document.add_paragraph()._p.append(parse_xml(watermark))
    assert read(saved(document)).sheets[0].text == "公式：收益=8%\n样张"
