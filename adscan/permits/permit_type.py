"""What may stand in a file of `permit_types/` and in `businesses.yaml`. An unknown key is an error.

A permit type says what its holders may do; a business says what the law asks of whoever promotes
it, day by day. `basis` names provisions of the
rulebook.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from adscan.errors import SettingsError

HERE = Path(__file__).parent
Kind = TypeVar("Kind", bound=BaseModel)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"正则表达式 {pattern} 不成立：{error}") from error
    return pattern


class Days(_Entry):
    """A stretch of days, both ends included."""

    since: date | None = Field(None, alias="from")
    until: date | None = None

    def hold(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


class Authority(Days):
    """Who grants the permit, by its name of that time."""

    name: str


class Covered(_Entry):
    """An activity that the permit allows."""

    id: str
    scope: list[str] = []  # words of which the printed scope must have one; empty: always allowed


class NumberFormat(_Entry):
    """How its numbers look: a clue, never a proof."""

    pattern: Annotated[str, AfterValidator(_compiles)]
    labels: list[str] = []  # words before the number in ads
    checked: Literal["seen", "recalled"]


class PublicRegister(_Entry):
    """Where its holders are published."""

    name: str
    national: bool  # one list for the whole country


class PermitType(_Entry):
    """One licence, registration or filing."""

    id: str
    name: str  # of the permit, Chinese
    holders: str  # who holds it, Chinese
    name_words: list[str] = []  # one of these stands in the full name of every holder
    authority: list[Authority] = Field(min_length=1)
    covers: list[Covered] = Field(min_length=1)
    products: list[str] = []  # Chinese: what of it may be promoted
    not_covered: list[str] = []  # Chinese: what is often promoted beside it and may not be
    public_promotion: Literal["yes", "limited", "no"]
    promotion_note: str = ""
    region: Literal["nationwide", "as_printed", "province"]  # where it is valid
    number: list[NumberFormat] = []
    register_: PublicRegister | None = Field(None, alias="register")
    basis: list[str] = Field(min_length=1)  # provision refs of the rulebook
    checked: Literal["text", "recalled"]
    note: str = ""


class Turn(Days):
    """Days on which a business is banned, or may not be promoted to the public."""

    reason: str  # one Chinese sentence
    basis: list[str] = Field(min_length=1)
    licensed_only: bool = False  # it binds institutions that hold a permit, and nobody else
    only_review: bool = False  # a person must look: the text of the law leaves room


class Business(_Entry):
    """What the law asks of whoever promotes an activity."""

    permit: Literal["needed", "not_needed"]
    register_: Literal["national", "local", "none"] = Field(alias="register")
    banned: list[Turn] = []
    not_public: list[Turn] = []
    reason: str = ""  # why no permit is needed, or what to ask for where there is no register


@cache
def load_permit_types() -> Mapping[str, PermitType]:
    """All of `permit_types/`, by id. Raises SettingsError naming the file."""
    found: dict[str, PermitType] = {}
    for path in sorted((HERE / "permit_types").glob("*.yaml")):
        found[path.stem] = validated(path, PermitType, _read(path))
        if found[path.stem].id != path.stem:
            raise SettingsError(f"{path}：id 与文件名不一致", hint="请把两者改成一样")
    return found


@cache
def load_businesses() -> Mapping[str, Business]:
    """`businesses.yaml`, by activity id."""
    path = HERE / "businesses.yaml"
    return {activity: validated(path, Business, entry) for activity, entry in _read(path).items()}


@cache
def types_covering(activity: str) -> tuple[str, ...]:
    """The permit types that allow an activity."""
    return tuple(
        sorted(
            permit_type.id
            for permit_type in load_permit_types().values()
            if any(covered.id == activity for covered in permit_type.covers)
        )
    )


def _read(path: Path) -> dict[str, object]:
    table: dict[str, object] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return table


def validated(path: Path, kind: type[Kind], entry: object) -> Kind:
    """An entry of a table as `kind`. Raises SettingsError naming file and key."""
    try:
        return kind.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(key) for key in first["loc"])
        raise SettingsError(f"{path}：{field}：{first['msg']}", hint="请改正这个文件") from error
