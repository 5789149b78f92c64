"""The one order of rows in a table, and how large a row is: what makes a file's bytes depend on its set of rows only.

Before: rows as they came. After: articles by published_at (unknown last) and article_id, removed by article_id and seq,
rejects by place and then by all that could differ. Strings compare by code point.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import TABLES, Table

NULL_PLACEMENT = "at_end"

_TIE_BREAKERS: dict[str, tuple[str, ...]] = {"rejects": ("message", "raw_sha256", "raw_size")}
"""Columns that put rows with equal sort keys into one order; tables without any hold no two such rows."""

_UNSIZED = frozenset({"language", "published_month", "run_id", "schema_version", "pipeline_version", "rule_id"})
"""Columns with few distinct values, which take next to no space once they are dictionary-encoded."""

_ROW_OVERHEAD = 64
"""Bytes that a row's numbers, lists and dictionary indexes take up, roughly."""

SortKey = tuple[Any, ...]


def order_columns(table: Table) -> tuple[str, ...]:
    """The columns that decide the order, most significant first."""
    return table.sort_by + _TIE_BREAKERS.get(table.name, ())


def unique_key(table: Table) -> bool:
    """Whether two rows of one partition may never have the same sort key."""
    return table.name not in _TIE_BREAKERS


def sort_batch(table: Table, batch: pa.RecordBatch) -> pa.RecordBatch:
    """`batch` sorted by partition, and inside a partition by the table's order."""
    keys = [(name, "ascending", NULL_PLACEMENT) for name in table.partition_by + order_columns(table)]
    return batch.take(pc.sort_indices(batch, sort_keys=keys))


def sort_keys(table: Table, batch: pa.RecordBatch) -> list[SortKey]:
    """For each row a tuple that compares as the table's order does: a pair (is null, value) for each column."""
    columns: list[list[Any]] = []
    for name in order_columns(table):
        column = batch.column(name)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.int64())
        values = column.to_pylist()
        if column.null_count:
            empty: Any = "" if pa.types.is_string(column.type) else 0
            columns.append([value is None for value in values])
            columns.append([empty if value is None else value for value in values])
        else:
            columns.append([False] * len(values))
            columns.append(values)
    return list(zip(*columns, strict=True))


def row_bytes(table: Table, batch: pa.RecordBatch) -> list[int]:
    """For each row about how many bytes it adds to a row group before compression; depends on the row alone."""
    total = np.full(batch.num_rows, _ROW_OVERHEAD, dtype=np.int64)
    for name in _sized_columns(table.name):
        column = batch.column(name)
        if column.null_count < len(column):
            total += _lengths(column)
    sizes: list[int] = total.tolist()
    return sizes


@cache
def _sized_columns(table_name: str) -> tuple[str, ...]:
    plain = (field for field in TABLES[table_name].schema if field.name not in _UNSIZED)
    return tuple(
        field.name
        for field in plain
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type) or pa.types.is_binary(field.type)
    )


def _lengths(column: pa.Array) -> npt.NDArray[np.int64]:
    """The bytes of each value, 0 for null, read off the offsets: a kernel call a column would cost more than the work."""
    width = np.int64 if pa.types.is_large_string(column.type) else np.int32
    offsets = np.frombuffer(column.buffers()[1], dtype=width)[column.offset : column.offset + len(column) + 1]
    lengths = np.diff(offsets).astype(np.int64)
    if column.null_count:  # what a null's offsets span is undefined
        lengths[column.is_null().to_numpy(zero_copy_only=False)] = 0
    return lengths
