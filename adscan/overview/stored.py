"""What the result tables hold, as the records that reports know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb

from adscan.classify.activity import load_activities
from adscan.records.part import PartKind
from adscan.records.permit import PermitStatus
from adscan.records.review import Evidence
from adscan.records.rule import Checked, Decision, Severity
from adscan.report import wording
from adscan.report.places import part_name
from adscan.report.rows import words
from adscan.report.workbook.values import Day

Row = dict[str, Any]
Values = Sequence[object] | Mapping[str, object]  # of the parameters of a query

BATCH = 2_000  # rows held at a time
MOST = 5  # names that one cell lists
# SQL: how grave a finding is, 0 the gravest; and how an ad's decision ranks.
GRAVITY = "CASE {0} WHEN 'high' THEN 0 WHEN 'medium' THEN 1 WHEN 'low' THEN 2 ELSE 3 END"
# SQL: where an ad ran, by its id; where that is unknown, as the archive writes it.
MEDIUM = "coalesce({0}medium, nullif(trim({0}medium_given), ''))"
# SQL: who advertises, one name however its brackets and blanks are written; null if nobody knows.
NAME = "coalesce(nullif(trim({0}advertiser), ''), {0}permit_advertiser)"
WHO = f"nullif(regexp_replace(translate({NAME}, '（）', '()'), '\\s', '', 'g'), '')"
_EDITION = re.compile(r"（[^（）]*(?:\d{4}年|条文)[^（）]*）$")


def fetch(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    values: Values = (),
) -> Iterator[Row]:
    """The rows of a query as they come. Until they are used up the connection is busy with them."""
    result = connection.execute(query, values)
    names = [column[0] for column in result.description or ()]
    while batch := result.fetchmany(BATCH):
        for row in batch:
            yield dict(zip(names, row, strict=True))


def one(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    values: Values = (),
) -> tuple[Any, ...]:
    """The only row of a query."""
    row: tuple[Any, ...] | None = connection.execute(query, values).fetchone()
    assert row is not None
    return row


def scanned_at(connection: duckdb.DuckDBPyConnection) -> str:
    """When the newest review was made, ISO 8601; empty if there is none."""
    (moment,) = one(connection, "SELECT coalesce(max(checked_at), '') FROM ads")
    return str(moment)


def quoted(evidence: Sequence[Mapping[str, Any]]) -> str:
    """The words of a finding's evidence; says so if it is about the whole ad."""
    found: list[Evidence] = []
    for e in evidence:
        one = Evidence(e["part"], e["text"], e["start"], e["end"], e["page"], (), e["read_as"])
        if found and _goes_on(found[-1], one):
            found[-1] = replace(found[-1], text=found[-1].text + one.text, end=one.end)
        else:
            found.append(one)
    return words(found) or "针对整篇内容，没有具体词句"


def _goes_on(earlier: Evidence, later: Evidence) -> bool:
    plain = earlier.read_as is None and later.read_as is None
    return plain and earlier.part == later.part and earlier.end == later.start


def places(evidence: Sequence[Mapping[str, Any]]) -> str:
    """The parts in which the words stand, each once: `正文`, `第 2 张图`, `第 3 页`."""
    return "；".join(dict.fromkeys(_place(e["part"], e["page"]) for e in evidence))


def _place(part: str, page: int | None) -> str:
    kind, _, number = part.partition(":")
    if page:
        return f"第 {page} 页"
    if kind == PartKind.IMAGE.value and number.isdigit() and int(number):
        return f"第 {int(number) + 1} 张图"  # not the first, so there are several
    return part_name(part, ())


def cite(title: str, article: str) -> str:
    """`《中华人民共和国广告法》第二十五条`, as `wording.cite` has it."""
    return f"《{_EDITION.sub('', title)}》{article}"


def doubt(provision: Mapping[str, Any]) -> str:
    """How the provision was checked, in brackets, where that matters; else empty."""
    tag = wording.CHECKED[Checked(provision["checked"])]
    return f"[{tag}]" if tag else ""


def severity(value: str | None) -> str:
    """The Chinese word; empty for none."""
    return wording.SEVERITIES[Severity(value)] if value else ""


def decision(value: str) -> str:
    """The Chinese word."""
    return wording.DECISIONS[Decision(value)]


def permit(value: str | None) -> str:
    """The Chinese words for a permit status; empty for none."""
    return wording.PERMITS[PermitStatus(value)] if value else ""


def activity(value: str) -> str:
    """The Chinese name of an activity; the id itself if it is not in the table."""
    known = load_activities().get(value)
    return known.name if known else value


def advertiser(given: str | None, found: str | None) -> str:
    """Who advertises: as told, else as found in the ad itself; empty if nobody is."""
    return given or (f"{found}（据广告内容）" if found else "")


def medium(value: str | None) -> str:
    """The Chinese name of what MEDIUM gives."""
    return wording.medium(value) or "未提供"


def published(day: date | None, judged_as_of: date) -> str:
    """The day of an ad, or that nobody gave one and whose law was applied."""
    return Day(day) if day else f"未提供（按 {judged_as_of} 的法律判断）"


def seen_on(day: date | None) -> str:
    """The first or last day of ads of which some have a day."""
    return Day(day) if day else "未知"


def some(names: Sequence[str], most: int = MOST) -> str:
    """The first few names, and how many there are."""
    told = "、".join(names[:most])
    return told if len(names) <= most else f"{told} 等 {len(names)} 个"
