"""Reads a file of the lake in small batches, so that no file is ever held whole.

Before: a path relative to the lake. After: record batches of some of its columns, in order. A part that an older version of the
schema wrote gives all columns of the present one, those it lacks null.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.older_files import is_older, lacks, table_of_path, widened

BATCH_ROWS = 1024


def read_batches(
    fs: FileSystem, paths: LakePaths, path: str, columns: Sequence[str] | None = None, rows: int = BATCH_ROWS
) -> Iterator[pa.RecordBatch]:
    """The file's rows in batches of at most `rows`; all columns where none are named, else these in this order.

    Row group by row group: a batch that spans two holds two dictionaries, which pyarrow can't put inside a list
    ("Nested data conversions not implemented for chunked array outputs").
    """
    wanted = None if columns is None else list(columns)
    with fs.open_read(paths.absolute(path)) as stream, pq.ParquetFile(stream) as parquet:
        table = table_of_path(path)
        if table is not None and is_older(parquet.schema_arrow) and lacks(parquet.schema_arrow, table):
            schema, names = table.schema, wanted or table.schema.names
            held = [name for name in names if name in parquet.schema_arrow.names]
            for group in range(parquet.num_row_groups):
                for batch in parquet.iter_batches(batch_size=rows, row_groups=[group], columns=held):
                    yield widened(batch, schema, names)
            return
        for group in range(parquet.num_row_groups):
            for batch in parquet.iter_batches(batch_size=rows, row_groups=[group], columns=wanted):
                yield batch if wanted is None else batch.select(wanted)
