"""A whole archive as one self-contained page that opens however large the archive is.

DuckDB counts; the page holds the figures, and of the lists only what there is room for, the worst
first. It says how many it leaves out and which command gives them all. Nothing is loaded from
anywhere; all text is escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from adscan.overview import figures, shortlist, stored
from adscan.overview.alerts import day_range
from adscan.overview.embedded import embed
from adscan.overview.groups import PROBLEMS
from adscan.overview.plots import SERIES, bar, month_plot
from adscan.overview.shortlist import Campaign
from adscan.records.rule import Decision
from adscan.report.self_contained import asset, page_templates, policy_hash
from adscan.scan.results import open_results, read_manifest

PICTURE_BYTES = 2_000_000  # of all campaigns' pictures
ON_PAPER = 10  # campaigns and unread ads that are printed
POINTS = {"archive": "档案（少误报）", "prereview": "预审（少漏报）"}
MADE_BY = ("adscan", "rulebook", "classifier", "ocr", "register")
# An ad that cannot be read is not judged again, so it keeps the versions of its first run.
_MADE_BY = "SELECT " + ", ".join(
    f"list_sort(list(DISTINCT {one}) FILTER ({one} IS NOT NULL))" for one in MADE_BY
)


@dataclass(frozen=True)
class Shown:
    """A campaign and its picture."""

    campaign: Campaign
    picture: str | None  # a data URI
    place: int  # from 1


def render_page(folder: Path) -> Iterator[str]:
    """The page in pieces. Raises ResultsError if the folder holds no results of this version."""
    manifest = read_manifest(folder)
    templates = _templates()
    style = Markup(f"{asset(templates, 'report.css')}\n{asset(templates, 'archive.css')}")
    script = asset(templates, "archive.js")
    with closing(open_results(folder)) as results:
        yield from templates.get_template("archive.html").generate(
            **_figures(results),
            **_lists(results),
            manifest=manifest,
            style=style,
            style_hash=policy_hash(style),
            script=script,
            script_hash=policy_hash(script),
            problems=PROBLEMS,
            series=SERIES,
            one_pass=Decision.PASS,
            points=POINTS,
            on_paper=ON_PAPER,
        )


def share(part: int, whole: int) -> str:
    """`12.3%`; never 0% for what is not nought, nor 100% for what is not all; `—` of nothing."""
    if not whole:
        return "—"
    if 0 < part * 1000 < whole:
        return "不足 0.1%"
    if 0 < (whole - part) * 1000 < whole:
        return "超过 99.9%"
    return f"{part / whole:.1%}"


def run_name(run: Mapping[str, Any]) -> str:
    """What a run of the manifest was: `重判` if it read nothing and judged again."""
    return "重判" if run.get("judged_again") and run.get("read") == 0 else "扫描"


def _templates() -> Environment:
    templates = page_templates(
        ChoiceLoader(
            [
                PackageLoader("adscan.overview", "templates"),
                PackageLoader("adscan.report.formats", "templates"),
            ]
        )
    )
    templates.globals["bar"] = bar
    templates.globals["day_range"] = day_range
    templates.globals["run_name"] = run_name
    templates.globals["share"] = share
    templates.filters["count"] = lambda number: f"{number:,}"
    return templates


def _figures(results: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    months = figures.by_month(results)
    made_by = stored.one(results, f"{_MADE_BY} FROM ads WHERE decision <> 'error'")
    return {
        "totals": figures.find_totals(results),
        "rules": figures.by_rule(results),
        "severities": figures.by_severity(results),
        "media": figures.by_medium(results),
        "activities": figures.by_activity(results),
        "genres": figures.by_genre(results),
        "permits": figures.by_permit(results),
        "months": months,
        "month_plot": month_plot(months),
        "advertisers": figures.by_advertiser(results),
        "made_by": {name: values or [] for name, values in zip(MADE_BY, made_by, strict=True)},
    }


def _lists(results: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    finding_count = shortlist.make_shortlist(results)
    embedded = embed(shortlist.listed_findings(results))
    campaigns = shortlist.listed_campaigns(results, figures.rule_titles(results))
    return {
        "finding_count": finding_count,
        "embedded": embedded,
        "campaign_count": shortlist.count_campaigns(results),
        "campaigns": list(_pictured(campaigns)),
        "unread": shortlist.listed_unread(results),
    }


def _pictured(campaigns: Iterable[Campaign]) -> Iterator[Shown]:
    room = PICTURE_BYTES
    for place, campaign in enumerate(campaigns, 1):
        uri = None
        if campaign.picture and len(campaign.picture) <= room:
            room -= len(campaign.picture)
            uri = f"data:image/jpeg;base64,{base64.b64encode(campaign.picture).decode('ascii')}"
        yield Shown(campaign, uri, place)
