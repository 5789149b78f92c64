"""Merges the sorted fragments of one partition into its finished files, in memory that does not grow with the partition.

Before: fragments in any number and order, cut as bundles happened to end. After: files whose bytes depend only on the set of
rows. Where there are many fragments they are first merged into fewer, `FAN_IN` at a time, so that never more than one
record batch of each of `FAN_IN` fragments is held.
"""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.layout import LakePaths, parse_directory
from pipeline.lake.ordering import SortKey, row_bytes, sort_keys, unique_key
from pipeline.lake.parquet_file import ROW_GROUP_BYTES, TARGET_FILE_BYTES, DataFile, PartWriter
from pipeline.lake.rows import work_schema
from pipeline.lake.staging import BATCH_BYTES, BATCH_ROWS, Fragment, write_arrow
from schemas.tables import Table

FAN_IN = 48
_ONE_THREAD = pa.ipc.IpcReadOptions(use_threads=False)


class DuplicateKeyError(Exception):
    """Two rows of one partition have the same key: a record was read twice, or two records have the same name and bytes."""


class _Cursor:
    """Walks through one fragment, holding one record batch."""

    def __init__(self, fs: LocalFileSystem, paths: LakePaths, table: Table, fragment: Fragment) -> None:
        self._table = table
        self._stream = fs.open_read(paths.absolute(fragment.path))
        self._next = fragment.first_batch
        self._end = fragment.end_batch
        self.row = 0
        try:
            self._reader = pa.ipc.open_file(self._stream, options=_ONE_THREAD)
            self.load()
        except BaseException:
            self._stream.close()
            raise

    def load(self) -> bool:
        """Loads the next batch that has rows; False, and the file closed, where there is none."""
        while self._next < self._end:
            self.batch: pa.RecordBatch = self._reader.get_batch(self._next)
            self._next += 1
            if self.batch.num_rows:
                self.row = 0
                self.keys: list[SortKey] = sort_keys(self._table, self.batch)
                self.sizes = row_bytes(self._table, self.batch)
                return True
        self.close()
        return False

    def close(self) -> None:
        """Closes the file; again is fine."""
        self._stream.close()


class _Pending:
    """Rows picked for the next batch: slices of the cursors' batches, and the order in which their rows come."""

    def __init__(self) -> None:
        self.rows = 0
        self.bytes = 0
        self._slices: list[pa.RecordBatch] = []
        self._open: dict[int, tuple[int, int]] = {}
        self._slice_of: list[int] = []
        self._within: list[int] = []

    def pick(self, index: int, cursor: _Cursor) -> None:
        """Takes the cursor's current row."""
        opened = self._open.get(index)
        if opened is None:
            opened = (len(self._slices), cursor.row)
            self._open[index] = opened
            self._slices.append(cursor.batch)
        self._slice_of.append(opened[0])
        self._within.append(cursor.row - opened[1])
        self.rows += 1
        self.bytes += cursor.sizes[cursor.row]

    def close_slice(self, index: int, end: int) -> None:
        """Ends what was picked from one cursor's batch, before that batch is let go."""
        opened = self._open.pop(index, None)
        if opened is not None:
            number, first = opened
            self._slices[number] = self._slices[number].slice(first, end - first)

    def take(self, cursors: Sequence[_Cursor]) -> pa.RecordBatch:
        """The picked rows as one batch, in order."""
        for index in list(self._open):
            self.close_slice(index, cursors[index].row)
        lengths = np.array([piece.num_rows for piece in self._slices], dtype=np.int64)
        bases = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        # concat_batches copies even a single slice, which lets the batch it was cut from go.
        joined = pa.concat_batches(self._slices)
        if len(self._slices) == 1:
            return joined
        order = bases[np.array(self._slice_of)] + np.array(self._within)
        return joined.take(pa.array(order))


