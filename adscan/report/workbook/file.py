"""A workbook to a file, the same bytes whenever it is written."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

EARLIEST = datetime(1980, 1, 1, tzinfo=timezone.utc)  # a zip knows no day before


def save(book: Workbook, file: IO[bytes], made_at: str, title: str = "广告合规审查报告") -> None:
    """Write the book. `made_at` (ISO 8601; empty if unknown) stands as its date."""
    moment = max(EARLIEST, _moment(made_at))
    book.properties.creator = "adscan"
    book.properties.title = title
    book.properties.created = book.properties.modified = moment.replace(tzinfo=None)
    with _DatedZip(file, moment) as archive:
        ExcelWriter(book, archive).write_data()


class _DatedZip(ZipFile):
    """A zip whose members all bear the same date."""

    def __init__(self, file: IO[bytes], moment: datetime) -> None:
        super().__init__(file, "w", ZIP_DEFLATED, allowZip64=True)
        self._date_time = moment.timetuple()[:6]

    def writestr(self, zinfo_or_arcname: Any, data: Any, *rest: Any, **more: Any) -> None:
        """A member from memory."""
        super().writestr(self._dated(zinfo_or_arcname), data, *rest, **more)

    def write(self, filename: Any, arcname: Any = None, *rest: Any, **more: Any) -> None:
        """A member from disk."""
        with open(filename, "rb") as source, self.open(self._dated(arcname), "w") as member:  # noqa: PTH123
            shutil.copyfileobj(source, member)

    def _dated(self, name: str) -> ZipInfo:
        member = ZipInfo(name, self._date_time)
        member.compress_type = ZIP_DEFLATED
        return member


def _moment(iso: str) -> datetime:
    if not iso:
        return EARLIEST
    moment = datetime.fromisoformat(iso)
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
