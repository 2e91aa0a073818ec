from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from adscan.overview.sampled import Estimate, read_estimate, render_estimate
from adscan.overview.sampling import (
    CLEAN,
    SHEET,
    UNSURE,
    VIOLATION,
    SampleError,
    find_sample,
    plan_draw,
    render_csv,
    render_xlsx,
)
from adscan.scan.results import open_results
from adscan.settings import load_settings
from tests.overview import archives

PASSES = 40


@pytest.fixture
def archive(results):
    """An archive of passes with one finding, one ad that waits and one that was not read."""
    ads = [
        *[archives.ad(n) for n in range(PASSES)],
        archives.flagged(100),
        archives.flagged(101, decision="review"),
        archives.ad(102, unread=True),
        archives.ad(103, decision="error", unread=True),
    ]
    folder = results(ads=ads, parts=[archives.part(one, f"第 {n} 则") for n, one in enumerate(ads)])
    with open_results(folder) as connection:
        yield connection


def xlsx(connection, wanted: int, seed: int = 0) -> bytes:
    return b"".join(render_xlsx(connection, plan_draw(connection, wanted, seed)))


def filled(tmp_path: Path, content: bytes, verdicts: list[str | None]) -> Path:
    """The workbook with the verdicts filled in from the first row on, as Excel saves it."""
    book = load_workbook(io.BytesIO(content))
    sheet = book[SHEET]
    at = [cell.value for cell in sheet[1]].index("人工结论") + 1
    for row, verdict in enumerate(verdicts, 2):
        sheet.cell(row, at, verdict)
    path = tmp_path / "抽样.xlsx"
    book.save(path)
    return path


def estimate(connection, path: Path) -> Estimate:
    return read_estimate(connection, path, load_settings().limits)


def sources(connection, wanted: int, seed: int) -> list[str]:
    return [row["source"] for row in find_sample(connection, plan_draw(connection, wanted, seed))]


def test_same_seed_draws_the_same_ads_another_seed_others(archive) -> None:
    assert sources(archive, 10, 7) == sources(archive, 10, 7)
    assert sources(archive, 10, 7) != sources(archive, 10, 8)
    assert len(set(sources(archive, 10, 7))) == 10


def test_only_passes_that_were_read_whole_are_drawn(archive) -> None:
    drawn = sources(archive, 1_000, 0)
    assert sorted(drawn) == sorted(archives.ad(n)["source"] for n in range(PASSES))


def test_every_ad_has_the_same_chance(archive) -> None:
    draws = [sources(archive, 10, seed) for seed in range(60)]
    often = [sum(f"posts.jsonl#{n + 1}" in draw for draw in draws) for n in range(PASSES)]
    assert sum(often) == 600
    assert min(often) >= 4  # 15 on average, standard deviation 3.4
    assert max(often) <= 27


def test_archive_without_passes_gives_no_sample(results) -> None:
    folder = results(ads=[archives.flagged(0)])
    with open_results(folder) as connection, pytest.raises(SampleError, match="没有可以抽样"):
        plan_draw(connection, 5, 0)


def test_sheet_shows_the_text_and_offers_the_verdicts(archive) -> None:
    book = load_workbook(io.BytesIO(xlsx(archive, 5)))
    sheet = book[SHEET]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.max_row == 6
    assert str(sheet.cell(2, heads.index("内容开头") + 1).value).startswith("第 ")
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == f'"{VIOLATION},{CLEAN},{UNSURE}"'
    column = sheet.cell(1, heads.index("人工结论") + 1).column_letter
    assert str(choice.sqref) == f"{column}2:{column}6"
    assert "简单随机抽样" in str(dict(book["说明"].iter_rows(values_only=True))["抽样方法"])


def test_filled_sheet_gives_the_share_of_missed_violations(archive, tmp_path) -> None:
    path = filled(tmp_path, xlsx(archive, 20), [VIOLATION] * 2 + [CLEAN] * 18)
    found = estimate(archive, path)
    share, low, high = found.share(worst=True)
    assert (found.population, found.judged, found.violations) == (PASSES, 20, 2)
    assert share == pytest.approx(0.1)
    assert (low, high) == pytest.approx((0.01235, 0.31698), abs=1e-5)
    assert (found.found, found.waiting, found.unread) == (1, 1, 2)
    assert found.recall_at_least == pytest.approx(1 / (1 + PASSES * high))


def test_unsure_verdicts_are_counted_both_ways(archive, tmp_path) -> None:
    path = filled(tmp_path, xlsx(archive, 10), [UNSURE] * 3 + [VIOLATION] + [CLEAN] * 6)
    found = estimate(archive, path)
    assert found.share(worst=False)[0] == pytest.approx(0.1)
    assert found.share(worst=True)[0] == pytest.approx(0.4)
    told = "".join(render_estimate(found))
    assert "最好情形（无法判断的都不违法）：漏判率 10.00%" in told
    assert "最坏情形（无法判断的都违法）：漏判率 40.00%" in told


