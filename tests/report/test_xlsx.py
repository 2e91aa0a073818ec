from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook

from adscan.records.review import Case
from adscan.report.formats.xlsx import Xlsx
from tests.report import cases


def book(shown: Iterable[Case], **options: int) -> Workbook:
    return load_workbook(io.BytesIO(b"".join(Xlsx(**options).render(shown))))


def titled(title: str) -> Case:
    case = cases.clean_text()
    return replace(case, review=replace(case.review, ad=replace(case.review.ad, title=title)))


def column(workbook: Workbook, sheet: str, heading: str) -> list[object]:
    first, *rows = workbook[sheet].iter_rows(values_only=True)
    at = first.index(heading)
    return [row[at] for row in rows]


def test_sheets_come_in_the_order_of_reading() -> None:
    assert book([]).sheetnames == ["审查结果", "问题清单", "仅提及", "未读与未判断", "说明"]


def test_every_ad_is_a_row_with_its_decision() -> None:
    shown = cases.every_case()
    assert column(book(shown), "审查结果", "材料") == [c.review.ad.source for c in shown]


def test_every_finding_is_a_row_with_law_authority_and_remedy() -> None:
    workbook = book([cases.poster()])
    assert column(workbook, "问题清单", "严重程度") == ["严重", "中等", "中等"]
    assert column(workbook, "问题清单", "牵头部门")[0] == "证券监督管理部门"
    assert "[待核原文]" in str(column(workbook, "问题清单", "依据")[0])
    assert column(workbook, "问题清单", "怎样改")[1] == cases.SUPERLATIVE.remedy


def test_mentions_stand_apart_with_their_reason() -> None:
    workbook = book([cases.poster()])
    assert column(workbook, "仅提及", "为何不算") == ["否定表述"]


def test_what_was_not_read_or_judged_is_listed() -> None:
    workbook = book([cases.poster(), cases.unreadable()])
    assert "图片不完整，请重新下载或导出后再试" in column(workbook, "未读与未判断", "说明")
    assert "未能判断" in column(workbook, "未读与未判断", "类别")


def test_last_sheet_tells_versions_and_counts() -> None:
    told = dict(book(cases.every_case())["说明"].iter_rows(values_only=True))
    assert told["程序"] == "adscan 0.1.0"
    assert told["审查件数"] == 6
    assert str(told["不予发布"]).startswith("3 件")


def test_lists_can_be_filtered_and_print_with_their_heading() -> None:
    for sheet in list(book(cases.every_case()))[:4]:
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


def test_gravity_has_a_word_and_a_colour() -> None:
    sheet = book([cases.poster()])["问题清单"]
    grounds = {row[6].value: row[6].fill.start_color.rgb for row in sheet.iter_rows(min_row=2)}
    assert set(grounds) == {"严重", "中等"}
    assert len(set(grounds.values())) == 2


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_words_of_an_ad_become_a_formula(title: str) -> None:
    sheet = book([titled(title)])["审查结果"]
    assert sheet["C2"].value == title
    assert sheet["C2"].data_type == "s"
    assert sheet["C2"].quotePrefix


def test_characters_that_xml_does_not_know_are_replaced() -> None:
    (title,) = column(book([titled("零\x00字\x0b\ufffe\ud800")]), "审查结果", "标题")
    assert title == "零␀字␋\ufffd\ufffd"


def test_words_that_look_like_a_character_code_stay_as_they_are() -> None:
    (title,) = column(book([titled("_x0041_")]), "审查结果", "标题")
    assert title == "_x005F_x0041_"  # as it stands in the file; spreadsheets show _x0041_


def test_list_longer_than_a_sheet_goes_on_in_another() -> None:
    workbook = book([cases.clean_text()] * 5, max_rows=4)
    assert workbook.sheetnames[:5] == [
        "审查结果",
        "问题清单",
        "仅提及",
        "未读与未判断",
        "审查结果（2）",
    ]
    assert column(workbook, "审查结果", "序号") == [1, 2, 3]
    assert column(workbook, "审查结果（2）", "序号") == [4, 5]
