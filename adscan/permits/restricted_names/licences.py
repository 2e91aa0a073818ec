"""Which licences the bearer of a name holds on a day, as the register knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from adscan.permits.company_name import name_key, take_apart
from adscan.permits.register import Match, Register
from adscan.records.permit import Institution, PermitLine, PermitState


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
        lines = self._register.permits(bearer, self.day)
        head = self._register.head_of(bearer)
        if head.id != bearer.id:
            lines += self._register.permits(head, self.day)
        return frozenset(line.type for line in lines if in_force(line, self.day))


def in_force(line: PermitLine, day: date) -> bool:
    """Whether a permit was valid, not suspended or taken away, and still listed on a day."""
    ended = line.state is not PermitState.ACTIVE and (
        line.state_since is None or line.state_since <= day
    )
    return (
        not ended
        and (line.valid_from is None or line.valid_from <= day)
        and (line.valid_to is None or day <= line.valid_to)
        and (line.listed_until is None or day < line.listed_until)
    )
