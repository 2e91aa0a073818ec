"""How a register's list is laid out: which header is which field, which word which id.

A profile is a file of `profiles/`; a user's mapping file has the same schema. An unknown key is an
error. Which profile fits a file is told by the headers it must have.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from adscan.errors import ListError
from adscan.permits.lists.tables import ListFile, Row, Table
from adscan.permits.lists.values import Cell, read_text
from adscan.permits.permit_type import load_permit_types
from adscan.records.permit import PermitState

HERE = Path(__file__).parent
HEADER_WITHIN = 30  # rows in which the header must come
GENERAL = "general"

FieldName = Literal[
    "name", "credit_code", "registration", "head", "former", "short", "brand", "app", "account",
    "type", "number", "authority", "scope", "region", "seat", "valid_from", "valid_to", "validity",
    "state", "state_since", "remark", "ended", "listed_until", "list_source", "list_day",
    "list_complete", "list_types", "list_region", "list_file", "list_sha256", "list_rows",
]  # fmt: skip


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"不是正则表达式：{error}") from error
    return pattern


def _permit_type(name: str) -> str:
    if name not in load_permit_types():
        raise ValueError(f"没有许可类型 {name}")
    return name


Pattern = Annotated[str, AfterValidator(_compiles)]
TypeId = Annotated[str, AfterValidator(_permit_type)]


class TypeRule(_Entry):
    """A permit is of this type if a field looks so; the first rule that fits holds."""

    field: Literal["type", "name", "number", "scope"]
    pattern: Pattern
    type: TypeId | Literal[""]  # empty: of no type that adscan knows; the row tells names only


class StateRule(_Entry):
    """Words of the remark that mean a state; the first rule that fits holds."""

    pattern: Pattern
    state: PermitState


class Flag(_Entry):
    """A column that says yes or no to one item of the scope."""

    headers: list[str] = Field(min_length=1)
    item: str


class Profile(_Entry):
    """The layout of one register's lists."""

    id: str
    source: str  # whose list it is, Chinese: every permit says where it is from
    authority: str = ""  # who grants, where no column tells
    recognise: list[
        list[str]
    ] = []  # the file is of this layout if of each group one header is there
    columns: dict[
        FieldName, list[str]
    ]  # the headers of a field; of several, the first that is filled
    ignored: list[str] = []  # headers that belong to the layout and are not needed
    types: dict[str, TypeId] = {}  # words of the type column
    type_rules: list[TypeRule] = []
    default_type: TypeId | Literal[""] = ""
    states: dict[str, PermitState] = {}  # words of the state column beyond the usual ones
    remark_states: list[StateRule] = []
    flags: list[Flag] = []
    head_from_name: bool = False  # branches are told by their names
    regional: bool = False  # one list for each province
    note: str = ""

    @cached_property
    def headers(self) -> Mapping[str, tuple[FieldName, int]]:
        """For each header, as `header_key` writes it, its field and its rank there."""
        return {
            header_key(header): (field, rank)
            for field, headers in self.columns.items()
            for rank, header in enumerate(headers)
        }

    @cached_property
    def known(self) -> frozenset[str]:
        """Every header of the layout."""
        flags = (header for flag in self.flags for header in flag.headers)
        return frozenset(self.headers) | {header_key(h) for h in (*self.ignored, *flags)}

    @cached_property
    def signs(self) -> tuple[frozenset[str], ...]:
        """The groups of `recognise`; without them, a name is enough."""
        groups = self.recognise or [self.columns["name"]]
        return tuple(frozenset(map(header_key, group)) for group in groups)


@dataclass(frozen=True)
class Layout:
    """Where the fields stand in one table."""

    table: Table
    header: Row
    columns: Mapping[FieldName, tuple[int, ...]]  # from 0, likeliest first
    flags: tuple[tuple[int, str], ...]  # column and item
    unused: tuple[str, ...]  # headers that are not of the layout

    def heading(self, column: int) -> str:
        """The header of a column as it stands in the file."""
        return read_text(self.header.cells[column])


def header_key(header: str) -> str:
    """A header without blanks, stars and colons, letters in one form."""
    return re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", header)).lower()


def load_profiles() -> Mapping[str, Profile]:
    """All of `profiles/`, by id."""
    return _built_in()


@cache
def _built_in() -> Mapping[str, Profile]:
    return {path.stem: read_profile(path) for path in sorted((HERE / "profiles").glob("*.yaml"))}


