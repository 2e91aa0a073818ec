"""Which licences the bearer of a name holds on a day, as the register knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from adscan.permits.company_name import name_key, take_apart
from adscan.permits.register import Match, Register
from adscan.permits.standing import Standing, standing
from adscan.records.permit import Institution


@dataclass(frozen=True)
class Held:
    """What the register says of a name."""

    bearers: int  # how many institutions bear it
    types: frozenset[str]  # permit types in force, of each of them


class Licences:
    """Asks a register as of one day."""

    def __init__(self, register: Register, day: date) -> None:
        self.day = day
        self._register = register

    def held(self, name: str) -> Held:
        """The permits in force; a branch has those of its legal person too."""
        matches = self._bearers(name)
        types = [self._types(match.institution) for match in matches]
        return Held(len(matches), frozenset.intersection(*types) if types else frozenset())

    def _bearers(self, name: str) -> list[Match]:
        matches = self._register.named(name, self.day)
        branch = take_apart(name).branch
        if matches or not branch:
            return matches
        return self._register.named(name_key(name).removesuffix(branch), self.day)

    def _types(self, bearer: Institution) -> frozenset[str]:
        lines = self._register.usable_permits(bearer, self.day)
        return frozenset(line.type for line in lines if standing(line, self.day) is Standing.ACTIVE)
