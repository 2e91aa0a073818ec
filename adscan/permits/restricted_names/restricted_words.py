"""What may stand in `restricted_words.yaml`. An unknown key is an error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic import Field as Key

from adscan.permits.permit_type import validated
from adscan.records.restricted_name import Field, Tier

FILE = Path(__file__).with_name("restricted_words.yaml")


def _flat(rows: Any) -> Any:
    """Lists of lists are only there to keep the file short."""
    if not isinstance(rows, list):
        return rows
    return [word for row in rows for word in (row if isinstance(row, list) else [row])]


_Words = Annotated[list[str], BeforeValidator(_flat)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Days(_Entry):
    """How far a word is restricted in a stretch of days, both ends included."""

    tier: Tier
    since: date = Key(alias="from")
    until: date | None = None
    provision: str  # ref of the rulebook


class Restriction(_Entry):
    """Words that one provision after the other restricts alike."""

    words: list[str] = Key(min_length=1)
    fields: list[Field] = Key(alias="in", min_length=1)
    days: list[Days] = Key(min_length=1)
    cleared_by: list[str] = []  # permit types; empty: none clears it

    def on(self, day: date) -> Days | None:
        """What holds on a day."""
        for days in self.days:
            if days.since <= day and (days.until is None or day <= days.until):
                return days
        return None


class Pairs(_Entry):
    """Each word with each ending after it."""

    words: _Words
    endings: list[str]


class Friends(_Entry):
    """Words around a restricted word that make it mean something else."""

    phrases: _Words
    scope_phrases: _Words  # only in business scopes
    followed_by: list[Pairs]
    preceded_by: list[str]  # right before a word: it says the contrary
    bodies: _Words  # names that end so are no enterprise

    def around(self, field: Field) -> list[str]:
        """All the longer words that are harmless in a field."""
        pairs = [
            word + ending for p in self.followed_by for word in p.words for ending in p.endings
        ]
        scope = self.scope_phrases if field is Field.SCOPE else []
        return [*self.phrases, *scope, *pairs]


class RestrictedWords(_Entry):
    """The whole file."""

    citations: Mapping[str, str]  # ref to law and article, as reasons print them
    words: list[Restriction]
    friends: Friends


@cache
def load_restricted_words() -> RestrictedWords:
    """The built-in table. Raises SettingsError naming the key."""
    table = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return validated(FILE, RestrictedWords, table)
