"""`adscan permits show`: one institution, by any of its names, its code or a permit number."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from adscan.cli.chinese import ChineseCommand
from adscan.cli.options import day_option, format_option, opened, register_option, today
from adscan.cli.permit_pages import render_candidates, render_dossier
from adscan.permits.dossier import Dossier, Found, find, open_dossier
from adscan.permits.standing import standing
from adscan.records.permit import Institution
from adscan.report.document import as_json, permit_line
from adscan.report.visible import one_line

NOTHING = 1
FORMATS = ("terminal", "json")


@click.command(
    "show",
    cls=ChineseCommand,
    help="查一家机构。NAME 可以是全称、曾用名、简称、品牌、拼音字母、统一社会信用代码或许可证编号。"
    "写得不全时列出可能的几家。",
)
@click.argument("name", metavar="NAME")
@day_option("按哪一天；默认今天")
@format_option(FORMATS)
@register_option
def command(name: str, day: date | None, format_name: str, register_path: Path | None) -> int:
    """The page, or who may be meant."""
    day = day or today()
    with opened(register_path) as register:
        candidates = find(register, name, day)
        single = candidates[0] if len(candidates) == 1 else None
        dossier = open_dossier(register, single.institution, day) if single else None
    if format_name == "json":
        click.echo(as_json(_document(name, day, candidates, dossier), indent=2))
    elif single and dossier:
        click.echo(render_dossier(single, dossier, day), nl=False)
    elif candidates:
        click.echo(render_candidates(candidates), nl=False)
        click.echo(f"adscan：“{one_line(name)}”可能是以上 {len(candidates)} 家，请写全称", err=True)
    if not candidates:
        hint = "请写全称或统一社会信用代码，或用 adscan permits list --sources 看导入了哪些名录"
        click.echo(f"adscan：登记册里没有“{one_line(name)}”；{hint}", err=True)
    return 0 if candidates else NOTHING


def _document(
    name: str, day: date, candidates: list[Found], dossier: Dossier | None
) -> dict[str, Any]:
    return {
        "query": name,
        "on": day.isoformat(),
        "candidates": [
            {**_brief(found.institution), "fits": found.how, "fitting_name": found.name}
            for found in candidates
        ],
        "institution": _institution(dossier, day) if dossier else None,
    }


def _institution(dossier: Dossier, day: date) -> dict[str, Any]:
    return {
        **_brief(dossier.institution),
        "region": dossier.institution.region,
        "names": [
            {
                "text": name.text,
                "kind": name.kind.value,
                "since": name.since.isoformat() if name.since else None,
                "until": name.until.isoformat() if name.until else None,
            }
            for name in dossier.institution.names
        ],
        "head": _brief(dossier.head) if dossier.head else None,
        "branches": [_brief(branch) for branch in dossier.branches],
        "permits": [
            permit_line(line) | {"standing": standing(line, day).value} for line in dossier.permits
        ],
        "history": [permit_line(line) for line in dossier.history],
        "listed": [
            {
                "type": stretch.type,
                "number": stretch.number,
                "source": stretch.source,
                "since": stretch.since.isoformat(),
                "last": stretch.last.isoformat(),
                "until": stretch.until.isoformat() if stretch.until else None,
            }
            for stretch in dossier.stretches
        ],
    }


def _brief(institution: Institution) -> dict[str, Any]:
    return {"name": institution.name, "credit_code": institution.credit_code}
