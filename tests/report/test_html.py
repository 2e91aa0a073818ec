from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from lxml import html as parser

from adscan.errors import DamagedFile
from adscan.records.ad import Pixels
from adscan.records.review import Case
from adscan.report.formats import load_format
from tests.report import cases


def rendered(shown: Iterable[Case]) -> str:
    return "".join(load_format("html").render(shown))


def page(*shown: Case) -> parser.HtmlElement:
    return parser.document_fromstring(rendered(shown))


def words(element: parser.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_page_is_chinese_and_has_a_title() -> None:
    document = page(cases.poster())
    assert document.get("lang") == "zh-CN"
    assert document.findtext(".//title") == "广告合规审查报告 · 不予发布 · 海报/稳利丰年.png"


def test_nothing_is_loaded_from_anywhere() -> None:
    document = page(*cases.every_case())
    links = [value for e in document.iter() for n, value in e.items() if n in ("src", "href")]
    assert links
    assert all(link.startswith(("#", "data:image/webp;base64,")) for link in links)
    assert "url(" not in document.findtext(".//style")
    assert "@import" not in document.findtext(".//style")


def test_policy_allows_the_style_and_script_of_the_page_and_no_other() -> None:
    document = page(cases.poster())
    (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    for tag in ("style", "script"):
        (element,) = document.iter(tag)
        digest = base64.b64encode(hashlib.sha256(element.text.encode("utf-8")).digest())
        assert f"{tag}-src 'sha256-{digest.decode('ascii')}'" in policy
    assert "default-src 'none'" in policy


def test_text_of_an_ad_never_becomes_markup() -> None:
    document = page(cases.hostile_text())
    assert len(list(document.iter("script"))) == 1
    assert not list(document.iter("img", "i"))
    (text,) = document.find_class("words")
    assert "<script>alert(1)</script>" in text.text_content()
    assert "<b>坏名字</b>.txt" in words(document.find(".//h2"))


def test_no_control_character_reaches_the_page() -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", rendered(cases.every_case()))


def test_number_of_a_finding_stands_in_text_picture_and_list() -> None:
    document = page(cases.poster())
    findings = document.find_class("finding")
    assert [words(f.find_class("tag-number")[0]) for f in findings] == ["1", "2", "3"]
    for finding in findings:
        key = finding.get("data-key")
        number = words(finding.find_class("tag-number")[0])
        in_text = [words(e) for e in document.find_class("ref") if e.get("data-key") == key]
        badges = [words(e) for e in document.find_class("badge") if e.get("data-key") == key]
        places = [e for e in document.find_class("box") if e.get("data-key") == key]
        assert set(in_text) == set(badges) == {number}
        assert len(in_text) == len(places)
        assert 1 <= len(badges) <= len(places)  # places side by side share a number


def test_every_link_inside_the_page_leads_somewhere() -> None:
    document = page(*cases.every_case())
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {link[1:] for link in document.xpath("//@href") if link.startswith("#")}
    assert targets <= set(ids)


def test_disguise_is_shown_as_written_and_as_read() -> None:
    assert "写作 保*本保*息，读作 保本保息" in words(page(cases.poster()))


def test_split_by_characters_without_width_is_shown() -> None:
    assert "写作 保[零宽]本，读作 保本" in words(page(cases.hostile_text()))


def test_every_provision_is_cited_with_its_gist() -> None:
    document = page(cases.poster())
    for law in cases.GUARANTEE.legal_basis:
        assert law.gist in words(document)
        assert law.article in words(document)
    assert "待核原文" in words(document)


def test_further_provisions_are_folded_away_and_complete() -> None:
    law = cases.NOTICE_LAW
    many = tuple(replace(law, article=f"第{n}条", gist=f"摘要{n}。") for n in range(9))
    case = cases.poster()
    finding = replace(case.review.findings[0], legal_basis=many)
    document = page(replace(case, review=replace(case.review, findings=(finding,))))
    (folded,) = document.iter("details")
    assert "另有 6 条有效依据" in words(folded)
    assert "摘要2。" not in words(folded)
    assert all(f"摘要{n}。" in words(document) for n in range(9))


def test_mention_stands_apart_with_its_reason() -> None:
    (mentions,) = page(cases.poster()).find_class("mentions")
    assert "否定表述" in words(mentions)
    assert "稳赚不赔" in words(mentions)


def test_unread_part_is_told_before_everything_else() -> None:
    document = page(cases.partly_read())
    (gaps,) = document.find_class("gaps")
    (sides,) = document.find_class("sides")
    assert "图片不在网页旁边，请放入后重新审查" in words(gaps)
    order = list(document.iter())
    assert order.index(gaps) < order.index(sides)


def test_rule_that_was_not_judged_is_named_with_what_is_missing() -> None:
    (unjudged,) = page(cases.poster()).find_class("unjudged")
    assert "受众未知" in words(unjudged)
    assert "无资质宣传金融业务" in words(unjudged)


def test_unsure_words_are_marked_in_the_text() -> None:
    document = page(cases.poster())
    assert any("郑重提醒" in words(element) for element in document.find_class("unsure"))


def test_boxes_of_a_pdf_page_are_in_points() -> None:
    (drawing,) = page(cases.pdf_page()).iter("svg")
    assert drawing.get("viewbox") == "0 0 300 200"
    (box,) = drawing.find_class("box")
    assert box.get("points") == "40,100 150,100 150,130 40,130"


def test_picture_that_cannot_be_opened_is_told() -> None:
    def broken() -> Pixels:
        raise DamagedFile("文件已被移走", hint="请放回原处")

    case = cases.poster()
    assert case.ad is not None
    sheet = replace(case.ad.sheets[0], pixels=broken)
    document = page(replace(case, ad=replace(case.ad, sheets=(sheet,))))
    assert "图片打不开，未附图：文件已被移走；请放回原处" in words(document)
    assert not list(document.iter("svg"))
    targets = {link[1:] for link in document.xpath("//@href") if link.startswith("#")}
    assert targets <= set(document.xpath("//@id"))


def test_page_without_a_mark_among_many_is_not_pictured() -> None:
    case = cases.pdf_page()
    assert case.ad is not None
    blank = np.full((40, 60, 3), 255, dtype=np.uint8)
    first = replace(case.ad.sheets[0], pixels=lambda: blank)
    extra = tuple(replace(first, id=f"page:{n}", page_number=n + 1) for n in range(2, 8))
    document = page(replace(case, ad=replace(case.ad, sheets=(first, case.ad.sheets[1], *extra))))
    assert len(list(document.iter("svg"))) == 1
    assert "没有标记，未附图" in words(document)


def test_one_ad_needs_no_overview() -> None:
    assert not page(cases.poster()).find_class("overview")


def test_several_ads_begin_with_an_overview_in_their_order() -> None:
    (overview,) = page(*cases.every_case()).find_class("overview")
    rows = [words(row.find("th/a")) for row in overview.find(".//tbody")]
    assert rows == [case.review.ad.source for case in cases.every_case()]
    assert "不予发布 3 件" in words(overview)


def test_no_ad_gives_a_page_that_says_so() -> None:
    assert "没有可审查的内容" in words(page())


def test_cases_are_not_held_while_others_come() -> None:
    waiting: list[str] = []

    def coming() -> Iterable[Case]:
        for case in cases.every_case():
            waiting.append(case.review.ad.source)
            yield case

    first = next(load_format("html").render(coming()))
    assert len(waiting) == len(cases.every_case())
    assert "稳赚不赔" not in first
