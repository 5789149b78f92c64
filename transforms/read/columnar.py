"""Reads Parquet, one record a row, row group by row group.

Before: row 7 of `archive.parquet` with columns title and text. After: the RawDocument `archive.parquet#R7` whose raw bytes are the row as JSON.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.codes import RejectCode, SourceFormat
from schemas.records import RawDocument, Reject
from transforms.read.entry import Entry
from transforms.read.source import ByteSource, Skipped
from transforms.read.tabular import row_record

_ROWS_AT_ONCE = 256
_BYTES_AT_ONCE = 32 * 1024 * 1024
"""Rows are unpacked so many at a time that they take about this much, at most _ROWS_AT_ONCE."""
_SPOOL_IN_MEMORY = 16 * 1024 * 1024


def read_parquet(
    source: ByteSource, entry: Entry, path: Path | None, packed: Skipped
) -> Iterator[RawDocument | Reject]:
    """One record a row, ids R1, R2 … `path` is the file itself where it isn't compressed: Parquet is read from its end, so a
    compressed one is spooled to a temporary file first. A damaged file is one corrupt_container reject after the rows before it; a row that can't be
    read has no bytes of its own, so the reject holds `packed`, the file's."""
    if path is not None:
        with path.open("rb") as stream:
            yield from _rows(stream, entry, packed)
        return
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY) as spool:
        while chunk := source.read(1024 * 1024):
            spool.write(chunk)
        if source.damage is None:
            spool.seek(0)
            yield from _rows(spool, entry, packed)


def _rows(stream: IO[bytes], entry: Entry, packed: Skipped) -> Iterator[RawDocument | Reject]:
    number = 0
    try:
        table = pq.ParquetFile(stream, pre_buffer=False, page_checksum_verification=True)
        for index in range(table.metadata.num_row_groups):
            group = table.metadata.row_group(index)
            mean = group.total_byte_size // max(1, group.num_rows)
            if mean > entry.settings.max_record_bytes:
                yield _too_large(entry, number, group.num_rows, mean, packed)
                number += max(0, group.num_rows)
                continue
            at_once = min(_ROWS_AT_ONCE, max(1, _BYTES_AT_ONCE // max(1, mean)))
            for batch in table.iter_batches(batch_size=at_once, row_groups=[index], use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    plain = _plain_row(row)
                    yield row_record(entry, entry.record_id(f"R{number}"), SourceFormat.PARQUET, plain, 0)
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        first = str(error).strip().splitlines()[:1] or [type(error).__name__]
        message = f"the Parquet file can't be read after row {number:,}: {first[0][:300]}"
        yield entry.reject(f"R{number + 1}", RejectCode.CORRUPT_CONTAINER, message, packed)


def _too_large(entry: Entry, before: int, rows: int, mean: int, packed: Skipped) -> Reject:
    """One reject for the rows of a row group that are, on average, each over the limit: none of them is unpacked."""
    limit = entry.settings.max_record_bytes
    message = f"the {rows:,} rows behind row {before:,} have {mean:,} bytes each on average; the limit is {limit:,}"
    return entry.reject(f"R{before + 1}", RejectCode.RECORD_TOO_LARGE, message, packed)


def _plain_row(row: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> object:
    """A cell as JSON can say it: times in ISO 8601, decimals as written, bytes as their text or base64."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return base64.b64encode(value).decode("ascii")
    if isinstance(value, (Decimal, timedelta)):
        return str(value)
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
