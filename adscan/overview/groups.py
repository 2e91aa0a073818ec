"""Ads counted by what they share: the shape of every table of figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from adscan.overview import stored
from adscan.records.rule import Decision

PROBLEMS = (Decision.REJECT, Decision.REVISE, Decision.REVIEW)
UNREAD = "(unread OR decision = 'error')"
PROBLEM_COUNT = "count(*) FILTER (decision IN ('reject', 'revise', 'review'))"
# Of a table without another name; see stored.
MEDIUM, NAME, WHO = (one.format("") for one in (stored.MEDIUM, stored.NAME, stored.WHO))
_DECISIONS = ", ".join(
    f"count(*) FILTER (decision = '{one.value}') AS {one.value}" for one in Decision
)
_COUNTS = f"""count(*) AS ads, {_DECISIONS}, count(*) FILTER ({UNREAD}) AS unread,
count(*) FILTER (severity = 'high') AS grave"""


@dataclass(frozen=True)
class Group:
    """Ads that share something."""

    key: str | None  # None: those of which it is unknown
    name: str  # Chinese, or as the archive writes it
    ads: int
    decisions: Mapping[Decision, int]
    unread: int  # of `ads`: not everything was read
    grave: int  # of `ads`: with a grave finding
    note: str = ""

    @property
    def problems(self) -> int:
        """Ads that somebody has to look at or that must not run as they are."""
        return sum(self.decisions[one] for one in PROBLEMS)


@dataclass(frozen=True)
class Table:
    """Groups, and how many there are beyond those listed."""

    groups: Sequence[Group]
    left_out: int = 0

    @property
    def most(self) -> int:
        """The most ads with problems in a group, at least 1: what bars are drawn against."""
        return max([1, *(group.problems for group in self.groups)])


@dataclass(frozen=True)
class Grouping:
    """How ads are grouped, in SQL. `name` and `note` are made of the key and `extra`.

    They are not asked for no key.
    """

    key: str
    source: str = "ads"  # with the columns decision, unread, severity
    order: str = "ads DESC, key"
    most: int = 40  # more than there are media or activities
    having: str = "true"
    name: Callable[[str, Any], str] = lambda key, extra: key
    unknown: str = "未提供"
    extra: str = "NULL"  # an aggregate
    note: Callable[[str, Any], str] = lambda key, extra: ""


def count_groups(results: duckdb.DuckDBPyConnection, grouping: Grouping) -> Table:
    """The first groups in their order."""
    rows = stored.fetch(
        results,
        f"""SELECT {grouping.key} AS key, {_COUNTS}, {grouping.extra} AS extra,
            count(*) OVER () AS all_groups
        FROM {grouping.source} GROUP BY key HAVING {grouping.having}
        ORDER BY {grouping.order} LIMIT {grouping.most}""",
    )
    groups = []
    all_groups = 0
    for row in rows:
        all_groups, key = row["all_groups"], row["key"]
        groups.append(
            Group(
                key,
                grouping.unknown if key is None else grouping.name(key, row["extra"]),
                row["ads"],
                {one: row[one.value] for one in Decision},
                row["unread"],
                row["grave"],
                "" if key is None else grouping.note(key, row["extra"]),
            )
        )
    return Table(groups, all_groups - len(groups))
