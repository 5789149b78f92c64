"""Buffers rows inside one bundle of work and writes them as sorted Arrow files, of which only descriptors travel on.

Before: rows of any table, partition and order, added one by one. After: one file a table and flush,
`_staging/<run>/<attempt>/<uuid>.arrow` (random names all), whose record batches never cross a partition and are sorted inside it; and one
`Fragment` for each partition in it. A bundle that fails leaves files that no descriptor names: they are never read, so
work that a runner repeats can't double a row.
"""

from __future__ import annotations

import itertools
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, directory
from pipeline.lake.ordering import row_bytes, sort_batch
from pipeline.lake.rows import (
    MENTION_BYTES,
    READS,
    TALLY,
    Row,
    RunStamp,
    Staged,
    reads_batch,
    row_size,
    table_of,
    tally_batch,
    text_of,
    to_batch,
)
from pipeline.lake.tombstones import NO_TOMBSTONES, Tombstones
from schemas.entities import Mentions
from schemas.records import Article, ReadCount, Reject, Removed
from schemas.tables import MENTIONS, QUOTES, TABLES, Table

FLUSH_BYTES = 4 << 20
"""Buffered rows are written once they take up this much."""
BATCH_ROWS = 256
_BATCH_ROWS_BY_TABLE = {"mentions": 4096, "quotes": 4096, "entities": 4096}
"""Small rows: a batch costs about as much as a hundred of them."""
BATCH_BYTES = 1 << 20
"""A staged record batch holds at most this much (one row at least): what a merge holds in memory of each fragment."""
_PENDING_BYTES = 2 << 20
"""Typed rows are turned into Arrow, which is far smaller, once they take up this much."""


class Fragment(NamedTuple):
    """Rows of one partition inside one staged file: its record batches first_batch … end_batch - 1, sorted.

    `directory` is the partition's folder relative to the lake (or READS or TALLY); `path` is relative to the lake; `bytes`
    is the rows' size in memory.
    """

    directory: str
    path: str
    first_batch: int
    end_batch: int
    rows: int
    bytes: int


def owner_of(source_uri: str, uris_with_hash: frozenset[str]) -> str:
    """The uri of the input file that a record came from: all before the first "#".

    `uris_with_hash` are the inputs whose own uri holds a "#"; the longest of them that fits wins.
    """
    head, mark, _ = source_uri.partition("#")
    if not mark or not uris_with_hash:
        return head
    end = len(source_uri)
    while end > 0:
        if source_uri[:end] in uris_with_hash:
            return source_uri[:end]
        end = source_uri.rfind("#", 0, end)
    return head


def batch_rows(table_name: str) -> int:
    """Rows that a staged record batch of a table holds at most."""
    return _BATCH_ROWS_BY_TABLE.get(table_name, BATCH_ROWS)


def write_arrow(
    fs: FileSystem, path: str, schema: pa.Schema, batches: Iterator[pa.RecordBatch] | Sequence[pa.RecordBatch]
) -> None:
    """Writes `batches` as one new Arrow IPC file. LZ4: it costs next to nothing, and staged bytes are read once."""
    # One thread: handing the small columns of small batches round costs more than compressing them.
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with fs.open_write(path) as stream, pa.ipc.new_file(stream, schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)


def cut_batch(table: Table, batch: pa.RecordBatch, sizes: Sequence[int]) -> list[pa.RecordBatch]:
    """`batch`, whose rows have these `row_bytes`, in pieces of at most `batch_rows` rows and about BATCH_BYTES bytes, in order."""
    most = batch_rows(table.name)
    pieces: list[pa.RecordBatch] = []
    first = 0
    held = 0
    for row, size in enumerate(sizes):
        if row > first and (row - first == most or held + size > BATCH_BYTES):
            pieces.append(batch.slice(first, row - first))
            first, held = row, 0
        held += size
    if first < batch.num_rows:
        pieces.append(batch.slice(first))
    return pieces