def merged_batches(
    fs: LocalFileSystem,
    paths: LakePaths,
    table: Table,
    fragments: Sequence[Fragment],
    batch_bytes: int = BATCH_BYTES,
) -> Iterator[tuple[pa.RecordBatch, int]]:
    """The rows of all fragments in order, as (batch, bytes) of at most BATCH_ROWS rows and about `batch_bytes` bytes.

    Batches end by the rows' own sizes, so they are the same however the rows were spread. Raises DuplicateKeyError.
    """
    cursors: list[_Cursor] = []
    try:
        for fragment in fragments:
            cursors.append(_Cursor(fs, paths, table, fragment))
        heap = [(cursor.keys[0], index) for index, cursor in enumerate(cursors) if fragments[index].rows]
        heapq.heapify(heap)
        unique = unique_key(table)
        previous: SortKey | None = None
        pending = _Pending()
        while heap:
            key, index = heap[0]
            cursor = cursors[index]
            if unique and key == previous:
                raise DuplicateKeyError(
                    f"{table.name}: two rows with {', '.join(table.sort_by)} = {key[1::2]} in {fragments[index].directory}"
                )
            previous = key
            if pending.rows and (pending.rows == BATCH_ROWS or pending.bytes + cursor.sizes[cursor.row] > batch_bytes):
                size = pending.bytes
                yield pending.take(cursors), size
                pending = _Pending()
            pending.pick(index, cursor)
            cursor.row += 1
            if cursor.row == len(cursor.keys):
                pending.close_slice(index, cursor.row)
                if not cursor.load():
                    heapq.heappop(heap)
                    continue
            heapq.heapreplace(heap, (cursor.keys[cursor.row], index))
        if pending.rows:
            size = pending.bytes
            yield pending.take(cursors), size
    finally:
        for cursor in cursors:
            cursor.close()


def merge_partition(
    fs: LocalFileSystem,
    paths: LakePaths,
    staging: str,
    directory: str,
    fragments: Sequence[Fragment],
    run_id: str,
    pipeline_version: str,
    *,
    target_file_bytes: int = TARGET_FILE_BYTES,
    row_group_bytes: int = ROW_GROUP_BYTES,
    fan_in: int = FAN_IN,
) -> list[DataFile]:
    """Writes the finished files of one partition into `staging`, under names of their own; gives them in order.

    `staging` and `directory` are relative to the lake. Raises DuplicateKeyError where two rows have one key.
    """
    table, _ = parse_directory(directory)
    # A name for this attempt, not a folder: a lake has many small partitions, and making, forcing to disk and deleting
    # a folder for each costs more than its rows.
    attempt = f"{staging}/{uuid.uuid4().hex}"
    rest = sorted(fragment for fragment in fragments if fragment.rows)
    while len(rest) > fan_in:
        fewer: list[Fragment] = []
        for first in range(0, len(rest), fan_in):
            group = rest[first : first + fan_in]
            fewer.append(_premerge(fs, paths, attempt, table, group) if len(group) > 1 else group[0])
        rest = fewer
    writer = PartWriter(
        fs,
        paths,
        attempt,
        table,
        directory,
        run_id,
        pipeline_version,
        target_file_bytes=target_file_bytes,
        row_group_bytes=row_group_bytes,
    )
    try:
        for batch, size in merged_batches(fs, paths, table, rest, min(BATCH_BYTES, writer.row_group_bytes // 8)):
            writer.add(batch, size)
        return writer.finish()
    finally:
        writer.abandon()


def _premerge(
    fs: LocalFileSystem, paths: LakePaths, attempt: str, table: Table, fragments: Sequence[Fragment]
) -> Fragment:
    """Several fragments as one."""
    path = f"{attempt}-{uuid.uuid4().hex}.arrow"
    counted = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal counted
        for batch, _ in merged_batches(fs, paths, table, fragments):
            counted += 1
            yield batch

    write_arrow(fs, paths.absolute(path), work_schema(table.name), batches())
    rows = sum(fragment.rows for fragment in fragments)
    return Fragment(fragments[0].directory, path, 0, counted, rows, sum(fragment.bytes for fragment in fragments))
