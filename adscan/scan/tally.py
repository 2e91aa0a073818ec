"""What a scan has done so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from adscan.scan.task import Row

COUNTERS = ("decisions", "severities")


@dataclass
class Tally:
    """Counts of one run."""

    ads: int = 0  # rows written
    unchanged: int = 0  # known from before, not scanned again
    copies: int = 0  # of `ads`: judged before under the same circumstances
    read: int = 0  # contents read anew
    judged_again: int = 0  # judged from what was read before
    errors: int = 0  # of `ads`: could not be reviewed
    unread: int = 0  # of `ads`: not everything could be read
    absent: int = 0  # of earlier runs, no longer in the sources
    resumed: int = 0  # of `ads`: done before the run was cut off
    decisions: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Tally:
        """As it was noted; all zero if nothing was."""
        known = {field.name: row[field.name] for field in fields(cls) if field.name in row}
        for name in COUNTERS:
            known[name] = Counter(known.get(name, {}))
        return cls(**known)

    def add(self, row: Row) -> None:
        """One ad's row."""
        self.ads += 1
        self.errors += row["decision"] == "error"
        self.unread += row["unread"]
        self.decisions[row["decision"]] += 1
        if row["severity"]:
            self.severities[row["severity"]] += 1

    @property
    def seen(self) -> int:
        """Entries gone by since the run began, or began again."""
        return self.ads - self.resumed + self.unchanged

    def settle(self) -> None:
        """At the end: what was done before the run was cut off is not known from an earlier one."""
        self.unchanged = max(0, self.unchanged - self.resumed)
        self.resumed = 0

    def as_row(self) -> dict[str, Any]:
        """For the journal and the manifest."""
        counts = {field.name: getattr(self, field.name) for field in fields(self)}
        return counts | {name: dict(counts[name]) for name in COUNTERS}
