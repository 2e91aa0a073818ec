"""A name or business scope to be screened, and the restricted words found in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Tier(str, Enum):
    """How far a word is restricted, gravest first."""

    FORBIDDEN = "forbidden"  # nobody may use it
    LICENSED_ONLY = "licensed_only"  # only who has the licence
    WATCHED = "watched"  # may be used; the authorities look at it


class Field(str, Enum):
    """Where the words stand: different laws restrict different fields."""

    NAME = "name"  # registered name, trade name
    SCOPE = "scope"  # business scope, 经营范围
    ONLINE = "online"  # name of a site, an app or an account
    TRADEMARK = "trademark"


FIELD_NAMES = {
    Field.NAME: "企业名称",
    Field.SCOPE: "经营范围",
    Field.ONLINE: "网站、App、账号名称",
    Field.TRADEMARK: "商标",
}


@dataclass(frozen=True)
class Subject:
    """One name to be screened, with the business scope that belongs to it."""

    row: int  # line of the text file, or row of the sheet; from 1
    name: str  # as written; empty: only a scope is given
    field: Field = Field.NAME  # what `name` is
    scope: str = ""  # empty: none is given
    holder: str = ""  # the company that it belongs to; empty: not told
    sheet: str = ""  # of a workbook


@dataclass(frozen=True)
class WordHit:
    """A restricted word in a name or scope."""

    word: str
    tier: Tier
    provision: str  # ref of the rulebook
    field: Field
    reason: str  # one Chinese sentence


@dataclass(frozen=True)
class NameHit:
    """A name with its restricted words, gravest first; there is at least one."""

    subject: Subject
    words: tuple[WordHit, ...]

    @property
    def name(self) -> str:
        """What to call it: its name; without one, its holder or the business scope itself."""
        return self.subject.name or self.subject.holder or self.subject.scope
