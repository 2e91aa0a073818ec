"""The register as rows of the `general` layout: imported elsewhere, they give the same answers.

What was known on one day goes out. Each permit names the list that it was read from; rows at the
end, without an institution, say of each list whether it was complete. Earlier versions stay in the
register file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from adscan.permits.lists.profile import GENERAL, FieldName, load_profiles
from adscan.permits.lists.values import place_of
from adscan.permits.permit_type import load_permit_types
from adscan.permits.places import NATION, place_name
from adscan.permits.register import Register
from adscan.records.permit import (
    Institution,
    KnownName,
    NameKind,
    PermitLine,
    PermitState,
    Snapshot,
)

STATES = {
    PermitState.ACTIVE: "正常",
    PermitState.SUSPENDED: "暂停",
    PermitState.REVOKED: "吊销",
    PermitState.CANCELLED: "注销",
}
PARTING = "；"
_NAMES: tuple[tuple[FieldName, NameKind], ...] = (
    ("former", NameKind.FORMER),
    ("short", NameKind.SHORT),
    ("brand", NameKind.BRAND),
    ("app", NameKind.APP),
    ("account", NameKind.ACCOUNT),
)
_Cells = dict[FieldName, str]


@cache
def headings() -> dict[FieldName, str]:
    """The columns of the layout, in its order, by the header that is written."""
    return {field: headers[0] for field, headers in load_profiles()[GENERAL].columns.items()}


def export_rows(register: Register, day: date) -> Iterator[dict[str, str]]:
    """Every permit as of a day, institutions without one, and the lists; by headers, all filled."""
    for cells in _cells(register, day):
        yield {header: cells.get(field, "") for field, header in headings().items()}


def _cells(register: Register, day: date) -> Iterator[_Cells]:
    holder: Institution | None = None
    written: set[int] = set()
    for institution_id, _, line in register.all_permits(day):
        if holder is None or holder.id != institution_id:
            holder = register.institution(institution_id)
            written.add(institution_id)
        yield {**_institution(holder), **_permit(line)}
    for institution in register.institutions():
        if institution.id not in written:
            yield _institution(institution)
    for snapshot in reversed(register.snapshots()):
        yield _list(snapshot)


def _institution(institution: Institution) -> _Cells:
    cells: _Cells = {
        "name": institution.name,
        "credit_code": institution.credit_code or "",
        "head": institution.head or "",
        "seat": written_place(institution.region) if institution.region else "",
    }
    for field, kind in _NAMES:
        names = [_name(name) for name in institution.names if name.kind is kind]
        cells[field] = PARTING.join(names)
    return cells


def _name(name: KnownName) -> str:
    return f"{name.text}（至{name.until}）" if name.until else name.text


def _permit(line: PermitLine) -> _Cells:
    kind = load_permit_types().get(line.type)
    return {
        "type": kind.name if kind else line.type,
        "number": line.number,
        "authority": line.authority,
        "scope": PARTING.join(line.scope),
        "region": line.region,
        "valid_from": _day(line.valid_from),
        "valid_to": _day(line.valid_to),
        "state": STATES[line.state],
        "state_since": _day(line.state_since),
        "listed_until": _day(line.listed_until),
        "list_source": line.source,
        "list_day": line.snapshot.isoformat(),
    }


def _list(snapshot: Snapshot) -> _Cells:
    return {
        "list_source": snapshot.source,
        "list_day": snapshot.taken.isoformat(),
        "list_complete": "是" if snapshot.complete else "否",
        "list_types": PARTING.join(sorted(snapshot.types)),
        "list_region": written_place(snapshot.region),
        "list_file": snapshot.file_name,
        "list_sha256": snapshot.file_sha256,
        "list_rows": str(snapshot.rows),
    }


@cache
def written_place(code: str) -> str:
    """A place so that it is read back as the same: 浙江省温州市鹿城区; else its code."""
    if code == NATION:
        return place_name(NATION)
    inside = (code[:length] for length in range(2, len(code) + 1, 2))
    name = "".join(place_name(one) for one in inside if place_name(one) != one)
    return name if place_of(name) == code else code


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