def read_profile(path: Path) -> Profile:
    """A profile or mapping file. Raises ListError naming the key."""
    try:
        entry = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ListError(f"读不出 {path}（{error}）", hint="应是 UTF-8 的 YAML 文件") from error
    if not isinstance(entry, dict):
        raise ListError(f"{path} 不是版式文件", hint=HOW_TO_MAP)
    try:
        profile = Profile.model_validate({"id": path.stem, **entry})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ListError(f"{path}：{key}：{first['msg']}", hint=HOW_TO_MAP) from error
    if not profile.columns.get("name"):
        raise ListError(f"{path}：columns.name：没有写机构名称的表头", hint=HOW_TO_MAP)
    return profile


HOW_TO_MAP = (
    f"可以照 {HERE / 'profiles' / 'general.yaml'} 写一个映射文件（YAML：source 名录名称，"
    "columns 字段和表头，default_type 许可类型），用 --mapping 指明"
)


def find_layouts(file: ListFile, profile: Profile) -> list[Layout]:
    """The tables of a file that have this layout's header. Raises ListError if none has."""
    layouts = [layout for table in file.tables if (layout := _layout(table, profile))]
    if not layouts:
        wanted = "、".join(profile.columns["name"])
        raise ListError(
            f"{file.path} 前 {HEADER_WITHIN} 行里没有版式 {profile.id} 的表头"
            f"（机构名称应在 {wanted} 列）；{_headers_found(file)}",
            hint=HOW_TO_MAP,
        )
    return layouts


def recognise(file: ListFile) -> Profile:
    """The profile that a file's headers fit best. Raises ListError if none or several do."""
    scores = {profile.id: _score(file.tables, profile) for profile in load_profiles().values()}
    best = max(scores.values())
    fitting = [name for name, score in scores.items() if score == best]
    if best == 0:
        known = "、".join(f"{p.id}（{p.source}）" for p in load_profiles().values())
        raise ListError(
            f"认不出 {file.path} 的版式：{_headers_found(file)}；已有版式：{known}",
            hint=f"可用 --profile 指定；{HOW_TO_MAP}",
        )
    if len(fitting) > 1:
        raise ListError(
            f"{file.path} 可能是这几种版式：{'、'.join(fitting)}；{_headers_found(file)}",
            hint="请用 --profile 指定一种",
        )
    return load_profiles()[fitting[0]]


def _score(tables: Iterable[Table], profile: Profile) -> int:
    """How many headers of the best row are the layout's; 0 if a sign of it is missing."""
    return max(
        (
            len(keys & profile.known)
            for table in tables
            for keys in map(_keys, _first_rows(table))
            if all(keys & group for group in profile.signs)
        ),
        default=0,
    )


def _layout(table: Table, profile: Profile) -> Layout | None:
    names = frozenset(map(header_key, profile.columns["name"]))
    fitting = [row for row in _first_rows(table) if _keys(row) & names]
    if not fitting:
        return None
    header = max(fitting, key=lambda row: len(_keys(row) & profile.known))
    ranked: dict[FieldName, list[tuple[int, int]]] = {}
    flags, unused = [], []
    items = {header_key(header): flag.item for flag in profile.flags for header in flag.headers}
    for column, cell in enumerate(header.cells):
        keys = _readings(cell)
        field = next((profile.headers[key] for key in keys if key in profile.headers), None)
        item = next((items[key] for key in keys if key in items), None)
        if field:
            ranked.setdefault(field[0], []).append((field[1], column))
        elif item:
            flags.append((column, item))
        elif keys and not profile.known.intersection(keys):
            unused.append(read_text(cell))
    columns = {field: tuple(column for _, column in sorted(at)) for field, at in ranked.items()}
    return Layout(table, header, columns, tuple(flags), tuple(unused))


def _first_rows(table: Table) -> list[Row]:
    return [row for row, _ in zip(table.rows(), range(HEADER_WITHIN), strict=False)]


def _keys(row: Row) -> frozenset[str]:
    return frozenset(key for cell in row.cells for key in _readings(cell))


def _readings(cell: Cell) -> Sequence[str]:
    """A header, and the same without what its brackets add: 住所（主要经营场所）."""
    key = header_key(read_text(cell))
    bare = re.sub(r"\([^()]*\)", "", key)
    return tuple(dict.fromkeys(reading for reading in (key, bare) if reading))


def _headers_found(file: ListFile) -> str:
    """The fullest of the first rows, which most likely is the header."""
    rows = [row for table in file.tables for row in _first_rows(table)[:10]]
    texts = [[text for cell in row.cells if (text := read_text(cell))] for row in rows]
    fullest = max(texts, key=len, default=[])
    if not fullest:
        return "没有找到表头"
    return f"找到的表头：{'、'.join(text[:20] for text in fullest[:40])}"
