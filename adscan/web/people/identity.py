"""Who makes a request."""

from __future__ import annotations

from dataclasses import dataclass

from adscan.web.kept.states import Role, Scope
from adscan.web.kept.tables import Person


@dataclass(frozen=True)
class Identity:
    """A person, come by browser or by token."""

    person_id: int
    login: str
    name: str
    role: Role
    company_id: int | None  # of a submitter
    scopes: frozenset[Scope] | None = None  # of a token; None: a browser
    csrf: str = ""  # of a browser's session
    sign_in: str = ""  # its key

    @classmethod
    def of(
        cls,
        person: Person,
        *,
        scopes: frozenset[Scope] | None = None,
        csrf: str = "",
        sign_in: str = "",
    ) -> Identity:
        """The person as they came in."""
        return cls(
            person.id, person.login, person.name, person.role, person.company_id,
            scopes, csrf, sign_in,
        )  # fmt: skip
