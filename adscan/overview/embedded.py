"""The list of findings as JSON that a page's script reads: every text once, rows point at it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from adscan.overview.shortlist import Listed
from adscan.report import wording

MOST_BYTES = 4_000_000  # of the list; a page of 8 MB still opens at once

# The columns of a row. Those in TEXTS are places in the list of texts.
_OF_FAULT = ("title", "place", "explanation", "remedy", "authority")
_OF_AD = ("source", "url", "ad_title", "advertiser", "permit", "medium", "day")
TEXTS = (*_OF_FAULT, *_OF_AD)
_KINDS = ("decision", "rule", "severity", "asked", "sure")
_LISTS = ("quotes", "more", "disguises", "laws", "more_laws")
COLUMNS = (*_KINDS, *TEXTS, *_LISTS, "ads", "campaign_ads")


@dataclass(frozen=True)
class Embedded:
    """A list as JSON, safe inside a script element."""

    document: Markup
    rows: int


def embed(findings: Iterable[Listed], most_bytes: int = MOST_BYTES) -> Embedded:
    """As many of the findings, from the first on, as there is room for."""
    texts = _Texts()
    rows: list[str] = []
    size = 0
    for finding in findings:
        row = _json(_row(finding, texts.place))
        size += _bytes(row)
        if size + texts.size > most_bytes:
            break
        rows.append(row)
    document = {
        "columns": COLUMNS,
        "textColumns": TEXTS,
        "texts": list(texts.places),
        "decisions": {one.value: told for one, told in wording.DECISIONS.items()},
        "severities": {one.value: told for one, told in wording.SEVERITIES.items()},
        "asked": {one.value: told for one, told in wording.FINDING_DECISIONS.items()},
    }
    whole = _json(document)[:-1] + ',"rows":[' + ",\n".join(rows) + "]}"
    return Embedded(Markup(whole), len(rows))


class _Texts:
    """Different texts and their places."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.size = 0  # bytes

    def place(self, text: str) -> int:
        """Where the text stands in the list."""
        if text not in self.places:
            self.places[text] = len(self.places)
            self.size += _bytes(_json(text))
        return self.places[text]


def _row(finding: Listed, at: Callable[[str], int]) -> list[object]:
    fault = finding.fault
    return [
        finding.decision.value,
        fault.rule,
        fault.severity.value,
        fault.asked.value,
        wording.percent(fault.confidence),
        at(fault.title),
        at(fault.place),
        at(fault.explanation),
        at(fault.remedy),
        at(fault.authority),
        at(finding.source),
        at(finding.url),
        at(finding.title),
        at(finding.advertiser),
        at(finding.permit),
        at(finding.medium),
        at(finding.day),
        fault.quotes,
        fault.more,
        fault.disguises,
        [at(law) for law in fault.laws],
        fault.more_laws,
        finding.ads,
        finding.campaign_ads,
    ]


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _json(value: object) -> str:
    """JSON in which nothing can end the script element or begin a comment in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
