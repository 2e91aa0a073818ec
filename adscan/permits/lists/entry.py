"""One row of a list, read and checked: what the register is to take in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from adscan.records.permit import NameKind, PermitState


@dataclass(frozen=True)
class Entry:
    """One row of a list, read and checked."""

    row: int  # where it stands, for messages; from 1
    name: str
    type: str  # id of the permit type; empty: the row tells names only
    credit_code: str | None = None
    head: str = ""  # full name of the legal person, of a branch
    former: tuple[str, ...] = ()
    other_names: tuple[tuple[NameKind, str], ...] = ()
    number: str = ""
    authority: str = ""
    scope: tuple[str, ...] = ()
    region: str = ""  # as printed
    place: str = ""  # code of the institution's seat
    valid_from: date | None = None
    valid_to: date | None = None
    state: PermitState = PermitState.ACTIVE
    state_since: date | None = None
    last_days: Mapping[str, date] = field(default_factory=dict)  # of former names, where told
    listed_until: date | None = None  # a later complete list no longer has it


def iso(day: date | None) -> str | None:
    """A day as the register writes it."""
    return day.isoformat() if day else None
