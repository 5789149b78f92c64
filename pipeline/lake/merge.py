"""Merges the sorted fragments of one partition into its finished files, in memory that does not grow with the partition.

Before: fragments in any number and order, cut as bundles happened to end. After: files whose bytes depend only on the set of
rows. Where there are many fragments they are first merged into fewer, `FAN_IN` at a time, so that never more than one
record batch of each of `FAN_IN` fragments is held.
"""

from __future__ import annotations

import heapq
import operator
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
import pyarrow as pa

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, parse_directory
from pipeline.lake.ordering import SortKey, row_bytes, sort_keys, unique_key
from pipeline.lake.parquet_file import ROW_GROUP_BYTES, TARGET_FILE_BYTES, DataFile, PartWriter
from pipeline.lake.rows import work_schema
from pipeline.lake.run_spec import RunSpec
from pipeline.lake.staging import BATCH_BYTES, Fragment, batch_rows, write_arrow
from schemas.tables import Table

FAN_IN = 48
_ONE_THREAD = pa.ipc.IpcReadOptions(use_threads=False)


class DuplicateKeyError(Exception):
    """Two rows of one partition have the same key: a record was read twice, or two records have the same name and bytes."""


class _Cursor:
    """Walks through one fragment, holding one record batch."""

    def __init__(self, fs: FileSystem, paths: LakePaths, table: Table, fragment: Fragment) -> None:
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
                # Sums up to and without each row: how many rows fit into a batch is then one search.
                self.sums = [0, *accumulate(row_bytes(self._table, self.batch))]
                return True
        self.close()
        return False

    def run_length(self, before: SortKey | None) -> int:
        """How many rows from the current one on come before the key of another fragment; at least one."""
        if before is None:
            return len(self.keys) - self.row
        return max(1, bisect_left(self.keys, before, self.row) - self.row)

    def fitting(self, room: int) -> int:
        """How many rows from the current one on take up no more than `room` bytes together."""
        return bisect_right(self.sums, self.sums[self.row] + room, self.row) - 1 - self.row

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

    def pick(self, index: int, cursor: _Cursor, count: int) -> None:
        """Takes `count` rows from the cursor's current one on, and moves the cursor past them."""
        opened = self._open.get(index)
        if opened is None:
            opened = (len(self._slices), cursor.row)
            self._open[index] = opened
            self._slices.append(cursor.batch)
        within = cursor.row - opened[1]
        self._slice_of += [opened[0]] * count
        self._within += range(within, within + count)
        self.rows += count
        self.bytes += cursor.sums[cursor.row + count] - cursor.sums[cursor.row]
        cursor.row += count

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
    fs: FileSystem,
    paths: LakePaths,
    table: Table,
    fragments: Sequence[Fragment],
    batch_bytes: int = BATCH_BYTES,
) -> Iterator[tuple[pa.RecordBatch, int]]:
    """The rows of all fragments in order, as (batch, bytes) of at most `staging.batch_rows` rows and about `batch_bytes` bytes.

    Batches end by the rows' own sizes, so they are the same however the rows were spread. Raises DuplicateKeyError.
    """
    cursors: list[_Cursor] = []
    most = batch_rows(table.name)
    try:
        for fragment in fragments:
            cursors.append(_Cursor(fs, paths, table, fragment))
        heap = [(cursor.keys[0], index) for index, cursor in enumerate(cursors) if fragments[index].rows]
        heapq.heapify(heap)
        unique = unique_key(table)
        previous: SortKey | None = None
        pending = _Pending()
        while heap:
            index = heap[0][1]
            cursor = cursors[index]
            # Rows that stand together in one fragment, such as an article's mentions, are taken together.
            run = cursor.run_length(min(heap[1:3])[0] if len(heap) > 1 else None)
            if unique:
                twice = _repeated(previous, cursor.keys[cursor.row : cursor.row + run])
                if twice is not None:
                    raise DuplicateKeyError(
                        f"{table.name}: two rows with {', '.join(table.sort_by)} = {twice[1::2]}"
                        f" in {fragments[index].directory}"
                    )
                previous = cursor.keys[cursor.row + run - 1]
            while run:
                fits = min(run, most - pending.rows, cursor.fitting(batch_bytes - pending.bytes))
                if fits <= 0 and pending.rows:
                    size = pending.bytes
                    yield pending.take(cursors), size
                    pending = _Pending()
                    continue
                fits = max(1, fits)
                pending.pick(index, cursor, fits)
                run -= fits
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


def _repeated(previous: SortKey | None, keys: Sequence[SortKey]) -> SortKey | None:
    """The first of `keys`, which follow `previous`, that is the same as the one before it; None where there is none."""
    if keys[0] != previous and not any(map(operator.eq, keys[1:], keys)):
        return None
    return next(key for before, key in zip([previous, *keys], keys, strict=False) if before == key)


def merge_partition(
    fs: FileSystem,
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


def _premerge(fs: FileSystem, paths: LakePaths, attempt: str, table: Table, fragments: Sequence[Fragment]) -> Fragment:
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


def merge_staged(fs: FileSystem, spec: RunSpec, directory: str, fragments: Sequence[Fragment]) -> list[DataFile]:
    """`merge_partition` as the run of `spec` does it: under its id, in its staging folder, to its sizes."""
    return merge_partition(
        fs,
        LakePaths(spec.root),
        spec.staging,
        directory,
        fragments,
        spec.run_id,
        spec.pipeline_version,
        target_file_bytes=spec.target_file_bytes,
        row_group_bytes=spec.row_group_bytes,
    )
