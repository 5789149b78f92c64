"""Writes a run's list of inputs, which together are the ledger.

Before: batches of `ledger.INPUTS_SCHEMA`. After: `inputs.parquet` in the run's staging folder, its entry for the manifest, and the
move that brings it into the lake.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, inputs_path
from pipeline.lake.ledger import INPUTS_SCHEMA
from pipeline.lake.manifest import FileEntry
from pipeline.lake.publish import Move

_ROW_GROUP = 1 << 16


def write_list(
    fs: FileSystem, paths: LakePaths, staging: str, run_id: str, batches: Iterable[pa.RecordBatch]
) -> tuple[FileEntry, Move]:
    """The list as it will stand; `staging` is the run's staging folder relative to the lake. Holds one row group."""
    staged = f"{staging}/inputs-{uuid.uuid4().hex}.parquet"  # a worker that ended in the middle may have left one
    rows = 0
    waiting: list[pa.RecordBatch] = []
    with fs.open_write(paths.absolute(staged)) as stream:
        with pq.ParquetWriter(stream, INPUTS_SCHEMA, compression="zstd", use_dictionary=["run_id"]) as writer:
            for batch in batches:
                rows += batch.num_rows
                waiting.append(batch)
                if sum(each.num_rows for each in waiting) >= _ROW_GROUP:
                    _write(writer, waiting)
                    waiting = []
            _write(writer, waiting)
        fs.fsync_stream(stream)
    path = inputs_path(run_id)
    size, digest = fs.size(paths.absolute(staged)), fs.sha256(paths.absolute(staged))
    return FileEntry(path, "inputs", rows, size, digest), Move(staged, path, size, digest)


def _write(writer: pq.ParquetWriter, batches: list[pa.RecordBatch]) -> None:
    writer.write_table(pa.Table.from_batches(batches, schema=INPUTS_SCHEMA), row_group_size=_ROW_GROUP)
