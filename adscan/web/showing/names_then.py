"""What people and companies were called when a decision was signed; later names change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adscan.web.kept.tables import Company, Person, Ruling


@dataclass(frozen=True)
class NamesThen:
    """The names that a ruling keeps; of whom it does not name, the present ones."""

    company: str  # of the submission; empty: not kept
    people: Mapping[str, str]  # by id

    @classmethod
    def of(cls, ruling: Ruling) -> NamesThen:
        """As they stand in `Ruling.signed`."""
        signed = ruling.signed or {}
        people = dict(signed.get("people", {}))
        if "name" in signed:
            people[str(ruling.by_id)] = signed["name"]
        return cls(signed.get("company", ""), people)

    def person(self, person: Person | None) -> str:
        """Empty for nobody."""
        return self.people.get(str(person.id), person.name) if person else ""

    def company_named(self, company: Company) -> str:
        """The submission's company."""
        return self.company or company.name


def signer(ruling: Ruling) -> str:
    """Who took this step, as they were called then."""
    return NamesThen.of(ruling).person(ruling.by)
