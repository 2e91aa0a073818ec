from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace

import pytest

from adscan.records.review import Case
from adscan.report.formats import load_format
from adscan.report.rows import FORMULA_SIGNS, MAX_CELL
from tests.report import cases


def rows(shown: Iterable[Case]) -> list[dict[str, str]]:
    text = "".join(load_format("csv").render(shown))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def titled(title: str) -> Case:
    case = cases.clean_text()
    return replace(case, review=replace(case.review, ad=replace(case.review.ad, title=title)))


def test_excel_is_told_the_encoding() -> None:
    assert next(load_format("csv").render([])).startswith("\ufeff序号,")


def test_every_finding_is_a_row() -> None:
    found = rows([cases.poster()])
    assert [row["规则"] for row in found] == ["承诺保本保收益", "绝对化用语", "缺少风险提示"]
    assert {row["材料"] for row in found} == {"海报/稳利丰年.png"}


def test_ad_without_finding_has_a_row_too() -> None:
    (row,) = rows([cases.clean_text()])
    assert (row["结论"], row["规则"]) == ("未发现问题", "")


def test_unreadable_ad_says_what_was_not_read() -> None:
    (row,) = rows([cases.unreadable()])
    assert row["结论"] == "未能审查"
    assert row["未读出的内容"] == "图片不完整，请重新下载或导出后再试"
    assert row["风险"] == ""


def test_disguise_is_shown_with_what_it_spells() -> None:
    assert "保*本保*息（读作“保本保息”）" in rows([cases.poster()])[0]["原文"]


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_no_cell_is_a_formula(sign: str) -> None:
    (row,) = rows([titled(f"{sign}HYPERLINK(1)")])
    assert row["标题"].startswith("'")


def test_line_ends_and_quotes_of_an_ad_stay_in_their_cell() -> None:
    (row,) = rows([titled('一行"引号",逗号\n二行')])
    assert row["标题"] == '一行"引号",逗号\n二行'


def test_cell_longer_than_a_spreadsheet_takes_is_cut_and_says_so() -> None:
    (row,) = rows([titled("长" * (MAX_CELL + 1))])
    assert len(row["标题"]) == MAX_CELL
    assert row["标题"].endswith("全文见 json 报告）")