def test_estimate_without_any_violation_found_gives_no_recall() -> None:
    found = Estimate(100, 10, 0, 0, found=0, waiting=0, unread=0)
    assert found.recall_at_least is None
    assert "不能推算查全率" in "".join(render_estimate(found))


def test_order_of_rows_may_change(archive, tmp_path) -> None:
    content = xlsx(archive, 5)
    path = filled(tmp_path, content, [CLEAN] * 5)
    book = load_workbook(path)
    sheet = book[SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for at, row in enumerate(reversed(rows), 2):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column, value)
    book.save(path)
    assert estimate(archive, path).judged == 5


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_comes_back_too(archive, tmp_path, encoding) -> None:
    text = "".join(render_csv(archive, plan_draw(archive, 4, 3))).removeprefix("\ufeff")
    head, *rows = csv.reader(io.StringIO(text))
    for row in rows:
        row[head.index("人工结论")] = CLEAN
    path = tmp_path / "抽样.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([head, *rows])
    assert estimate(archive, path).judged == 4


def test_missing_and_strange_verdicts_are_named_by_row(archive, tmp_path) -> None:
    path = filled(tmp_path, xlsx(archive, 5), [CLEAN, "也许", None, CLEAN, "合法"])
    with pytest.raises(SampleError) as refused:
        estimate(archive, path)
    assert "没有填“人工结论”：第 4 行" in str(refused.value)
    assert "“人工结论”不认识：第 3、6 行" in str(refused.value)


def test_missing_rows_are_refused(archive, tmp_path) -> None:
    path = filled(tmp_path, xlsx(archive, 5), [CLEAN] * 5)
    book = load_workbook(path)
    book[SHEET].delete_rows(3)
    book.save(path)
    with pytest.raises(SampleError, match="少了 1 件：序号 2"):
        estimate(archive, path)


def test_row_that_is_twice_there_is_refused(archive, tmp_path) -> None:
    path = filled(tmp_path, xlsx(archive, 3), [CLEAN] * 3)
    book = load_workbook(path)
    sheet = book[SHEET]
    sheet.append([cell.value for cell in sheet[2]])
    book.save(path)
    with pytest.raises(SampleError, match="重复：第 5 行"):
        estimate(archive, path)


def test_mark_that_was_changed_is_refused(archive, tmp_path) -> None:
    path = filled(tmp_path, xlsx(archive, 3), [CLEAN] * 3)
    book = load_workbook(path)
    sheet = book[SHEET]
    at = [cell.value for cell in sheet[1]].index("抽样编号") + 1
    sheet.cell(3, at, "S1")
    sheet.cell(4, at, str(sheet.cell(4, at).value).replace("-3-0-3", "-3-0-9"))
    book.save(path)
    with pytest.raises(SampleError, match="第 3、4 行编号被改动；请改正、补回"):
        estimate(archive, path)


def test_all_faults_of_a_sheet_are_told_at_once(archive, tmp_path) -> None:
    path = filled(tmp_path, xlsx(archive, 10), [CLEAN] * 6 + [None] + [CLEAN] * 3)
    book = load_workbook(path)
    sheet = book[SHEET]
    at = [cell.value for cell in sheet[1]].index("抽样编号") + 1
    sheet.cell(9, at, "改过")
    sheet.delete_rows(2)
    book.save(path)
    with pytest.raises(SampleError) as refused:
        estimate(archive, path)
    told = str(refused.value)
    assert "第 8 行编号被改动；少了 1 件：其中几件，序号 1、8" in told
    assert "没有填“人工结论”：第 7 行" in told


def test_number_of_violations_is_never_below_those_found() -> None:
    found = Estimate(
        population=100, judged=60, violations=6, unsure=0, found=1, waiting=0, unread=0
    )
    assert found.share(worst=True)[1] * found.population < 6
    assert "相当于 10 件，6 至 21 件" in "".join(render_estimate(found))


def test_sheet_of_another_archive_is_refused(archive, tmp_path) -> None:
    path = filled(tmp_path, xlsx(archive, 3), [CLEAN] * 3)
    grown = archives.write_results(
        tmp_path / "grown", ads=[archives.ad(n) for n in range(PASSES + 1)]
    )
    with open_results(grown) as connection, pytest.raises(SampleError, match="不是从现在这份"):
        estimate(connection, path)


def test_rows_of_two_draws_are_refused(archive, tmp_path) -> None:
    first = filled(tmp_path, xlsx(archive, 3, seed=1), [CLEAN] * 3)
    book = load_workbook(first)
    other = load_workbook(io.BytesIO(xlsx(archive, 3, seed=2)))[SHEET]
    book[SHEET].append([cell.value for cell in other[2]])
    book.save(first)
    with pytest.raises(SampleError, match="混有另一次抽样的行，或编号被改动：第 5 行"):
        estimate(archive, first)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04 broken"])
def test_file_that_is_no_sampling_sheet_is_refused(archive, tmp_path, content) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(SampleError):
        estimate(archive, path)


def test_missing_file_is_refused(archive, tmp_path) -> None:
    with pytest.raises(SampleError, match="打不开"):
        estimate(archive, tmp_path / "none.xlsx")
