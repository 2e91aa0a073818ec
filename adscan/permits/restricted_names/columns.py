"""Which column of a table holds names, which business scopes, which accounts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adscan.errors import SettingsError, UnsupportedFormat
from adscan.permits.restricted_names.headings import field_of, guess_field, has_heading, plain, rank
from adscan.permits.restricted_names.rows import Row
from adscan.records.restricted_name import Field, Subject

# How a company's name ends, and what only a business scope has.
_COMPANY = re.compile(
    r"(公司|集团|合伙企业|合伙|合作社|事务所|工作室|经营部|服务部|商行|中心|厂|店|行|社|院|会|所)(\([^()]*\))?$"
)
_SCOPE = re.compile(r"经营范围|一般项目|许可项目|[;；。].|.、.+、")
_SCOPE_AFTER = re.compile(r"[,，;；。\s]*经营范围(?:为|是|包括)?[:：]?")
_MOST = 0.5  # share of the cells that must look like names


@dataclass(frozen=True)
class Columns:
    """Where things stand; indexes from 0."""

    name: int | None = None  # names to be screened
    holder: int | None = None  # the companies that the others belong to
    scopes: tuple[int, ...] = ()
    others: tuple[tuple[int, Field], ...] = ()  # accounts, sites, apps, trademarks
    only: int | None = None  # a column without a heading: each cell shows what it is
    width: int = 0  # of the headings; 0: there are none
    first: int = 0  # index of the first row that is no heading
    guessed: bool = False  # by the look of the cells

    def subjects(self, row: Row) -> Iterator[Subject]:
        """What there is to screen in a row; a blank row has nothing."""
        cells = row.cells
        if self.only is not None:
            if text := _cell(cells, self.only):
                yield _by_content(row, text)
            return
        name, holder = _cell(cells, self.name), _cell(cells, self.holder)
        scope = "；".join(filter(None, (_cell(cells, at) for at in self.scopes)))
        if name or scope:
            yield Subject(row.number, name, Field.NAME, scope, holder, row.sheet)
        for at, field in self.others:
            if text := _cell(cells, at):
                yield Subject(row.number, text, field, "", holder, row.sheet)


def find_columns(head: Sequence[Row], column: str | None) -> Columns:
    """The columns of a table whose first rows are `head`, at most HEAD_ROWS of them.

    `column` is a heading, or a number from 1. Raises SettingsError if it is not there, and
    UnsupportedFormat if no column can be told to hold names.
    """
    if column is not None:
        return _asked_for(head, column)
    for index, row in enumerate(head):
        if has_heading(row.cells):
            return _by_headings(row, index)
    if max((len(row.cells) for row in head), default=0) <= 1:
        return Columns(only=0)
    return _by_look(head)


def _by_headings(row: Row, index: int) -> Columns:
    fields = [field_of(cell) for cell in row.cells]
    names = [at for at, field in enumerate(fields) if field is Field.NAME]
    best = min(names, key=lambda at: rank(row.cells[at]), default=None)
    return Columns(
        name=best,
        holder=best,
        scopes=tuple(at for at, field in enumerate(fields) if field is Field.SCOPE),
        others=tuple(
            (at, field)
            for at, field in enumerate(fields)
            if field in (Field.ONLINE, Field.TRADEMARK)
        ),
        width=len(row.cells),
        first=index + 1,
    )


def _asked_for(head: Sequence[Row], column: str) -> Columns:
    for index, row in enumerate(head):
        headings = [plain(cell) for cell in row.cells]
        if plain(column) in headings:
            return _one_column(row, index, headings.index(plain(column)))
    widest = max(head, key=lambda row: len(row.cells), default=Row(1, []))
    if column.isdecimal() and 1 <= int(column) <= len(widest.cells):
        return Columns(only=int(column) - 1)
    titled = next((row for row in head if has_heading(row.cells)), widest)
    there = "、".join(cell for cell in titled.cells if cell) or "没有内容"
    raise SettingsError(
        f"没有名为“{column}”的列",
        hint=f"--column 可用表头或从 1 起的列号；这份表的列：{there[:200]}",
    )


def _one_column(row: Row, index: int, at: int) -> Columns:
    """The column alone, with the company that its cells belong to."""
    field = guess_field(row.cells[at])
    alone = replace(_by_headings(row, index), name=None, scopes=(), others=())
    match field:
        case Field.NAME:
            return replace(alone, name=at, holder=at)
        case Field.SCOPE:
            return replace(alone, scopes=(at,))
        case Field.ONLINE | Field.TRADEMARK:
            return replace(alone, others=((at, field),))


def _by_look(head: Sequence[Row]) -> Columns:
    """A table without headings: the first column whose cells end as companies' names do."""
    width = max(len(row.cells) for row in head)
    for at in range(width):
        cells = [cell for row in head if (cell := _cell(row.cells, at))]
        looks = sum(1 for cell in cells if _is_company(cell))
        if cells and looks > _MOST * len(cells):
            scopes = [other for other in range(width) if other != at and _are_scopes(head, other)]
            return Columns(name=at, holder=at, scopes=tuple(scopes), guessed=True)
    there = "、".join(cell for cell in head[0].cells if cell)
    raise UnsupportedFormat(
        f"认不出哪一列是名称（第一行：{there[:100]}）",
        hint="请把那一列的表头写成“企业名称”“经营范围”或“账号名称”，或用 --column 指明表头或列号",
    )


def _are_scopes(head: Sequence[Row], at: int) -> bool:
    cells = [cell for row in head if (cell := _cell(row.cells, at))]
    return sum(1 for cell in cells if _SCOPE.search(cell)) > _MOST * len(cells)


def _is_company(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    return len(plain) >= 4 and _COMPANY.search(plain) is not None and not _SCOPE.search(plain)


def _by_content(row: Row, text: str) -> Subject:
    """A cell of a list without headings: a name, a business scope, or both in one line."""
    if found := _SCOPE_AFTER.search(text):
        name, scope = text[: found.start()].strip(), text[found.end() :]
        return Subject(row.number, name, Field.NAME, scope, "", row.sheet)
    if _SCOPE.search(text):
        return Subject(row.number, "", Field.NAME, text, "", row.sheet)
    return Subject(row.number, text, Field.NAME, "", "", row.sheet)


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""
