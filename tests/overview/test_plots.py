import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from adscan.overview.groups import Group, Table
from adscan.overview.plots import BAR_UNITS, HEIGHT, YEAR_WIDTH, bar, month_plot
from adscan.records.rule import Decision


def group(key, **decisions):
    counts = dict.fromkeys(Decision, 0) | {Decision(k): n for k, n in decisions.items()}
    return Group(key, key, sum(counts.values()), counts, 0, 0)


def drawn(svg, tag="rect"):
    return list(ElementTree.fromstring(svg).iter(tag))


def test_a_bar_is_as_long_as_its_share_of_the_most():
    rects = drawn(bar(group("a", reject=3, review=1, **{"pass": 50}), most=8))
    assert [(r.get("class"), float(r.get("width"))) for r in rects] == [
        ("reject", BAR_UNITS * 3 / 8),
        ("review", BAR_UNITS / 8),
    ]
    assert float(rects[1].get("x")) == BAR_UNITS * 3 / 8


def test_a_bar_of_nothing_is_empty():
    assert drawn(bar(group("a", **{"pass": 9}), most=1)) == []


def test_columns_are_stacked_without_gaps_and_to_scale():
    rects = drawn(month_plot(Table([group("2026-10", reject=2, error=2), group("2026-11")])))
    assert [r.get("class") for r in rects] == ["reject", "error"]
    lower, upper = ((float(r.get("y")), float(r.get("height"))) for r in rects)
    assert upper[0] + upper[1] == pytest.approx(lower[0])
    assert lower[1] + upper[1] == pytest.approx(HEIGHT)  # four ads are the whole of a scale to 4


def test_months_without_ads_keep_their_place():
    svg = month_plot(Table([group("2025-11", reject=1), group("2026-02", reject=1)]))
    names = [t.text for t in drawn(svg, "text") if t.get("class") == "month"]
    assert names == ["11", "12", "1", "2"]


def years(svg):
    return [t for t in drawn(svg, "text") if t.get("class") == "year"]


def gaps(svg):
    return [line for line in drawn(svg, "line") if line.get("class") == "gap"]


def test_years_are_told_at_the_first_month_and_in_january():
    svg = month_plot(Table([group("2025-11", reject=1), group("2026-02", reject=1)]))
    assert [t.text for t in years(svg)] == ["2025 年", "2026 年"]
    assert gaps(svg) == []


def test_years_are_told_and_gaps_marked_where_months_are_left_out():
    months = ["2016-05", "2016-06", "2019-03", "2026-11"]
    svg = month_plot(Table([group(one, reject=1) for one in months]))
    assert [t.text for t in years(svg)] == ["2016 年", "2019 年", "2026 年"]
    assert len(gaps(svg)) == 2


def test_the_earlier_months_are_no_gap():
    svg = month_plot(Table([group("", reject=7), group("2026-11", reject=1)]))
    assert gaps(svg) == []
    assert [t.text for t in years(svg)] == ["2026 年"]


def test_names_of_many_years_do_not_touch_each_other():
    svg = month_plot(Table([group(f"{1990 + n}-02", reject=1) for n in range(36)]))
    places = [(float(t.get("y")), float(t.get("x"))) for t in years(svg)]
    assert len(places) == 36
    height = float(ElementTree.fromstring(svg).get("viewBox").split()[3])
    assert max(y for y, _ in places) < height
    for (line, left), (next_line, right) in pairwise(sorted(places)):
        assert line != next_line or right - left >= YEAR_WIDTH


def test_a_stray_date_does_not_stretch_the_plot():
    svg = month_plot(Table([group("0001-01", reject=1), group("2026-11", reject=1)]))
    assert len([t for t in drawn(svg, "text") if t.get("class") == "month"]) == 2


def test_earlier_months_are_one_column():
    svg = month_plot(Table([group("", reject=7), group("2026-11", reject=1)]))
    assert "更早" in svg


@pytest.mark.parametrize("most", [1, 3, 7, 19, 99, 100, 101, 5_000, 999_999, 1_000_000])
def test_the_scale_is_of_whole_numbers_and_holds_the_highest_column(most):
    svg = month_plot(Table([group("2026-11", reject=most)]))
    ticks = [t.text for t in drawn(svg, "text") if t.get("class") == "tick"]
    values = [int(tick.replace(",", "")) for tick in ticks]
    assert len(values) == 5
    assert most <= values[-1] <= max(4, 2.5 * most)
    assert len({b - a for a, b in pairwise(values)}) == 1


def test_nothing_to_draw_gives_no_plot():
    assert month_plot(Table([])) == ""
    assert month_plot(Table([group("2026-11", **{"pass": 9})])) == ""


def test_plots_carry_no_style_of_their_own():
    svg = month_plot(Table([group("2026-11", reject=5)])) + bar(group("a", reject=1), 1)
    assert not re.search(r"style=|#[0-9a-f]{3}", svg)
