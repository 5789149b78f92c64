"""What a worker makes of the inputs of one bundle: rows as Arrow files in the lake's `_stream` folder, of which a small description travels on.

Before: rows of any table, input after input. After: one file a table, `_stream/<stream>/<random name>-articles.arrow`, and for each input
which of their record batches are its own. No row crosses a shuffle. A bundle that fails leaves files that no description names.

These files lie outside `_staging`, which every run of the lake clears of what others left there.
"""

from __future__ import annotations

import json
import uuid
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.rows import MENTION_BYTES, Row, RunStamp, Staged, row_size, table_of, to_batch
from pipeline.lake.staging import BATCH_BYTES, batch_rows
from schemas.entities import Mentions
from schemas.records import InputFile
from schemas.tables import MENTIONS, QUOTES, TABLES, Table
from transforms.rejects import RAW_CAP

HEADS = "heads"
"""No table: the first bytes of messages, for rejects; files can be read again."""
_HEADS_SCHEMA = pa.schema([pa.field("raw", pa.binary(), nullable=False)])
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


class Slice(NamedTuple):
    """Record batches first … end - 1 of one table's file."""

    table: str
    first: int
    end: int


class Delivery(NamedTuple):
    """One input, read to its end: it gave `records` records, whose rows are in `slices`. `event_time` in microseconds since 1970."""

    file: InputFile
    event_time: int
    records: int
    slices: tuple[Slice, ...]


class Pack(NamedTuple):
    """The inputs of one window in one bundle. `path` is that of the files without their table, relative to the lake."""

    path: str
    end: int
    tables: tuple[str, ...]
    deliveries: tuple[Delivery, ...]

    def file(self, table: str) -> str:
        """The file of one table, relative to the lake."""
        return f"{self.path}-{table}.arrow"


def encode(pack: Pack) -> bytes:
    """As JSON, which outlives a change of classes better than a pickle in a runner's checkpoint."""
    return json.dumps(pack, separators=(",", ":")).encode()


def decode(content: bytes) -> Pack:
    """The pack again."""
    return pack_of(json.loads(content))


def pack_of(content: Any) -> Pack:
    """The pack from what JSON holds of it."""
    path, end, tables, deliveries = content
    return Pack(path, end, tuple(tables), tuple(_delivery(each) for each in deliveries))


def _delivery(content: Any) -> Delivery:
    file, event_time, records, slices = content
    return Delivery(InputFile(*file), event_time, records, tuple(Slice(*each) for each in slices))


class PackWriter:
    """Writes one pack. For each input: `take` its rows as they come, then `finish`, or `drop`; `close` at the end of the bundle."""

    def __init__(self, fs: FileSystem, paths: LakePaths, folder: str, end: int, pipeline_version: str) -> None:
        """`folder` is relative to the lake and must exist."""
        self._fs = fs
        self._paths = paths
        self._path = f"{folder}/{uuid.uuid4().hex}"
        self._end = end
        # The run that will hold the rows is not known yet: its id is filled in by `adopt`.
        self._stamp = RunStamp("", pipeline_version)
        self._files: dict[str, _ArrowFile] = {}
        self._deliveries: list[Delivery] = []
        self._pending: dict[str, _Pending] = {}
        self._first: dict[str, int] = {}

    def take(self, row: Staged) -> None:
        """One row of the present input, or all that was found in one article. Raises ValueError for a row that breaks the contract."""
        if isinstance(row, Mentions):
            for mention in row.mentions:
                self._take(MENTIONS, mention, MENTION_BYTES)
            for quote in row.quotes:
                self._take(QUOTES, quote, MENTION_BYTES + len(quote.quote))
        else:
            self._take(table_of(row), row, row_size(row))

    def finish(self, file: InputFile, event_time: int, records: int, head: bytes = b"") -> None:
        """The present input is read to its end; `head` are its first bytes where it can't be read again."""
        for name in sorted(self._pending):
            self._write_rows(TABLES[name])
        if head:
            raw = pa.array([head[:RAW_CAP]], pa.binary())
            self._write(HEADS, pa.RecordBatch.from_arrays([raw], schema=_HEADS_SCHEMA))
        slices = tuple(Slice(name, first, self._files[name].batches) for name, first in sorted(self._first.items()))
        self._deliveries.append(Delivery(file, event_time, records, slices))
        self.drop()

    def drop(self) -> None:
        """The present input comes to nothing: what was written of it belongs to none."""
        self._pending = {}
        self._first = {}

    def close(self) -> Pack:
        """The pack; its files are whole."""
        for file in self._files.values():
            file.close()
        return Pack(self._path, self._end, tuple(sorted(self._files)), tuple(self._deliveries))

    def _take(self, table: Table, row: Row, size: int) -> None:
        pending = self._pending.setdefault(table.name, _Pending())
        pending.rows.append(row)
        pending.bytes += size
        if len(pending.rows) >= batch_rows(table.name) or pending.bytes >= BATCH_BYTES:
            self._write_rows(table)

    def _write_rows(self, table: Table) -> None:
        pending = self._pending.pop(table.name)
        self._write(table.name, to_batch(table, pending.rows, self._stamp))

    def _write(self, name: str, batch: pa.RecordBatch) -> None:
        if name not in self._files:
            path = self._paths.absolute(f"{self._path}-{name}.arrow")
            self._files[name] = _ArrowFile(self._fs, path, batch.schema)
        self._first.setdefault(name, self._files[name].batches)
        self._files[name].write(batch)


class _Pending:
    """Rows of one table that wait to become a record batch."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.bytes = 0


class _ArrowFile:
    """An Arrow file that is being written."""

    def __init__(self, fs: FileSystem, path: str, schema: pa.Schema) -> None:
        self._stream = fs.open_write(path)
        self._writer = pa.ipc.new_file(self._stream, schema, options=_OPTIONS)
        self.batches = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)
        self.batches += 1

    def close(self) -> None:
        self._writer.close()
        self._stream.close()
