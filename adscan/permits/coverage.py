"""What the imported lists can prove: only a complete list of the day itself proves an absence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from adscan.permits.company_name import take_apart
from adscan.permits.permit_type import PermitType, load_permit_types, types_covering
from adscan.permits.places import NATION, covers
from adscan.permits.register import Register
from adscan.records.permit import Institution, Snapshot


@dataclass(frozen=True)
class Lists:
    """The lists of a register, as evidence."""

    register: Register
    within: timedelta  # how far from the day a complete list counts

    @cached_property
    def _by_type(self) -> dict[str, list[Snapshot]]:
        found: dict[str, list[Snapshot]] = {}
        for snapshot in self.register.snapshots():
            for kind in sorted(snapshot.types):
                found.setdefault(kind, []).append(snapshot)
        return found

    def imported(self, activity: str) -> bool:
        """Whether there is any list of a type that would do."""
        return any(kind in self._by_type for kind in types_covering(activity))

    def imported_own(self, activity: str) -> bool:
        """Whether there is any list of a type that is for this activity and no other."""
        types = load_permit_types()
        own = [kind for kind in types_covering(activity) if len(types[kind].covers) == 1]
        return any(kind in self._by_type for kind in own)

    def complete(self, kind: str, day: date, seat: str) -> bool:
        """Whether a complete list of a type counts for the day, where the advertiser sits."""
        return any(
            snapshot.complete
            and abs(snapshot.taken - day) <= self.within
            and (snapshot.region == NATION or (seat != NATION and covers(snapshot.region, seat)))
            for snapshot in self._by_type.get(kind, ())
        )

    def gaps(self, activity: str, day: date, name: str, seat: str, but: str = "") -> str:
        """Why the register cannot prove that `name` has no permit for it; empty if it can.

        Types that nobody of this name can hold need no list, but one list at least there must be.
        `but` is a type already looked at.
        """
        types = load_permit_types()
        able = [k for k in types_covering(activity) if k != but and may_hold(name, types[k])]
        lists = {kind: self.complete(kind, day, seat) for kind in types_covering(activity)}
        wanting = [kind for kind in able if not lists[kind]]
        if not wanting and (but or any(lists.values())):
            return ""
        names = sorted({types[kind].name for kind in wanting or lists})
        return f"没有{day}当日的{'、'.join(names)}完整名录"


def may_hold(name: str, kind: PermitType) -> bool:
    """Whether somebody of this name may hold such a permit: a bank is called one."""
    return not kind.name_words or any(word in name for word in kind.name_words)


def seat_of(name: str, institution: Institution | None = None) -> str:
    """The place code of an advertiser's seat; NATION if it is not known."""
    known = institution.region if institution else NATION
    return known or take_apart(name).region
