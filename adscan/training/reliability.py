"""The reliability diagram: what probability was said, and how often it was so."""

from __future__ import annotations

from collections.abc import Sequence

SIDE, MARGIN = 320, 44  # of the plot, in SVG units
LARGEST = 14  # radius of the fullest bin


def render_diagram(rows: Sequence[tuple[float, float, int]]) -> str:
    """An SVG picture of (probability said, share that was so, number of texts) per bin."""
    most = max(count for _, _, count in rows)
    dots = "\n".join(
        f'<circle cx="{_x(said)}" cy="{_y(so)}" r="{3 + LARGEST * (count / most) ** 0.5:.1f}"'
        f' fill="#0b6" fill-opacity="0.6"><title>{said:.2f}: {so:.2f}, {count}</title></circle>'
        for said, so, count in rows
    )
    ticks = "\n".join(
        f'<text x="{_x(at)}" y="{SIDE + MARGIN + 18}" text-anchor="middle">{at:.1f}</text>'
        f'<text x="{MARGIN - 8}" y="{_y(at) + 4}" text-anchor="end">{at:.1f}</text>'
        for at in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    size = SIDE + 2 * MARGIN
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}"
 font-family="sans-serif" font-size="12">
<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="#fff" stroke="#888"/>
<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#888" stroke-dasharray="4 4"/>
{dots}
{ticks}
<text x="{size / 2}" y="{size - 6}" text-anchor="middle">probability said</text>
<text x="14" y="{size / 2}" text-anchor="middle" transform="rotate(-90 14 {size / 2})">
share that breaks the law</text>
</svg>
"""


def _x(share: float) -> float:
    return round(MARGIN + SIDE * share, 1)


def _y(share: float) -> float:
    return round(MARGIN + SIDE * (1 - share), 1)
