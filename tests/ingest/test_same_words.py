"""The same words in two formats are the same words."""

from __future__ import annotations

import docx

LINES = [
    "年末理财特惠",
    "本产品不保证本金，业绩比较基准不是收益承诺。",
    "投资有风险，咨询 400-000-0000",
]


def test_text_page_and_document_say_the_same(read, tmp_path):
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(tmp_path / "a.docx")
    body = "".join(f"<p>{line}</p>" for line in LINES)
    html = f"<html><head><title>{LINES[0]}</title></head><body>{body}</body></html>"
    mhtml = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" + html
    texts = [
        read(data).sheets[0].text
        for data in (
            "\n".join(LINES).encode(),
            "\n".join(LINES).encode("gb18030"),
            html.encode(),
            mhtml.encode(),
            (tmp_path / "a.docx").read_bytes(),
        )
    ]
    assert texts == ["\n".join(LINES)] * 5
