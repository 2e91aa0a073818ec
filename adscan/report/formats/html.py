"""One self-contained page: picture and text with numbered marks, findings, law, what to change.

Nothing is loaded from anywhere, and a content security policy says so to the browser: the only
style and script are the two of this package, named by their hashes. All text is escaped.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from adscan.records.review import Case
from adscan.records.rule import Decision, Severity
from adscan.report import wording
from adscan.report.ad_page import AdPage, ad_page
from adscan.report.badges import Box
from adscan.report.self_contained import asset, page_templates, policy_hash

SPOOL_BYTES = 32_000_000  # of finished sections kept in memory; beyond it they go to disk
PIECE_CHARACTERS = 1_000_000


@dataclass(frozen=True)
class Row:
    """One ad in the overview."""

    number: int
    source: str
    title: str | None
    decision: Decision
    severities: dict[Severity, int]
    first: str  # the title of the gravest finding, or the first gap
    published: str


class Html:
    """The page. Sections are spooled, for the overview of several ads stands before them."""

    def __init__(self) -> None:
        self._templates = _environment()

    def render(self, cases: Iterable[Case]) -> Iterator[str]:
        """The page in pieces; it begins when the last case is there."""
        rows: list[Row] = []
        checked_at = ""
        section = self._templates.get_template("ad.html")
        with tempfile.SpooledTemporaryFile(
            SPOOL_BYTES, mode="w+", encoding="utf-8", newline=""
        ) as sections:
            for number, case in enumerate(cases, 1):
                page = ad_page(number, case)
                rows.append(_row(page))
                checked_at = max(checked_at, case.review.provenance.checked_at)
                sections.writelines(section.generate(page=page))
            yield self._head(rows, checked_at)
            sections.seek(0)
            while piece := sections.read(PIECE_CHARACTERS):
                yield piece
        yield self._templates.get_template("foot.html").render(script=_script(self._templates))

    def _head(self, rows: list[Row], checked_at: str) -> str:
        style = asset(self._templates, "report.css")
        script = _script(self._templates)
        counts = Counter(row.decision for row in rows)
        return self._templates.get_template("head.html").render(
            rows=rows,
            counts=[
                (decision, counts[decision]) for decision in wording.DECISIONS if counts[decision]
            ],
            checked_at=checked_at,
            style=style,
            style_hash=policy_hash(style),
            script_hash=policy_hash(script),
        )


def _environment() -> Environment:
    environment = page_templates(PackageLoader("adscan.report.formats", "templates"))
    environment.filters["points"] = _points
    return environment


def _row(page: AdPage) -> Row:
    review = page.review
    first = review.findings[0].title if review.findings else "；".join(page.gaps[:1])
    return Row(
        number=page.number,
        source=wording.source_name(review.ad.source),
        title=review.ad.title,
        decision=review.decision,
        severities=dict(Counter(finding.severity for finding in review.findings)),
        first=first,
        published=review.ad.published,
    )


def _points(box: Box) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in box.polygon)


def _script(templates: Environment) -> Markup:
    return asset(templates, "report.js")
