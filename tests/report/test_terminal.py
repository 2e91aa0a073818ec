from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len

from adscan.records.review import Case
from adscan.report.formats import load_format
from tests.report import cases

GOLDEN = Path(__file__).parents[1] / "golden" / "report"


def rendered(*shown: Case, width: int = 100, colour: bool = False, verbose: bool = False) -> str:
    look = load_format("terminal", width=width, colour=colour, verbose=verbose)
    return "".join(look.render(shown))


def same_as_golden(name: str, text: str) -> bool:
    """Whether the text is the golden one; with ADSCAN_WRITE_GOLDEN set it becomes it."""
    file = GOLDEN / name
    if os.environ.get("ADSCAN_WRITE_GOLDEN"):
        file.write_text(text, "utf-8")
    return file.read_text("utf-8") == text


def test_reviews_look_as_agreed() -> None:
    assert same_as_golden("terminal.txt", rendered(*cases.every_case()))


def test_verbose_reviews_look_as_agreed() -> None:
    assert same_as_golden("terminal-verbose.txt", rendered(cases.poster(), verbose=True))


def test_decision_comes_first() -> None:
    assert rendered(cases.poster()).startswith("【不予发布】")


def test_nothing_in_an_ad_reaches_the_terminal_as_control() -> None:
    assert "\x1b" not in rendered(cases.hostile_text())
    assert "\x1b[31m" not in rendered(cases.hostile_text(), colour=True)


def test_no_colour_means_no_escape_sequence() -> None:
    assert "\x1b" not in rendered(*cases.every_case())


def test_colour_marks_the_words() -> None:
    assert "\x1b[1;4m零风险\x1b[0m" in rendered(cases.poster(), colour=True)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines: Sequence[str] = rendered(*cases.every_case(), width=width).splitlines()
    assert max(map(cell_len, lines)) <= width


def test_no_provision_is_cut_off() -> None:
    shown = "".join(rendered(cases.poster(), width=60).split())
    assert cases.ADVICE_LAW.gist in shown


def test_disguise_is_told_with_its_reading() -> None:
    assert "“保*本保*息”读作“保本保息”" in rendered(cases.poster())


def test_recalled_provision_is_tagged_for_checking() -> None:
    assert "[待核原文]" in rendered(cases.poster(), verbose=True)


def test_mention_gives_its_reason_apart_from_the_findings() -> None:
    report = rendered(cases.poster())
    assert report.index("仅提及，不构成违规") < report.index("否定表述")


def test_no_case_gives_a_sentence() -> None:
    assert rendered() == "没有可审查的内容：请给出文件、文件夹，或用 --text 给出文字。\n"


def test_several_ads_end_with_a_count() -> None:
    assert rendered(*cases.every_case()).splitlines()[-1] == (
        "共 6 件：不予发布 3，需人工复核 1，未发现问题 1，未能审查 1"
    )
