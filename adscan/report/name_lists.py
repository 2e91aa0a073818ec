"""What `adscan names` found, as terminal text, JSON lines, CSV or a workbook; a name at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator

from adscan.records.restricted_name import FIELD_NAMES, NameHit, Tier, WordHit
from adscan.report.document import as_json
from adscan.report.formats.csv import BYTE_ORDER_MARK, csv_row
from adscan.report.rows import Column
from adscan.report.visible import one_line

TIERS = {
    Tier.FORBIDDEN: "一律不得使用",
    Tier.LICENSED_ONLY: "持牌方可使用",
    Tier.WATCHED: "重点关注",
}
_LIKE = {Tier.FORBIDDEN: "严重", Tier.LICENSED_ONLY: "中等", Tier.WATCHED: "轻微"}
_COLOURS = {Tier.FORBIDDEN: "1;31", Tier.LICENSED_ONLY: "33", Tier.WATCHED: "36"}
_PIECE_BYTES = 1_000_000

Render = Callable[[Iterable[NameHit]], Iterator[str | bytes]]


def _also(hit: NameHit) -> str:
    return "、".join(f"{word.word}（{TIERS[word.tier]}）" for word in hit.words[1:])


_COLUMNS: tuple[Column[NameHit], ...] = (
    Column("工作表", 10, lambda hit: hit.subject.sheet),
    Column("行", 8, lambda hit: hit.subject.row),
    Column("名称", 40, lambda hit: hit.name),
    Column("字样", 14, lambda hit: hit.words[0].word),
    Column("档次", 14, lambda hit: TIERS[hit.words[0].tier]),
    Column("所在", 16, lambda hit: FIELD_NAMES[hit.words[0].field]),
    Column("说明", 60, lambda hit: hit.words[0].reason),
    Column("其他字样", 24, _also),
    Column("条款编号", 26, lambda hit: hit.words[0].provision),
)


def render_jsonl(hits: Iterable[NameHit]) -> Iterator[str]:
    """One object a line: the contract's keys first, then where it stands and further words."""
    for hit in hits:
        first, *others = hit.words
        row = {"name": hit.name, **_of_word(first), "reason": first.reason}
        row |= {"field": first.field.value, "row": hit.subject.row}
        if hit.subject.sheet:
            row["sheet"] = hit.subject.sheet
        row["also"] = [_of_word(word) | {"field": word.field.value} for word in others]
        yield as_json(row) + "\n"


def _of_word(word: WordHit) -> dict[str, object]:
    return {"word": word.word, "tier": word.tier.value, "provision": word.provision}


def render_csv(hits: Iterable[NameHit]) -> Iterator[str]:
    """A table that Excel opens at a double click."""
    yield BYTE_ORDER_MARK + csv_row(column.heading for column in _COLUMNS)
    for hit in hits:
        yield csv_row(column.cell(hit) for column in _COLUMNS)


def render_xlsx(hits: Iterable[NameHit]) -> Iterator[bytes]:
    """A workbook; it begins when the last name is there."""
    from openpyxl import Workbook  # noqa: PLC0415 - the other formats do without it

    from adscan.report.workbook.file import save  # noqa: PLC0415
    from adscan.report.workbook.lists import MAX_ROWS, SheetList  # noqa: PLC0415
    from adscan.report.workbook.styles import add_telling, register  # noqa: PLC0415

    book = Workbook(write_only=True)
    register(book)
    for tier, word in TIERS.items():
        add_telling(book, word, _LIKE[tier])
    rows = SheetList(book, "限制字样", _COLUMNS, MAX_ROWS)
    for hit in hits:
        rows.add(hit, TIERS[hit.words[0].tier])
    rows.close()
    with tempfile.TemporaryFile() as file:
        save(book, file, "", "企业名称、经营范围限制字样筛查")
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece


def render_terminal(hits: Iterable[NameHit], *, colour: bool) -> Iterator[str]:
    """Two or three lines a name."""
    for hit in hits:
        first = hit.words[0]
        tier = TIERS[first.tier]
        tier = f"\x1b[{_COLOURS[first.tier]}m{tier}\x1b[0m" if colour else tier
        sheet = f"工作表“{one_line(hit.subject.sheet)}”" if hit.subject.sheet else ""
        lines = [f"{one_line(hit.name)}（{sheet}第 {hit.subject.row} 行）"]
        lines.append(f"  {tier}：{first.word}。{first.reason}")
        if len(hit.words) > 1:
            lines.append(f"  另有：{_also(hit)}")
        yield "\n".join(lines) + "\n"


def load_render(name: str, *, colour: bool) -> Render:
    """How to render in a format of NAMES."""
    if name == "terminal":
        return lambda hits: render_terminal(hits, colour=colour)
    return _RENDERS[name]


_RENDERS: dict[str, Render] = {"jsonl": render_jsonl, "csv": render_csv, "xlsx": render_xlsx}
NAMES = ("terminal", *_RENDERS)
BINARY = frozenset({"xlsx"})  # bytes that no terminal can show
