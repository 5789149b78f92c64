"""Writes sorted rows as Parquet files of the table's schema: whole row groups of a set size, files of a target size.

Before: record batches of the work schema, in order. After: `part-<run>-00000.parquet` … with zstd, statistics, page index,
and the dictionary columns encoded from the sorted rows. The bytes depend on the rows and the batches' ends alone.
"""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, part_name
from pipeline.lake.ordering import NULL_PLACEMENT
from pipeline.lake.rows import work_schema
from schemas.tables import Table

TARGET_FILE_BYTES = 128 << 20
"""Size on disk at which a new file is begun."""
ROW_GROUP_BYTES = 88 << 20
"""Bytes of a row group before compression; by the estimate of `ordering.row_bytes`, which lies within a fifth."""
_COMPRESSION_LEVEL = 3
_HELD_BYTES = 256 << 10
_ROW_GROUP_PER_FILE = 2.5
"""Text shrinks about this much: a file smaller than a row group has one, of this many times the file's target."""


class DataFile(NamedTuple):
    """A finished file that waits in staging. Paths are relative to the lake; `bytes` is its size on disk; the bounds of
    `published_at` are ISO 8601 in UTC, None where the table has none or all are unknown."""

    directory: str
    staged: str
    path: str
    rows: int
    bytes: int
    sha256: str
    first_published: str | None
    last_published: str | None


