"""What every report format does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from adscan.errors import SettingsError
from adscan.records.review import Case
from adscan.report.formats import BINARY, NAMES, load_format
from tests.report import cases


def rendered(name: str, shown: Iterable[Case]) -> bytes:
    """The whole report. Also: text can always be encoded."""
    pieces = load_format(name).render(shown)
    return b"".join(p.encode("utf-8") if isinstance(p, str) else p for p in pieces)


@pytest.mark.parametrize("name", NAMES)
def test_every_format_renders_every_case(name: str) -> None:
    assert rendered(name, cases.every_case())


@pytest.mark.parametrize("name", NAMES)
def test_same_cases_give_the_same_report(name: str) -> None:
    once, again = (rendered(name, cases.every_case()) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("name", NAMES)
def test_report_survives_words_and_names_that_are_no_text(name: str) -> None:
    assert rendered(name, [cases.hostile_text(), cases.odd_name()])


@pytest.mark.parametrize("name", NAMES)
def test_no_case_gives_a_report_all_the_same(name: str) -> None:
    assert rendered(name, []) or name == "jsonl"


@pytest.mark.parametrize("name", NAMES)
def test_only_the_binary_formats_give_bytes(name: str) -> None:
    pieces = list(load_format(name).render([cases.clean_text()]))
    assert all(isinstance(piece, bytes) == (name in BINARY) for piece in pieces)


@pytest.mark.parametrize("name", sorted(set(NAMES) - BINARY))
def test_leading_authority_is_told(name: str) -> None:
    assert "证券监督管理部门" in rendered(name, [cases.poster()]).decode("utf-8")


@pytest.mark.parametrize("name", ["terminal", "html", "csv"])
def test_report_for_people_tells_unread_from_clean(name: str) -> None:
    report = rendered(name, [cases.unreadable()]).decode("utf-8")
    assert "未能审查" in report
    assert "图片不完整，请重新下载或导出后再试" in report
    assert "未发现问题" not in report


def test_table_of_formats_loads_no_heavy_library() -> None:
    code = "import sys, adscan.report.formats; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not {"rich", "jinja2", "PIL", "numpy", "openpyxl"} & set(run.stdout.split())


def test_unknown_format_is_told_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="terminal"):
        load_format("docx")


def test_json_of_one_ad_is_the_review_itself() -> None:
    document = json.loads(rendered("json", [cases.poster()]))
    assert document["decision"] == "reject"


def test_json_is_as_agreed() -> None:
    golden = Path(__file__).parents[1] / "golden" / "report" / "poster.json"
    text = rendered("json", [cases.poster()]).decode("utf-8")
    if os.environ.get("ADSCAN_WRITE_GOLDEN"):
        golden.write_text(text, "utf-8")
    assert golden.read_text("utf-8") == text


@pytest.mark.parametrize("count", [0, 2, 3])
def test_json_of_none_or_several_is_an_array(count: int) -> None:
    document = json.loads(rendered("json", cases.every_case()[:count]))
    assert isinstance(document, list)
    assert len(document) == count


def test_no_ad_gives_no_json_line() -> None:
    assert list(load_format("jsonl").render([])) == []


def test_json_lines_are_one_review_a_line() -> None:
    report = rendered("jsonl", cases.every_case()).decode("utf-8")
    sources = [json.loads(line)["ad"]["source"] for line in report.splitlines()]
    assert sources == [case.review.ad.source for case in cases.every_case()]


@pytest.mark.parametrize("name", ["jsonl", "terminal", "sarif", "csv"])
def test_first_review_is_written_before_the_second_is_made(name: str) -> None:
    made: list[str] = []

    def coming() -> Iterator[Case]:
        for case in cases.every_case():
            made.append(case.review.ad.source)
            yield case

    report = iter(load_format(name).render(coming()))
    while not made:
        next(report)
    assert len(made) == 1
