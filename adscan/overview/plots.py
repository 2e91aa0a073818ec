"""Plots as inline SVG: columns by month, a bar in a table's row. Colours come from the style."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from markupsafe import Markup

from adscan.overview.groups import PROBLEMS, Group, Table
from adscan.records.rule import Decision
from adscan.report import wording

SERIES = (*PROBLEMS, Decision.ERROR)  # from the axis outwards; passes would dwarf them all
BAR_UNITS = 100  # the width of a bar's view box
HEIGHT, TOP, LEFT, BELOW = 260, 14, 64, 23  # pixels at full size: the plot and its margins
YEAR_HEIGHT, YEAR_WIDTH = 17, 60  # of a year's name, with room around it
WIDTH = 960
WIDEST = 56  # of a column
TICKS = 4
LONGEST = 48  # months that are drawn as a calendar; a longer time only has columns with ads


def bar(group: Group, most: int) -> Markup:
    """Problems of a group by decision; full width is `most` ads. The numbers stand beside it."""
    pieces = []
    at = 0.0
    for decision in PROBLEMS:
        width = BAR_UNITS * group.decisions[decision] / most
        if width:
            pieces.append(
                f'<rect class="{decision.value}" x="{at:.2f}" width="{width:.2f}" height="10"/>'
            )
        at += width
    drawn = "".join(pieces)
    return Markup(
        f'<svg class="bar" viewBox="0 0 {BAR_UNITS} 10" preserveAspectRatio="none"'
        f' aria-hidden="true">{drawn}</svg>'
    )


def month_plot(table: Table) -> Markup:
    """Stacked columns, a month each. Nothing to draw gives an empty string."""
    if not any(map(_height, table.groups)):
        return Markup("")
    columns = _calendar(table.groups)
    top = _round_up(max(_height(group) for _, group in columns))
    step = (WIDTH - LEFT) / len(columns)
    pieces = [_grid(top)]
    before = ""
    for place, (label, group) in enumerate(columns):
        middle = LEFT + step * (place + 0.5)
        if before and _number(label) > _number(before) + 1:
            pieces.append(_gap(middle - step / 2))
        pieces.append(_month_name(label, middle))
        before = label
        if group is not None:
            pieces.append(_column(group, middle, min(WIDEST, step * 0.72), top))
    years, years_height = _years([label for label, _ in columns], step)
    pieces.append(years)
    height = TOP + HEIGHT + BELOW + years_height
    return Markup(
        f'<svg class="months" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="每月有问题或未能审查的广告件数，数字见下表">{"".join(pieces)}</svg>'
    )


def _height(group: Group | None) -> int:
    return sum(group.decisions[one] for one in SERIES) if group else 0


def _calendar(groups: Sequence[Group]) -> list[tuple[str, Group | None]]:
    """The months in turn, those without ads among them."""
    keyed = {group.key or "": group for group in groups}
    months = [key for key in keyed if key]
    counted = [_number(key) for key in months]
    if months and counted[-1] - counted[0] < LONGEST:
        months = [f"{m // 12:04}-{m % 12 + 1:02}" for m in range(counted[0], counted[-1] + 1)]
    earlier: list[tuple[str, Group | None]] = [("", keyed[""])] if "" in keyed else []
    return earlier + [(month, keyed.get(month)) for month in months]


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _gap(x: float) -> str:
    """Marks that months are left out here."""
    return (
        f'<line class="gap" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{TOP + HEIGHT + 20}">'
        "<title>此处略去没有广告的月份</title></line>"
    )


def _column(group: Group, middle: float, width: float, top: int) -> str:
    pieces = []
    below = 0
    for decision in SERIES:
        count = group.decisions[decision]
        if count:
            y, height = _y(below + count, top), HEIGHT * count / top
            pieces.append(
                f'<rect class="{decision.value}" x="{middle - width / 2:.1f}" y="{y:.1f}"'
                f' width="{width:.1f}" height="{height:.1f}"><title>{group.name}'
                f" {wording.DECISIONS[decision]} {count:,} 件</title></rect>"
            )
        below += count
    return "".join(pieces)


def _grid(top: int) -> str:
    lines = []
    for tick in _ticks(top):
        y = _y(tick, top)
        lines.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}">{tick:,}</text>'
        )
    return "".join(lines)


def _month_name(label: str, middle: float) -> str:
    named = str(int(label[5:])) if label else "更早"
    return f'<text class="month" x="{middle:.1f}" y="{TOP + HEIGHT + 17}">{named}</text>'


def _years(labels: Sequence[str], step: float) -> tuple[str, int]:
    """Names the year wherever it changes, in as many lines as they need; and the lines' height."""
    pieces = []
    ends: list[float] = []  # where the last name of each line stands
    for place, label in enumerate(labels):
        if not label or (place and label[:4] == labels[place - 1][:4]):
            continue
        middle = LEFT + step * (place + 0.5)
        line = next((n for n, end in enumerate(ends) if middle - end >= YEAR_WIDTH), len(ends))
        ends[line:] = [middle, *ends[line + 1 :]]
        y = TOP + HEIGHT + BELOW + YEAR_HEIGHT * line + 11
        pieces.append(f'<text class="year" x="{middle:.1f}" y="{y}">{int(label[:4])} 年</text>')
    return "".join(pieces), YEAR_HEIGHT * len(ends)


def _y(count: float, top: int) -> float:
    return TOP + HEIGHT * (1 - count / top)


def _round_up(count: int) -> int:
    """The next of 4, 8, 12, 20, 40, 80, …: a number that four even steps lead to."""
    power = 10 ** (len(str(count)) - 1)
    steps = [factor * max(power, 10) // 10 for factor in (4, 8, 12, 20, 40, 60, 80, 100)]
    return min((step for step in steps if step >= count and step % TICKS == 0), default=count * 2)


def _ticks(top: int) -> Sequence[int]:
    return list(takewhile(lambda tick: tick <= top, range(0, top + 1, max(1, top // TICKS))))