class _HashingStream:
    """A file that hashes what is written to it, so that the checksum is of what was meant, not of what a disk gave back.

    Parquet comes in some 160 small pieces a file: they are held until they are worth a call.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._held: list[bytes] = []
        self._held_bytes = 0
        self.bytes = 0
        self.closed = False

    def write(self, block: bytes) -> int:
        size = len(block)
        self.bytes += size
        self._held.append(block)
        self._held_bytes += size
        if self._held_bytes >= _HELD_BYTES:
            self.flush()
        return size

    def tell(self) -> int:
        return self.bytes

    def flush(self) -> None:
        joined = b"".join(self._held)
        self._held.clear()
        self._held_bytes = 0
        self._digest.update(joined)
        self._stream.write(joined)

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def _encode(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """`array` of the plain type as one of `kind`: dictionaries are made here, in the order of first appearance."""
    return array.cast(kind) if array.type != kind else array


def _encode_column(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if column.type == kind:
        return column
    # One chunk, so that a row group has one dictionary; these columns are small.
    return pa.chunked_array([_encode(column.combine_chunks(), kind)], kind)


def _dictionary_columns(schema: pa.Schema) -> list[str]:
    """Column paths that Parquet encodes with a dictionary; the others, such as bodies, would only pay for the attempt."""
    few = {"language", "published_month", "run_id", "schema_version", "pipeline_version", "rule_id"}
    if "seq" in schema.names:
        # In `removed` and `mentions` an article's rows stand together; and names come back.
        few |= {"article_id", "published_at", "surface", "entity_id", "canonical_name", "wikidata_id", "iso_code"}
    columns = [field.name for field in schema if pa.types.is_dictionary(field.type) or field.name in few]
    columns += [
        f"{field.name}.list.element.{inner.name}"
        for field in schema
        if pa.types.is_list(field.type) and pa.types.is_struct(field.type.value_type)
        for inner in (field.type.value_type.field(i) for i in range(field.type.value_type.num_fields))
        if inner.name == "kind"
    ]
    return columns + [f"{name}.list.element" for name in schema.names if name == "normalizations"]


class PartWriter:
    """Writes the files of one partition: `add` sorted batches of the work schema, then `finish`.

    `staging` is what the names of the unfinished files begin with, relative to the lake; its folder must exist. Memory: one
    row group.
    """

    def __init__(
        self,
        fs: FileSystem,
        paths: LakePaths,
        staging: str,
        table: Table,
        directory: str,
        run_id: str,
        pipeline_version: str,
        *,
        target_file_bytes: int = TARGET_FILE_BYTES,
        row_group_bytes: int = ROW_GROUP_BYTES,
    ) -> None:
        self._fs = fs
        self._paths = paths
        self._staging = staging
        self._table = table
        self._directory = directory
        self._run_id = run_id
        self._target = target_file_bytes
        self.row_group_bytes = min(row_group_bytes, max(1, int(target_file_bytes * _ROW_GROUP_PER_FILE)))
        metadata = dict(table.schema.metadata or {})
        metadata[b"copydesk.table"] = table.name.encode()
        metadata[b"copydesk.pipeline_version"] = pipeline_version.encode()
        self._schema = table.schema.with_metadata(metadata)
        self._held: list[pa.RecordBatch] = []
        self._held_bytes = 0
        self._files: list[DataFile] = []
        self._open: tuple[str, BinaryIO, _HashingStream, pq.ParquetWriter] | None = None
        self._rows = 0
        self._groups = 0
        self._bounds: list[Any] = []

    def add(self, batch: pa.RecordBatch, size: int) -> None:
        """Takes the next rows; `size` is the sum of their `ordering.row_bytes`."""
        if self._held and self._held_bytes + size > self.row_group_bytes:
            self._write_row_group()
        self._held.append(batch)
        self._held_bytes += size

    def finish(self) -> list[DataFile]:
        """Writes what is held, closes and fsyncs the last file; gives all files in order."""
        if self._held:
            self._write_row_group()
        self._close()
        return self._files

    def abandon(self) -> None:
        """Closes what is open, after an error."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _write_row_group(self) -> None:
        held = pa.Table.from_batches(self._held, schema=work_schema(self._table.name))
        self._held = []
        self._held_bytes = 0
        columns = [_encode_column(held.column(index), field.type) for index, field in enumerate(self._schema)]
        group = pa.Table.from_arrays(columns, schema=self._schema)
        del held, columns
        if self._open is not None:
            written = self._open[2].bytes
            groups = max(1, self._groups)
            # Roll where one more row group of the usual size would end further from the target than stopping here.
            if written + written // groups // 2 >= self._target:
                self._close()
        if self._open is None:
            self._begin()
        assert self._open is not None
        self._open[3].write_table(group, row_group_size=max(1, group.num_rows))
        self._groups += 1
        self._rows += group.num_rows
        if "published_at" in group.schema.names:
            bounds = pc.min_max(group.column("published_at")).as_py()
            self._bounds += [value for value in bounds.values() if value is not None]

    def _begin(self) -> None:
        name = part_name(self._run_id, len(self._files))
        staged = f"{self._staging}-{name}"
        stream = self._fs.open_write(self._paths.absolute(staged))
        hashing = _HashingStream(stream)
        order = [(name, "ascending") for name in self._table.sort_by]
        writer = pq.ParquetWriter(
            hashing,
            self._schema,
            version="2.6",
            compression="zstd",
            compression_level=_COMPRESSION_LEVEL,
            use_dictionary=_dictionary_columns(self._schema),
            write_statistics=True,
            write_page_index=True,
            write_page_checksum=True,
            sorting_columns=pq.SortingColumn.from_ordering(self._schema, order, null_placement=NULL_PLACEMENT),
        )
        self._open = (staged, stream, hashing, writer)
        self._rows = 0
        self._groups = 0
        self._bounds = []

    def _close(self) -> None:
        if self._open is None:
            return
        staged, stream, hashing, writer = self._open
        try:
            writer.close()
            hashing.flush()
            self._fs.fsync_stream(stream)
        finally:
            stream.close()
            self._open = None
        self._files.append(
            DataFile(
                self._directory,
                staged,
                f"{self._directory}/{part_name(self._run_id, len(self._files))}",
                self._rows,
                hashing.bytes,
                hashing.sha256,
                min(self._bounds).isoformat() if self._bounds else None,
                max(self._bounds).isoformat() if self._bounds else None,
            )
        )
