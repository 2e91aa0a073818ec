"""Reads a filled-in sampling sheet and estimates the violations among all passes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from adscan.errors import InputError
from adscan.overview import stored
from adscan.overview.chances import interval
from adscan.overview.sampling import (
    CLEAN,
    MARK_HEADING,
    UNSURE,
    VERDICT_HEADING,
    VERDICTS,
    VIOLATION,
    Population,
    SampleError,
    find_population,
)
from adscan.permits.restricted_names.rows import Row, read_tables
from adscan.settings import Limits

MOST_TOLD = 10  # row numbers in one message
_MARK = re.compile(r"S([0-9a-f]{12})-([1-9][0-9]{0,6})-([0-9]{1,18})-([1-9][0-9]{0,6})")
_ADVICE = f"请改正、补回后再运行；“{VERDICT_HEADING}”只能填" + "、".join(VERDICTS)


@dataclass(frozen=True)
class _Mark:
    draw: tuple[str, int, str]  # fingerprint, size, seed
    place: int  # from 1 to the size


@dataclass(frozen=True)
class Estimate:
    """What the sample says of all passes."""

    population: int
    judged: int
    violations: int
    unsure: int  # 无法判断
    found: int  # ads that the scan would revise or reject
    waiting: int  # ads that wait for a person: neither found nor missed
    unread: int  # ads not read whole: outside of it all

    def seen(self, *, worst: bool) -> int:
        """Violations in the sample; worst: unsure ones are."""
        return self.violations + (self.unsure if worst else 0)

    def share(self, *, worst: bool) -> tuple[float, float, float]:
        """Share of violations among passes and its 95 % interval; worst: unsure ones are."""
        seen = self.seen(worst=worst)
        return seen / self.judged, *interval(seen, self.judged)

    @property
    def recall_at_least(self) -> float | None:
        """The lower bound of the recall, at the upper end of the worst case; None: no violation."""
        missed = self.population * self.share(worst=True)[2]
        return self.found / (self.found + missed) if self.found else None


def read_estimate(connection: duckdb.DuckDBPyConnection, path: Path, limits: Limits) -> Estimate:
    """The estimate by a filled-in sheet, xlsx or csv.

    Raises SampleError if it was drawn from other results, rows are missing or twice there, or a
    verdict is missing or strange; the message names the rows.
    """
    population = find_population(connection)
    verdicts = _verdicts(_rows(path, limits), population, path.name)
    found, waiting, unread = stored.one(connection, _COUNTS)
    return Estimate(
        population=population.size,
        judged=verdicts.total(),
        violations=verdicts[VIOLATION],
        unsure=verdicts[UNSURE],
        found=found,
        waiting=waiting,
        unread=unread,
    )


def render_estimate(estimate: Estimate) -> Iterator[str]:
    """Plain text, a line a fact."""
    clean = estimate.judged - estimate.violations - estimate.unsure
    yield f"抽样 {estimate.judged} 件，来自 {estimate.population} 件已读全且未发现问题的广告。\n"
    yield f"人工结论：{VIOLATION} {estimate.violations} 件，{CLEAN} {clean} 件，"
    yield f"{UNSURE} {estimate.unsure} 件。\n"
    if estimate.unsure:
        yield f"最好情形（{UNSURE}的都不违法）：{_share(estimate, worst=False)}\n"
        yield f"最坏情形（{UNSURE}的都违法）：{_share(estimate, worst=True)}\n"
    else:
        yield f"漏判：{_share(estimate, worst=True)}\n"
    yield "区间按二项分布精确计算（Clopper-Pearson），没有计入总体有限，因此偏宽；"
    yield "件数不低于已查出的，也不高于扣除已查明不违法的。\n"
    recall = estimate.recall_at_least
    if recall is None:
        yield "本次扫描没有判为违法的广告，不能推算查全率。\n"
    else:
        yield (
            f"查全率不低于 {recall:.1%}：判为不予发布或修改后发布的 {estimate.found} 件都按违法计，"
            "漏判按最坏情形的区间上限计。\n"
        )
    yield f"以上不含待人工复核的 {estimate.waiting} 件和没有读全的 {estimate.unread} 件。\n"


def _share(estimate: Estimate, *, worst: bool) -> str:
    share, low, high = estimate.share(worst=worst)
    seen = estimate.seen(worst=worst)
    least, most = seen, estimate.population - (estimate.judged - seen)  # what people have seen
    ads = [min(max(round(estimate.population * one), least), most) for one in (share, low, high)]
    return (
        f"漏判率 {share:.2%}，95% 区间 {low:.2%} 至 {high:.2%}；"
        f"相当于 {ads[0]} 件，{ads[1]} 至 {ads[2]} 件"
    )


def _rows(path: Path, limits: Limits) -> Iterator[tuple[int, str, str]]:
    """Number, mark and verdict of each row of the sheet that has these columns."""
    try:
        for table in read_tables(path, limits):
            head = next(table.rows, Row(0, []))
            if {MARK_HEADING, VERDICT_HEADING} <= set(head.cells):
                yield from _table_rows(head, table.rows, path.name)
                return
    except InputError as error:
        raise SampleError(error.message, hint=error.hint) from error
    raise SampleError(
        f"{path.name} 里没有“{VERDICT_HEADING}”和“{MARK_HEADING}”两列",
        hint="请用 adscan report --sampling 生成的表，表头留在第一行",
    )


def _table_rows(head: Row, rows: Iterator[Row], name: str) -> Iterator[tuple[int, str, str]]:
    at = [head.cells.index(heading) for heading in (MARK_HEADING, VERDICT_HEADING)]
    for row in rows:
        if row.fault:
            raise SampleError(f"{name} 第 {row.number} 行读不出：{row.fault}", hint="请重新导出")
        mark, verdict = (row.cells[i].strip() if i < len(row.cells) else "" for i in at)
        if any(cell.strip() for cell in row.cells):
            yield row.number, mark, verdict


def _verdicts(
    rows: Iterator[tuple[int, str, str]], population: Population, name: str
) -> Counter[str]:
    """How often each verdict was given. Raises SampleError; see `read_estimate`."""
    verdicts: Counter[str] = Counter()
    faults: dict[str, list[int]] = {}  # row numbers by what is wrong
    marks: dict[int, _Mark | None] = {}  # by row number; None: none that can be
    for number, mark, verdict in rows:
        marks[number] = _mark(mark)
        if verdict not in VERDICTS:
            what = f"“{VERDICT_HEADING}”不认识" if verdict else f"没有填“{VERDICT_HEADING}”"
            faults.setdefault(what, []).append(number)
        verdicts[verdict] += 1
    told = _mark_faults(marks, _main_draw(marks, population, name))
    told += [f"{what}：第 {_numbers(at)} 行" for what, at in faults.items()]
    if told:
        raise SampleError(f"{name} 还不能计算。{'；'.join(told)}", hint=_ADVICE)
    return verdicts


def _mark(written: str) -> _Mark | None:
    fitting = _MARK.fullmatch(written)
    if fitting is None:
        return None
    fingerprint, size, seed, place = fitting.groups()
    mark = _Mark((fingerprint, int(size), seed), int(place))
    return mark if mark.place <= int(size) else None


def _main_draw(
    marks: Mapping[int, _Mark | None], population: Population, name: str
) -> tuple[str, int, str]:
    """The draw of most rows. Raises SampleError if none is of these results."""
    draws = Counter(mark.draw for mark in marks.values() if mark)
    if not draws:
        raise SampleError(f"{name} 里没有抽样的行", hint="请选择填好的抽样复核表")
    fitting = {draw: n for draw, n in draws.items() if draw[0] == population.fingerprint}
    if not fitting:
        raise SampleError(
            f"{name} 不是从现在这份结果里抽的",
            hint="请换成当时的结果文件夹；若后来又扫描或重判过，请重新抽样",
        )
    return max(fitting, key=lambda draw: fitting[draw])


def _mark_faults(marks: Mapping[int, _Mark | None], draw: tuple[str, int, str]) -> list[str]:
    """What is wrong with the marks; rows whose mark was changed are not missing as well."""
    changed = [number for number, mark in marks.items() if mark is None]
    others = [number for number, mark in marks.items() if mark and mark.draw != draw]
    seen: dict[int, int] = {}  # the first row of each place
    twice = []
    for number, mark in marks.items():
        if mark and mark.draw == draw and seen.setdefault(mark.place, number) != number:
            twice.append(number)
    told = []
    if changed:
        told.append(f"第 {_numbers(changed)} 行编号被改动")
    if others:
        told.append(f"混有另一次抽样的行，或编号被改动：第 {_numbers(others)} 行")
    if twice:
        told.append(f"重复：第 {_numbers(twice)} 行")
    missing = [place for place in range(1, draw[1] + 1) if place not in seen]
    gone = len(missing) - len(changed) - len(others)
    if gone > 0:
        among = "" if gone == len(missing) else "其中几件，"
        told.append(f"少了 {gone} 件：{among}序号 {_numbers(missing)}；只算一部分会使估计失真")
    return told


def _numbers(numbers: list[int]) -> str:
    told = "、".join(map(str, numbers[:MOST_TOLD]))
    return told if len(numbers) <= MOST_TOLD else f"{told} 等 {len(numbers)}"


_COUNTS = """
SELECT count(*) FILTER (decision IN ('revise', 'reject')),
    count(*) FILTER (decision = 'review' AND NOT unread),
    count(*) FILTER (unread OR decision = 'error')
FROM ads
"""
