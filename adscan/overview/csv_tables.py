"""Tables that Excel opens at a double click: UTF-8 with a byte order mark, no cell a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import duckdb

from adscan.overview import stored
from adscan.overview.alerts import Runs, find_alerts
from adscan.overview.lead_sheets import ALERT_COLUMNS, LEAD_COLUMNS, lead_rows
from adscan.overview.leads import Lead
from adscan.overview.listings import AD_FINDINGS
from adscan.report.formats.csv import BYTE_ORDER_MARK, csv_row
from adscan.report.rows import Column, RowT

_LEADS: tuple[Column[Lead], ...] = (
    Column("牵头部门", 18, lambda lead: lead.authority),
    *LEAD_COLUMNS,
)


def render_findings(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A row a finding of each ad, and one for an ad without any that is no pass or was not read.

    Passes have no row: they are millions.
    """
    return render_table(AD_FINDINGS.columns, stored.fetch(connection, AD_FINDINGS.query))


def render_leads(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A row a lead, all authorities in one table."""
    return render_table(_LEADS, lead_rows(connection))


def render_alerts(connection: duckdb.DuckDBPyConnection, runs: Runs) -> Iterator[str]:
    """A row an alert."""
    return render_table(ALERT_COLUMNS, find_alerts(connection, runs))


def render_table(columns: Sequence[Column[RowT]], rows: Iterable[RowT]) -> Iterator[str]:
    """Headings, then a piece a row."""
    yield BYTE_ORDER_MARK + csv_row(column.heading for column in columns)
    for row in rows:
        yield csv_row(column.cell(row) for column in columns)
