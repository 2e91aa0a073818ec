"""A workbook to filter and print: the ads, their faults, mere mentions, gaps, and how it was made.

Rows go straight to disk, so the number of ads is no matter; a list longer than a sheet may be goes
on in a second one. Every cell is text or a number: no words of an ad become a formula.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator

from openpyxl import Workbook

from adscan.records.review import Case
from adscan.report import wording
from adscan.report.rows import (
    AD_COLUMNS,
    FINDING_COLUMNS,
    GAP_COLUMNS,
    MENTION_COLUMNS,
    AdRow,
    MentionRow,
    finding_rows,
    gap_rows,
)
from adscan.report.workbook.file import save
from adscan.report.workbook.lists import MAX_ROWS, SheetList, styled
from adscan.report.workbook.styles import BODY, HEADING, TELLING, new_sheet, register
from adscan.report.workbook.summary import Summary

PIECE_BYTES = 1_000_000


class Xlsx:
    """The workbook, as bytes."""

    def __init__(self, max_rows: int = MAX_ROWS) -> None:
        self._max_rows = max_rows

    def render(self, cases: Iterable[Case]) -> Iterator[bytes]:
        """The file in pieces; it begins when the last case is there."""
        book = Workbook(write_only=True)
        register(book)
        ads = SheetList(book, "审查结果", AD_COLUMNS, self._max_rows)
        findings = SheetList(book, "问题清单", FINDING_COLUMNS, self._max_rows)
        mentions = SheetList(book, "仅提及", MENTION_COLUMNS, self._max_rows)
        gaps = SheetList(book, "未读与未判断", GAP_COLUMNS, self._max_rows)
        summary = Summary()
        for number, case in enumerate(cases, 1):
            review = case.review
            summary.count(review)
            ads.add(AdRow(number, review), wording.DECISIONS[review.decision])
            for row in finding_rows(number, review):
                findings.add(row, wording.SEVERITIES[row.finding.severity])
            for mention in review.mentions:
                mentions.add(MentionRow(number, review, mention))
            for gap in gap_rows(number, review):
                gaps.add(gap)
        for listed in (ads, findings, mentions, gaps):
            listed.close()
        _last_sheet(book, summary)
        with tempfile.TemporaryFile() as file:
            save(book, file, summary.checked_at)
            file.seek(0)
            while piece := file.read(PIECE_BYTES):
                yield piece


def _last_sheet(book: Workbook, summary: Summary) -> None:
    sheet = new_sheet(book, "说明", (22, 90))
    sheet.freeze_panes = sheet.print_title_rows = None  # its headings stand at the left
    for name, value in summary.rows():
        sheet.append([styled(sheet, name, HEADING), styled(sheet, value, _telling(name))])
    sheet.close()


def _telling(name: str) -> str:
    return name if name in TELLING else BODY