class _Buffer:
    """Rows of one table that wait to be written."""

    def __init__(self, table: Table, stamp: RunStamp) -> None:
        self.table = table
        self._stamp = stamp
        self._batch_rows = batch_rows(table.name)
        self._rows: list[Row] = []
        self._rows_bytes = 0
        self._batches: list[pa.RecordBatch] = []
        self._batches_bytes = 0

    @property
    def bytes(self) -> int:
        return self._rows_bytes + self._batches_bytes

    def add(self, rows: Sequence[Row], size: int) -> None:
        self._rows += rows
        self._rows_bytes += size
        if len(self._rows) >= self._batch_rows or self._rows_bytes >= _PENDING_BYTES:
            self._convert()

    def take_sorted(self) -> pa.RecordBatch | None:
        self._convert()
        if not self._batches:
            return None
        batch = pa.concat_batches(self._batches)
        self._batches.clear()
        self._batches_bytes = 0
        return sort_batch(self.table, batch)

    def _convert(self) -> None:
        if not self._rows:
            return
        batch = to_batch(self.table, self._rows, self._stamp)
        self._rows.clear()
        self._rows_bytes = 0
        self._batches.append(batch)
        self._batches_bytes += batch.nbytes


class Stager:
    """The writer that one bundle of work uses: `add` rows, `flush` at the end; both give the fragments just written.

    `staging` is the run's staging folder relative to the lake and must exist. `known_ids` are the article ids and reject
    ids that the lake already holds from an earlier version of an input: their rows are left out and tallied as known. So are
    rejects of `settled_inputs`, uris of inputs whose rejects the lake holds and keeps. What `tombstones` hold is left out and tallied as forgotten.
    """

    def __init__(
        self,
        fs: FileSystem,
        paths: LakePaths,
        staging: str,
        stamp: RunStamp,
        *,
        uris_with_hash: frozenset[str] = frozenset(),
        known_ids: frozenset[str] = frozenset(),
        settled_inputs: frozenset[str] = frozenset(),
        tombstones: Tombstones = NO_TOMBSTONES,
        flush_bytes: int = FLUSH_BYTES,
    ) -> None:
        self._fs = fs
        self._paths = paths
        self._attempt = f"{staging}/{uuid.uuid4().hex}"
        self._has_folder = False
        self._uris_with_hash = uris_with_hash
        self._known_ids = known_ids
        self._settled_inputs = settled_inputs
        self._tombstones = tombstones
        self._forgotten: set[str] = set()
        self._flush_bytes = flush_bytes
        self._buffers = {name: _Buffer(table, stamp) for name, table in TABLES.items()}
        self._buffered_bytes = 0
        self._reads: list[ReadCount] = []
        self._tally: Counter[tuple[str, str]] = Counter()

    def add(self, row: Staged | ReadCount) -> list[Fragment]:
        """Takes one row, or all mentions and quotes of one article; gives fragments where the buffer was full and has been
        written."""
        if isinstance(row, ReadCount):
            self._reads.append(row)
            return self.flush() if len(self._reads) >= 50_000 else []
        if isinstance(row, Mentions):
            self._add_mentions(row)
        else:
            table = table_of(row)
            if self._count(row):
                self._buffer(table, [row], row_size(row))
        return self.flush() if self._buffered_bytes >= self._flush_bytes else []

    def _add_mentions(self, found: Mentions) -> None:
        """Takes what was found in one article; as a whole, since row by row it would cost as much as finding some of it."""
        mentions, quotes = found
        if mentions and not self._is_left_out(mentions[0].article_id):
            for method, count in Counter(mention.method for mention in mentions).items():
                self._tally["method", method.value] += count
            self._buffer(MENTIONS, mentions, MENTION_BYTES * len(mentions))
        if quotes and not self._is_left_out(quotes[0].article_id):
            self._tally["quotes", ""] += len(quotes)
            self._buffer(QUOTES, quotes, sum(MENTION_BYTES + len(quote.quote) for quote in quotes))

    def _buffer(self, table: Table, rows: Sequence[Row], size: int) -> None:
        buffer = self._buffers[table.name]
        before = buffer.bytes
        buffer.add(rows, size)
        self._buffered_bytes += buffer.bytes - before

    def flush(self) -> list[Fragment]:
        """Writes all that waits; gives its fragments, empty where nothing waited."""
        fragments: list[Fragment] = []
        self._buffered_bytes = 0
        for buffer in self._buffers.values():
            batch = buffer.take_sorted()
            if batch is not None:
                fragments += self._write_table(buffer.table, batch)
        if self._reads:
            fragments.append(self._write_plain(READS, reads_batch(self._reads)))
            self._reads = []
        if self._tally:
            fragments.append(self._write_plain(TALLY, tally_batch(self._tally)))
            self._tally = Counter()
        return fragments

    def _count(self, row: Article | Removed | Reject) -> bool:
        """Tallies a row; False where the lake already holds it."""
        if isinstance(row, Removed):
            if self._is_left_out(row.article_id):
                return False
            self._tally["category", row.category.value] += 1
            return True
        owner = text_of(owner_of(row.source_uri, self._uris_with_hash))
        if self._tombstones and self._tombstones.holds(row):
            if isinstance(row, Article):
                self._forgotten.add(row.article_id)  # its other rows come behind it
            self._tally["forgotten", owner] += 1
            return False
        if (row.article_id if isinstance(row, Article) else row.reject_id) in self._known_ids:
            self._tally["known", owner] += 1
            return False
        if isinstance(row, Reject):
            if owner in self._settled_inputs:
                self._tally["known", owner] += 1
                return False
            self._tally["reject", owner] += 1
            self._tally["code", row.code.value] += 1
        else:
            self._tally["article", owner] += 1
            self._tally["format", row.source_format.value] += 1
            self._tally["language", row.language] += 1
        return True

    def _is_left_out(self, article_id: str) -> bool:
        """Whether rows that belong to this article are not written, since the article itself is not."""
        return article_id in self._known_ids or article_id in self._forgotten

    def _new_path(self) -> str:
        if not self._has_folder:
            # Not with parents: once the run's folder is gone, a worker that outlived its run must not bring it back.
            self._fs.make_folder(self._paths.absolute(self._attempt))
            self._has_folder = True
        return f"{self._attempt}/{uuid.uuid4().hex}.arrow"

    def _write_table(self, table: Table, batch: pa.RecordBatch) -> list[Fragment]:
        return write_sorted(self._fs, self._paths, self._new_path(), table, batch)

    def _write_plain(self, name: str, batch: pa.RecordBatch) -> Fragment:
        path = self._new_path()
        write_arrow(self._fs, self._paths.absolute(path), batch.schema, [batch])
        return Fragment(name, path, 0, 1, batch.num_rows, batch.nbytes)


def write_sorted(fs: FileSystem, paths: LakePaths, path: str, table: Table, batch: pa.RecordBatch) -> list[Fragment]:
    """Writes a sorted batch to the new file `path`, relative to the lake; one fragment for each partition in it."""
    pieces: list[pa.RecordBatch] = []
    fragments: list[Fragment] = []
    sizes = row_bytes(table, batch)
    for folder, first, end in _partitions(table, batch):
        part = batch.slice(first, end - first)
        cut = cut_batch(table, part, sizes[first:end])
        fragments.append(Fragment(folder, path, len(pieces), len(pieces) + len(cut), part.num_rows, part.nbytes))
        pieces += cut
    write_arrow(fs, paths.absolute(path), batch.schema, pieces)
    return fragments


def _partitions(table: Table, batch: pa.RecordBatch) -> Iterator[tuple[str, int, int]]:
    """(folder, first row, end row) of each run of equal partition values in a sorted batch."""
    if not table.partition_by:
        yield directory(table, ()), 0, batch.num_rows
        return
    values = zip(*(batch.column(name).to_pylist() for name in table.partition_by), strict=True)
    first = 0
    for partition, group in itertools.groupby(values):
        end = first + sum(1 for _ in group)
        yield directory(table, partition), first, end
        first = end
