from __future__ import annotations

from adscan.records.part import Line, LineKind, Part, PartKind
from adscan.records.text import Span
from adscan.report.marking import Mark, Run, runs

TEXT = "零风险，稳赚不赔"


def mark(label: str, start: int, end: int, style: str = "high") -> Mark:
    return Mark(label, f"f{label}", f"f{label}-e1", style, Span(start, end))


def cut(*marks: Mark, lines: tuple[Line, ...] = ()) -> list[Run]:
    return list(runs(Part("text:0", PartKind.TEXT, TEXT, lines), marks))


def test_runs_joined_are_the_text() -> None:
    assert "".join(run.text for run in cut(mark("1", 0, 3), mark("2", 1, 8))) == TEXT


def test_overlapping_marks_are_both_there() -> None:
    labels = [[m.label for m in run.marks] for run in cut(mark("1", 0, 3), mark("2", 1, 8))]
    assert labels == [["1"], ["1", "2"], ["2"]]


def test_each_mark_begins_once() -> None:
    begun = [m.label for run in cut(mark("1", 0, 3), mark("2", 1, 8)) for m in run.begins]
    assert begun == ["1", "2"]


def test_gravest_mark_gives_the_style() -> None:
    styles = [run.style for run in cut(mark("1", 0, 3, "low"), mark("2", 1, 8, "medium"))]
    assert styles == ["low", "medium", "medium"]


def test_unsure_line_is_unsure_all_through() -> None:
    line = Line(TEXT, Span(0, 8), 0.4, unsure=True)
    assert all(run.unsure for run in cut(mark("1", 0, 3), lines=(line,)))


def test_barcode_is_told_where_it_begins() -> None:
    line = Line("稳赚不赔", Span(4, 8), 1.0, kind=LineKind.BARCODE)
    assert [(run.text, run.barcode) for run in cut(lines=(line,))] == [
        ("零风险，", False),
        ("稳赚不赔", True),
    ]


def test_empty_text_has_no_runs() -> None:
    assert not list(runs(Part("text:0", PartKind.TEXT, ""), []))
