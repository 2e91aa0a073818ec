"""The sampling sheet (抽样复核表): random passes for people to judge, drawn again alike by a seed.

Simple random draw without replacement among the ads that passed and were read whole. Every row
bears a mark with the archive's fingerprint, the number of rows, the seed and its own number, so
that the filled-in sheet needs nothing else to be checked and counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from adscan.errors import SetupError
from adscan.overview import stored
from adscan.overview.books import Fact, add_facts, new_book, pieces
from adscan.overview.csv_tables import render_table
from adscan.report.rows import Column
from adscan.report.workbook.lists import MAX_ROWS, styled
from adscan.report.workbook.styles import BODY, HEADING, new_sheet

VIOLATION, CLEAN, UNSURE = VERDICTS = ("违法", "不违法", "无法判断")
VERDICT_HEADING, MARK_HEADING = "人工结论", "抽样编号"
SHEET = "抽样复核"
MAX_SAMPLE = MAX_ROWS - 1
OPENING = 500  # characters of the text that a person sees at once
_FINGERPRINT = 12  # hex digits


class SampleError(SetupError):
    """No sample can be drawn, or the sheet that came back cannot be counted."""

    code = "sample"


@dataclass(frozen=True)
class Population:
    """The ads from which samples are drawn."""

    size: int
    fingerprint: str  # of all their ids and reviews: another archive or rulebook gives another


@dataclass(frozen=True)
class Draw:
    """One sample: where from, how many, with which seed."""

    population: Population
    size: int
    seed: int

    def mark(self, number: int) -> str:
        """The mark of its row, `number` from 1."""
        return f"S{self.population.fingerprint}-{self.size}-{self.seed}-{number}"


def find_population(connection: duckdb.DuckDBPyConnection) -> Population:
    """The passes that were read whole."""
    size, mixed = stored.one(
        connection,
        f"SELECT count(*), bit_xor(md5_number(ad_id || review_id)) FROM ads WHERE {_DRAWN_FROM}",
    )
    digest = hashlib.sha256(f"{size}:{mixed}".encode()).hexdigest()
    return Population(size, digest[:_FINGERPRINT])


def plan_draw(connection: duckdb.DuckDBPyConnection, wanted: int, seed: int) -> Draw:
    """A draw of `wanted` ads, or of all if they are fewer. Raises SampleError if there is none."""
    population = find_population(connection)
    if not population.size:
        raise SampleError(
            "没有可以抽样的广告：没有一件已读全且结论为“未发现问题”",
            hint="请先看 adscan report 的未读部分",
        )
    return Draw(population, min(wanted, population.size, MAX_SAMPLE), seed)


def find_sample(connection: duckdb.DuckDBPyConnection, draw: Draw) -> Iterator[stored.Row]:
    """The ads of a draw, in the order in which they were drawn."""
    connection.execute(_DRAW, {"seed": f"{draw.seed}:", "size": draw.size})
    for row in stored.fetch(connection, _READ):
        yield row | {"mark": draw.mark(row["at"])}


def render_xlsx(connection: duckdb.DuckDBPyConnection, draw: Draw) -> Iterator[bytes]:
    """The workbook; the verdicts can be picked from a list."""
    book = new_book()
    sheet = new_sheet(book, SHEET, [column.width for column in COLUMNS])
    sheet.append([styled(sheet, column.heading, HEADING) for column in COLUMNS])
    for row in find_sample(connection, draw):
        sheet.append([styled(sheet, column.cell(row), BODY) for column in COLUMNS])
    at = [column.heading for column in COLUMNS].index(VERDICT_HEADING) + 1
    choice = DataValidation(
        type="list",
        formula1=f'"{",".join(VERDICTS)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=VERDICT_HEADING,
        error=f"只能填{'、'.join(VERDICTS)}",
    )
    choice.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{draw.size + 1}")
    sheet.data_validations.append(choice)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{draw.size + 1}"
    sheet.close()
    add_facts(book, "说明", _facts(draw))
    return pieces(book, "", "抽样复核表")


def render_csv(connection: duckdb.DuckDBPyConnection, draw: Draw) -> Iterator[str]:
    """The same as a table; a CSV has no list to pick from."""
    return render_table(COLUMNS, find_sample(connection, draw))


def _facts(draw: Draw) -> tuple[Fact, ...]:
    return (
        ("抽样方法", "简单随机抽样，不放回：每一件被抽到的机会相同，不按渠道分层。"),
        ("总体", f"已读全且结论为“未发现问题”的广告，共 {draw.population.size} 件。"),
        ("不在总体内", "没有读全的广告不抽，它们列在 adscan report 的未读部分，须另行处理。"),
        ("抽取件数", draw.size),
        ("种子", str(draw.seed)),
        ("结果指纹", draw.population.fingerprint),
        ("怎样填", f"每一行的“{VERDICT_HEADING}”都要填：{'、'.join(VERDICTS)}；备注可以不填。"),
        ("不要改动", f"不要增删行，不要改“{MARK_HEADING}”列；可以排序、筛选。"),
        ("怎样算", "adscan report 结果文件夹 --sampled 本文件：给出漏判率及其 95% 区间。"),
        ("何时作废", "结果变了（又扫描了新的广告，或用新的规则重判）以后，要重新抽样。"),
    )


COLUMNS: tuple[Column[stored.Row], ...] = (
    Column("序号", 6, lambda row: row["at"]),
    Column("材料", 28, lambda row: row["source"]),
    Column("存档编号", 16, lambda row: row["record_id"] or ""),
    Column("网址", 28, lambda row: row["url"] or ""),
    Column("标题", 22, lambda row: row["title"] or ""),
    Column("内容开头", 60, lambda row: row["opening"] or ""),
    Column("广告主", 22, lambda row: stored.advertiser(row["advertiser"], row["found"])),
    Column("渠道", 10, lambda row: stored.medium(row["medium"])),
    Column("发布日", 14, lambda row: stored.published(row["published"], row["judged_as_of"])),
    Column(VERDICT_HEADING, 12, lambda row: ""),
    Column("备注", 24, lambda row: ""),
    Column(MARK_HEADING, 26, lambda row: row["mark"]),
)
_DRAWN_FROM = "decision = 'pass' AND NOT unread"
_DRAW = f"""
CREATE OR REPLACE TEMP TABLE drawn AS
SELECT ad_id, reading_id, row_number() OVER (ORDER BY chance, ad_id)::INTEGER AS at
FROM (
    SELECT ad_id, reading_id, md5($seed || ad_id) AS chance FROM ads WHERE {_DRAWN_FROM}
    ORDER BY chance, ad_id LIMIT $size
)
"""
_READ = f"""
WITH text AS (
    SELECT reading_id,
        left(string_agg(left(text, {OPENING}), chr(10) ORDER BY number), {OPENING}) AS opening
    FROM parts
    WHERE NOT hidden AND text <> '' AND reading_id IN (SELECT reading_id FROM drawn)
    GROUP BY reading_id
)
SELECT d.at, a.source, a.record_id, a.url, a.title, a.advertiser, a.permit_advertiser AS found,
    {stored.MEDIUM.format("a.")} AS medium, a.published, a.judged_as_of, t.opening
FROM drawn d JOIN ads a USING (ad_id) LEFT JOIN text t ON t.reading_id = d.reading_id
ORDER BY d.at
"""
