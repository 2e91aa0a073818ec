"""Plots of the statistics page, as SVG. Colours come from the style sheet; the numbers stand
in a table below each."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from adscan.web.kept.states import STEP_NAMES, Step
from adscan.web.showing.statistics import Slice

WIDTH, HEIGHT = 960, 220  # of the plot without its margins
LEFT, TOP, BELOW = 48, 14, 40
WIDEST = 22  # of a column
TICKS = 4
LABELS = 12  # so many days can be named below
KINDS = {"submitted": "送审", "decided": "作出决定"}


def flow_plot(slices: Sequence[Slice], by_month: bool) -> Markup:
    """Columns side by side: submitted and decided. Nothing to draw gives an empty string."""
    most = max((max(one.submitted, one.decided) for one in slices), default=0)
    if not most:
        return Markup("")
    top = round_up(most)
    step = (WIDTH - LEFT) / len(slices)
    width = min(WIDEST, step * 0.38)
    pieces = [_grid(top)]
    every = -(-len(slices) // LABELS)
    for place, one in enumerate(slices):
        middle = LEFT + step * (place + 0.5)
        name = f"{one.first:%Y-%m}" if by_month else f"{one.first:%m-%d}"
        told = name if by_month else f"{name} 起"
        for kind, x, count in (
            ("submitted", middle - width, one.submitted),
            ("decided", middle, one.decided),
        ):
            title = f"{told}：{KINDS[kind]} {count:,} 件"
            pieces.append(_column(kind, x, width, HEIGHT * count / top, title) if count else "")
        if place % every == 0:
            pieces.append(_label(name, middle))
    unit = "月" if by_month else "周"
    height = TOP + HEIGHT + BELOW
    return Markup(
        f'<svg class="flow" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="每{unit}送审和作出决定的件数，数字见下表">{"".join(pieces)}</svg>'
    )


def share_bar(outcomes: dict[Step, int]) -> Markup:
    """One bar cut by outcome; the numbers stand beside it. Empty if there are none."""
    whole = sum(outcomes.values())
    if not whole:
        return Markup("")
    pieces, at = [], 0.0
    for step, count in outcomes.items():
        width = 100 * count / whole
        if width:
            pieces.append(
                f'<rect class="{step.value}" x="{at:.2f}" y="0" width="{width:.2f}" height="10">'
                f"<title>{STEP_NAMES[step]} {count:,} 件</title></rect>"
            )
        at += width
    return Markup(
        '<svg class="shares" viewBox="0 0 100 10" preserveAspectRatio="none" role="img"'
        f' aria-label="各种结论所占份额，数字见下表">{"".join(pieces)}</svg>'
    )


def interval_bar(share: float, low: float, high: float) -> Markup:
    """A share with its interval, from 0 to 100 %; the numbers stand beside it."""
    return Markup(
        '<svg class="interval" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="ground" x="0" y="5" width="100" height="2"/>'
        f'<rect class="range" x="{low * 100:.1f}" y="3" width="{max(1.0, (high - low) * 100):.1f}"'
        f' height="6"/><rect class="point" x="{min(98.0, share * 100):.1f}" y="0" width="2"'
        ' height="12"/></svg>'
    )


def round_up(count: int) -> int:
    """The next number that four even steps of 1, 2 or 5 times a power of ten lead to."""
    power = 1
    while True:
        for factor in (4, 8, 20):
            if factor * power >= count:
                return factor * power
        power *= 10


def _grid(top: int) -> str:
    pieces = []
    for tick in range(0, top + 1, top // TICKS):
        y = TOP + HEIGHT * (1 - tick / top)
        pieces.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:,}</text>'
        )
    return "".join(pieces)


def _column(kind: str, x: float, width: float, height: float, title: str) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{TOP + HEIGHT - height:.1f}" width="{width:.1f}"'
        f' height="{height:.1f}"><title>{title}</title></rect>'
    )


def _label(text: str, middle: float) -> str:
    y = TOP + HEIGHT + 20
    return f'<text class="day" x="{middle:.1f}" y="{y}" text-anchor="middle">{text}</text>'
