"""Small registers and lists for the tests of the permit stage."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from adscan.permits.lists.importing import Import, Order, import_list
from adscan.permits.register import Register
from adscan.permits.register_file import open_register

TODAY = date(2026, 11, 25)
HEADER = ("机构名称", "统一社会信用代码", "许可类型", "许可证编号", "有效期起", "有效期止", "状态")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    opened = open_register(tmp_path / "register.db", create=True)
    yield opened
    opened.close()


@pytest.fixture
def take(register: Register, tmp_path: Path):
    """Imports rows of the general layout as the list of a day."""

    def take(
        rows: Sequence[Sequence[str]],
        day: date = TODAY,
        *,
        header: Sequence[str] = HEADER,
        complete: bool = False,
        **order: object,
    ) -> Import:
        path = tmp_path / f"list-{len(list(tmp_path.iterdir()))}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return import_list(path, register, Order(TODAY, snapshot=day, complete=complete, **order))

    return take
