"""Stages rows of a finished file again, so that they can be merged into other files: all of them, or without some.

Before: a data file of the lake. After: one fragment with those of its rows that stay, in their order, in the work schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.ordering import row_bytes
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.rows import work_schema
from pipeline.lake.staging import Fragment, cut_batch, write_arrow
from schemas.tables import TABLES

Mask = Callable[[pa.RecordBatch], pa.Array]
"""For each row of a batch whether it goes."""


def stage_kept(
    fs: FileSystem, paths: LakePaths, source: str, directory: str, staged: str, goes: Mask | None = None
) -> Fragment:
    """Writes the rows of the file `source`, which belongs into `directory`, to `staged`, without those that go.

    All paths are relative to the lake. A nullable column that the file, of an earlier version, does not have is null.
    """
    table = TABLES[directory.partition("/")[0]]
    schema = work_schema(table.name)
    cut = rows = size = 0

    def kept() -> Iterator[pa.RecordBatch]:
        nonlocal cut, rows, size
        for batch in read_batches(fs, paths, source):
            plain = plain_batch(batch, schema)
            if goes is not None:
                plain = plain.filter(pc.invert(goes(plain)))
            for piece in cut_batch(table, plain, row_bytes(table, plain)):
                cut += 1
                rows += piece.num_rows
                size += piece.nbytes
                yield piece

    write_arrow(fs, paths.absolute(staged), schema, kept())
    return Fragment(directory, staged, 0, cut, rows, size)


def plain_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The columns of `schema`, a work schema, in plain types; null where a file of an earlier version lacks a nullable one."""
    held = set(batch.schema.names)
    arrays = [
        pa.nulls(batch.num_rows, field.type)
        if field.nullable and field.name not in held
        else batch.column(field.name).cast(field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
