"""Rows of a list become entries: each cell read, each fault told with its column and reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TypeVar

from adscan.permits.company_name import name_key, take_apart
from adscan.permits.lists.entry import Entry
from adscan.permits.lists.profile import FieldName, Layout, Profile
from adscan.permits.lists.tables import Row
from adscan.permits.lists.values import (
    Cell,
    ValueFault,
    first_day,
    place_of,
    read_credit_code,
    read_day,
    read_end,
    read_former,
    read_items,
    read_name,
    read_names,
    read_registration,
    read_text,
    read_validity,
    read_yes,
)
from adscan.permits.permit_type import load_permit_types
from adscan.permits.places import NATION, place_name
from adscan.records.permit import NameKind, PermitState

Value = TypeVar("Value")

# What registers call a state. 过期 is no state: the last day says it, unless there is none.
_STATE_NAMES = {
    PermitState.ACTIVE: "正常 有效 存续 在业 在营 开业 营业 营业中 正常营业 正常经营 已登记 active",
    PermitState.SUSPENDED: "中止 暂停 停业 停业整顿 暂停业务 暂停营业 中止业务 suspended",
    PermitState.REVOKED: "吊销 已吊销 撤销 已撤销 revoked",
    PermitState.CANCELLED: "注销 已注销 终止 已终止 退出 已退出 不予续展 解散 cancelled",
}
STATE_WORDS = {word: state for state, words in _STATE_NAMES.items() for word in words.split()}
NO_DAYS: tuple[date | None, date | None] = (None, None)
NO_NAMES: tuple[str, ...] = ()
NO_FORMER: tuple[tuple[str, date | None], ...] = ()
LAPSED = frozenset({"过期", "已过期", "到期", "已到期", "失效", "已失效"})
REMARKS = re.compile(r"(?:注|备注|说明|合计|总计|共计|数据来源|资料来源|制表|填表|截至)")
OTHER_NAMES: tuple[tuple[FieldName, NameKind], ...] = (
    ("short", NameKind.SHORT),
    ("brand", NameKind.BRAND),
    ("app", NameKind.APP),
    ("account", NameKind.ACCOUNT),
)


@dataclass(frozen=True)
class RowFault:
    """Why a row was left out."""

    table: str  # name of the sheet; empty if the file has only one table
    row: int
    column: str  # header; empty: the row as a whole
    value: str  # what stands there
    reason: str  # Chinese

    def __str__(self) -> str:
        """One line for people."""
        place = f"工作表“{self.table}”第 {self.row} 行" if self.table else f"第 {self.row} 行"
        return (
            f"{place}，{self.column}：{self.reason}" if self.column else f"{place}：{self.reason}"
        )


@dataclass
class RowReader:
    """Reads the rows of one table. `place` is the region of the whole list."""

    layout: Layout
    profile: Profile
    place: str = NATION
    faults: list[RowFault] = field(default_factory=list)  # of the row that was read last

    def read(self, row: Row) -> Entry | None:
        """The entry, or None and the reasons in `faults`."""
        self.faults = []
        if row.fault:
            self._fault(row, "", "", row.fault)
            return None
        name = self._value(row, "name", read_name, "")
        if not name and not self.faults:
            self._fault(row, self._heading("name"), "", "没有机构名称")
        code = self._value(row, "credit_code", read_credit_code, None)
        code = code or self._value(row, "registration", read_registration, None)
        begin = self._value(row, "valid_from", read_day, None)
        first, last = self._value(row, "validity", read_validity, NO_DAYS)
        valid_from, valid_to = begin or first, self._value(row, "valid_to", read_end, None) or last
        if valid_from and valid_to and valid_to < valid_from:
            column = self._heading("valid_to") or self._heading("validity")
            self._fault(row, column, str(valid_to), f"到期 {valid_to} 早于开始 {valid_from}")
        scope = (*self._value(row, "scope", read_items, NO_NAMES), *self._flagged(row))
        number = self._value(row, "number", read_text, "").replace(" ", "")
        kind = self._type(row, name, number, scope)
        state, since = self._state(row, valid_to)
        former = self._value(row, "former", read_former, NO_FORMER)
        if self.faults:
            return None
        return Entry(
            row=row.number,
            name=name,
            type=kind,
            credit_code=code,
            head=self._value(row, "head", read_name, "") or self._head_of(name),
            former=tuple(old for old, _ in former if name_key(old) != name_key(name)),
            other_names=tuple(self._other_names(row)),
            number=number,
            authority=self._value(row, "authority", read_text, "") or self.profile.authority,
            scope=scope,
            region=self._value(row, "region", read_text, "") or self._own_region(),
            place=place_of(self._value(row, "seat", read_text, "")) or self.place,
            valid_from=valid_from,
            valid_to=valid_to,
            state=state,
            state_since=since,
            last_days={old: day for old, day in former if day},
            listed_until=self._value(row, "listed_until", read_day, None),
        )

    def is_remark(self, row: Row) -> bool:
        """Whether a row is blank, the header once more, or a remark below the table."""
        if row.fault:
            return False
        filled = [cell for cell in row.cells if cell is not None and cell != ""]
        if len(filled) <= 1:
            return not filled or REMARKS.match(read_text(filled[0])) is not None
        at = self.layout.columns["name"][0]
        return at < len(row.cells) and read_text(row.cells[at]) == self.layout.heading(at)

    def _value(
        self, row: Row, name: FieldName, read: Callable[[Cell], Value], nothing: Value
    ) -> Value:
        """What the first filled column of a field says."""
        for column in self.layout.columns.get(name, ()):
            cell = row.cells[column] if column < len(row.cells) else None
            if cell is None or cell == "":
                continue
            try:
                value = read(cell)
            except ValueFault as fault:
                self._fault(row, self.layout.heading(column), read_text(cell), str(fault))
                return nothing
            if value:
                return value
        return nothing

    def _fault(self, row: Row, column: str, value: str, reason: str) -> None:
        self.faults.append(RowFault(self.layout.table.name, row.number, column, value, reason))

    def _heading(self, name: FieldName) -> str:
        columns = self.layout.columns.get(name)
        return self.layout.heading(columns[0]) if columns else ""

    def _flagged(self, row: Row) -> Iterator[str]:
        for column, item in self.layout.flags:
            cell = row.cells[column] if column < len(row.cells) else None
            try:
                if read_yes(cell):
                    yield item
            except ValueFault as fault:
                self._fault(row, self.layout.heading(column), read_text(cell), str(fault))

    def _type(self, row: Row, name: str, number: str, scope: tuple[str, ...]) -> str:
        """The id of the permit's type: what the type column says, else what a rule makes out."""
        written = self._value(row, "type", read_text, "")
        known = self.profile.types.get(written) or type_words().get(written)
        if known:
            return known
        fields = {"type": written, "name": name, "number": number, "scope": "；".join(scope)}
        for rule in self.profile.type_rules:
            if (not written or rule.field == "type") and _found(rule.pattern, fields[rule.field]):
                return rule.type
        if written:
            self._fault(row, self._heading("type"), written, f"没有“{written}”这种许可类型")
        elif self._needs_type(number):
            self._fault(row, self._heading("type"), "", "看不出是哪种许可")
        return "" if written else self.profile.default_type

    def _needs_type(self, number: str) -> bool:
        """Whether a row must have a type: only a list with that column may leave it blank."""
        if self.profile.default_type:
            return False
        return bool(number or self.profile.type_rules or "type" not in self.layout.columns)

    def _state(self, row: Row, valid_to: date | None) -> tuple[PermitState, date | None]:
        """The state and since when, from its own column, the day of the end, or the remark."""
        since = self._value(row, "state_since", read_day, None)
        ended = self._value(row, "ended", read_text, "")
        remark = self._value(row, "remark", read_text, "")
        if ended and ended not in ("否", "未注销", "正常"):
            return PermitState.CANCELLED, since or first_day(ended)
        written = self._value(row, "state", read_text, "")
        if written in LAPSED:
            return (PermitState.ACTIVE if valid_to else PermitState.CANCELLED), since
        state = self.profile.states.get(written) or STATE_WORDS.get(written.lower())
        if written and state is None:
            self._fault(row, self._heading("state"), written, f"没有“{written}”这种状态")
        if state and state is not PermitState.ACTIVE:
            return state, since or first_day(remark)
        for rule in self.profile.remark_states:
            if found := re.search(rule.pattern, remark):
                return rule.state, since or _day_of(remark, found.start())
        return PermitState.ACTIVE, since

    def _other_names(self, row: Row) -> Iterator[tuple[NameKind, str]]:
        for name, kind in OTHER_NAMES:
            for text in self._value(row, name, read_names, NO_NAMES):
                yield kind, text

    def _head_of(self, name: str) -> str:
        """The legal person in the name of a branch; empty if it is none."""
        if not self.profile.head_from_name:
            return ""
        head = name
        while branch := take_apart(head).branch:
            head = head[: -len(branch)]
        return head if head != name else ""

    def _own_region(self) -> str:
        """A province's list grants for the province."""
        return place_name(self.place) if self.profile.regional and self.place else ""


@cache
def type_words() -> dict[str, str]:
    """For each id and name of a permit type its id."""
    kinds = load_permit_types().values()
    return {word: kind.id for kind in kinds for word in (kind.id, kind.name)}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _found(pattern: str, text: str) -> bool:
    return bool(text) and _compiled(pattern).search(text) is not None


def _day_of(remark: str, at: int) -> date | None:
    """The day that a remark names for what it says at a place: the last one before, else after."""
    clause_start = max(remark.rfind(end, 0, at) for end in "，,；;。") + 1
    return first_day(remark[clause_start:at]) or first_day(remark[at:])
