from __future__ import annotations

import pytest
from openpyxl import load_workbook

from adscan.cli.commands import report
from tests.overview import archives


@pytest.fixture
def folder(tmp_path):
    ads = [
        archives.flagged(0, run=1),
        archives.flagged(1, run=2, advertiser="澄湖公司"),
        archives.ad(2),
        archives.ad(3),
    ]
    return archives.write_results(
        tmp_path / "results",
        ads=ads,
        findings=[archives.finding(one) for one in ads[:2]],
        runs=[archives.RUN | {"number": 1}, archives.RUN | {"number": 2}],
    )


def test_help_tells_each_table(adscan) -> None:
    told = adscan("report", "--help")
    assert told.code == 0
    assert "线索移送表" in told.out
    assert "抽样复核表" in told.out


def test_folder_without_results_is_wrong_usage(adscan, tmp_path) -> None:
    for form in ("html", "xlsx", "csv"):
        told = adscan("report", tmp_path, "--format", form, "--output", tmp_path / "out")
        assert told.code == 2
        assert "里没有扫描结果" in told.err
        assert not (tmp_path / "out").exists()


def test_page_goes_to_standard_output(adscan, folder) -> None:
    told = adscan("report", folder)
    assert (told.code, told.err) == (0, "")
    assert told.out.lower().startswith("<!doctype html>")


def test_page_does_not_go_to_a_terminal(adscan, folder, monkeypatch) -> None:
    monkeypatch.setattr(report, "_on_terminal", lambda: True)
    told = adscan("report", folder)
    assert (told.code, told.out) == (2, "")
    assert "--output" in told.err


def test_sample_larger_than_what_there_is_says_so(adscan, folder, tmp_path) -> None:
    told = adscan("report", folder, "--sampling", "99999", "--output", tmp_path / "out.xlsx")
    assert told.code == 0
    assert "要抽 99999 件，可抽的只有 2 件" in told.err


def test_table_goes_to_standard_output(adscan, folder) -> None:
    told = adscan("report", folder, "--format", "csv")
    assert told.code == 0
    assert told.out.startswith("\ufeff材料,")
    assert len(told.out.splitlines()) == 3


@pytest.mark.parametrize(
    ("options", "sheet"),
    [
        (["--format", "xlsx"], "汇总"),
        (["--leads"], "移送汇总"),
        (["--alerts", "--format", "xlsx"], "预警"),
        (["--sampling", "2"], "抽样复核"),
    ],
)
def test_workbooks_go_to_a_file(adscan, folder, tmp_path, options, sheet) -> None:
    path = tmp_path / "out.xlsx"
    assert adscan("report", folder, *options, "--output", path).code == 0
    assert load_workbook(path).sheetnames[0] == sheet


@pytest.mark.parametrize(
    ("options", "heading"),
    [(["--leads"], "牵头部门"), (["--alerts"], "类别"), (["--sampling", "2"], "序号")],
)
def test_other_tables_come_as_csv_too(adscan, folder, options, heading) -> None:
    told = adscan("report", folder, *options, "--format", "csv")
    assert told.code == 0
    assert told.out.startswith(f"\ufeff{heading},")


def test_alerts_are_plain_lines(adscan, folder) -> None:
    told = adscan("report", folder, "--alerts")
    assert told.code == 0
    assert "首次出现的广告主（严重）：澄湖公司" in told.out


def test_filled_in_sample_gives_the_estimate(adscan, folder, tmp_path) -> None:
    path = tmp_path / "sample.xlsx"
    adscan("report", folder, "--sampling", "2", "--seed", "5", "--output", path)
    assert adscan("report", folder, "--sampled", path).code == 2  # nobody filled it in
    book = load_workbook(path)
    sheet = book.active
    at = [cell.value for cell in sheet[1]].index("人工结论") + 1
    for row in (2, 3):
        sheet.cell(row, at, "不违法")
    book.save(path)
    told = adscan("report", folder, "--sampled", path)
    assert (told.code, told.err) == (0, "")
    assert "漏判率 0.00%" in told.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--leads", "--sampling", "3"], "不能同时用"),
        (["--leads", "--format", "html"], "只有 xlsx、csv 格式"),
        (["--sampled", "x.xlsx", "--format", "csv"], "没有 --format 可选"),
        (["--seed", "3"], "--seed 只与 --sampling 合用"),
        (["--sampling", "0"], "--sampling"),
    ],
)
def test_options_that_do_not_fit_are_wrong_usage(adscan, folder, options, said) -> None:
    told = adscan("report", folder, *options)
    assert told.code == 2
    assert said in told.err
