"""Parquet: read batch by batch, only the columns that say something of an ad."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from adscan.errors import DamagedFile, SetupError
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions, Place
from adscan.scan.inputs.columns import find_columns, pick
from adscan.scan.inputs.rows import row_entry, row_name, table_pictures

_BATCH_ROWS = 128  # pictures may stand in the rows
_BUFFER_BYTES = 1 << 20  # column chunks are streamed, not read whole


def read_parquet(place: Place, options: InputOptions) -> Iterator[Entry]:
    """See Input. A broken row group costs its own rows only."""
    with place.open() as stream:
        file = _opened(stream, place)
        columns = find_columns(file.schema_arrow.names, options, place.name)
        find = table_pictures(place, options)
        first = 1
        for group in range(file.num_row_groups):
            number = first
            try:
                for cells in _rows(file, group, sorted(set(columns.values()))):
                    row = pick(cells, columns)
                    yield row_entry(row_name(place.name, number, row), row, find)
                    number += 1
            except (OSError, pa.ArrowException) as error:
                yield _lost(place, number, first + file.metadata.row_group(group).num_rows, error)
            first += file.metadata.row_group(group).num_rows


def _lost(place: Place, begin: int, end: int, error: Exception) -> Entry:
    said = f"文件中间已损坏，第 {begin:,} 至 {end - 1:,} 行读不出（{error}）"
    hint = "请重新下载或重新导出；其余各行已照常扫描"
    return Entry(f"{place.name}#{begin}", trouble=DamagedFile(said, hint=hint))


def _opened(stream: BinaryIO, place: Place) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(stream, buffer_size=_BUFFER_BYTES, pre_buffer=False)
    except (OSError, pa.ArrowException) as error:
        raise SetupError(
            f"{place.name} 不是完整的 Parquet 文件（{error}）", hint="请重新下载或重新导出"
        ) from error


def _rows(file: pq.ParquetFile, group: int, columns: list[str]) -> Iterator[dict[str, Any]]:
    batches = file.iter_batches(batch_size=_BATCH_ROWS, row_groups=[group], columns=columns)
    for batch in batches:
        yield from _coarser(batch).to_pylist()


def _coarser(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Times in microseconds: Python has no nanoseconds."""
    arrays = [
        array.cast(pa.timestamp("us", array.type.tz), safe=False)
        if pa.types.is_timestamp(array.type)
        else array
        for array in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)
