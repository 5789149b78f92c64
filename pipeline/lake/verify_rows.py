"""The checks of `verify` that read rows: order, partitions, ids, removals that rebuild the text, rejects.

Before: files whose bytes are as committed. After: (promise, message) for each row or file that breaks one.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, Partition, parse_directory, run_of_part
from pipeline.lake.manifest import FileEntry
from pipeline.lake.ordering import order_columns, sort_keys, unique_key
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.portions import in_portion, uncompressed
from schemas.codes import Field, RejectCode, Stage
from schemas.tables import Table
from transforms.rejects import RAW_CAP

_REMOVED_PORTION = 64 << 20
"""Bytes of removed rows, before compression, that are held at once."""
_CODES = frozenset(code.value for code in RejectCode)
_STAGES = frozenset(stage.value for stage in Stage)
_SHA256 = re.compile("[0-9a-f]{64}")

Finding = tuple[int, str]


@dataclass(slots=True)
class FileCheck:
    """What `check_file` counted on the way: rows by the run that wrote them, and the articles' ids."""

    rows_by_run: Counter[str] = field(default_factory=Counter)
    article_ids: list[pa.Array] = field(default_factory=list)


def check_file(fs: FileSystem, paths: LakePaths, entry: FileEntry, check: FileCheck) -> Iterator[Finding]:
    """Order, partition columns and, for rejects, the rows; adds to `check`."""
    table, partition = parse_directory(entry.path.rpartition("/")[0])
    wanted = [*order_columns(table), *table.partition_by, "run_id"]
    if table.name == "rejects":
        wanted = table.schema.names
    last: Any = None
    row = 0
    for batch in read_batches(fs, paths, entry.path, wanted):
        for value in pc.value_counts(batch.column("run_id")).to_pylist():
            check.rows_by_run[value["values"]] += value["counts"]
        if table.name == "articles":
            check.article_ids.append(_compact(batch.column("article_id")))
        yield from _check_partition(table, partition, batch)
        for key in sort_keys(table, batch):
            if last is not None and key < last:
                yield 3, f"row {row} is out of order by {', '.join(table.sort_by)}"
            elif key == last and unique_key(table):
                yield 4, f"row {row} has the same {', '.join(table.sort_by)} as the one before"
            last = key
            row += 1
        if table.name == "rejects":
            yield from _check_rejects(batch)
    run = run_of_part(entry.path.rpartition("/")[2])
    if run is None:
        yield 2, "is not named as a part of a run"


def repeated_ids(ids: Sequence[pa.Array]) -> list[str]:
    """Ids that occur more than once, sorted."""
    if not ids:
        return []
    everything = pa.chunked_array(ids)
    if len(everything) == pc.count_distinct(everything).as_py():
        return []
    counts = pc.value_counts(everything)
    repeated = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    return sorted(_expand(value) for value in repeated.to_pylist())


class _RemovedRow(NamedTuple):
    """A removed row as far as rebuilding needs it; fits `transforms.normalize.rebuild`."""

    seq: int
    field: Field
    start: int
    end: int
    text: str
    body_offset: int
    path: str


def check_removed(
    fs: FileSystem, paths: LakePaths, articles: Sequence[FileEntry], removed: Sequence[FileEntry]
) -> Iterator[tuple[str, int, str]]:
    """(path, promise, message) for one partition: removals of unknown articles, gaps, overlaps, texts that don't rebuild.

    Where the partition's removals are more than can be held, it is gone through once for each portion of article ids.
    """
    held = sum(uncompressed(fs, paths, entry) for entry in removed)
    portions = max(1, -(-held // _REMOVED_PORTION))
    for portion in range(portions):
        yield from _check_portion(fs, paths, articles, removed, portion, portions)


def _check_portion(
    fs: FileSystem,
    paths: LakePaths,
    articles: Sequence[FileEntry],
    removed: Sequence[FileEntry],
    portion: int,
    portions: int,
) -> Iterator[tuple[str, int, str]]:
    # Loaded here: these functions pull in the text transforms, which readers of a lake can do without.
    from transforms.normalize import fingerprint, rebuild

    taken: dict[str, list[_RemovedRow]] = {}
    columns = ["article_id", "seq", "field", "start", "end", "text", "body_offset"]
    for entry in removed:
        for batch in read_batches(fs, paths, entry.path, columns):
            for article, seq, name, start, end, text, offset in zip(
                *(batch.column(column).to_pylist() for column in columns), strict=True
            ):
                if in_portion(article, portion, portions):
                    if name not in Field._value2member_map_:
                        yield entry.path, 5, f"article {article}, seq {seq}: unknown field {name!r}"
                        continue
                    row = _RemovedRow(seq, Field(name), start, end, text, offset, entry.path)
                    taken.setdefault(article, []).append(row)
    for rows in taken.values():
        rows.sort(key=lambda row: row.seq)
    for article, rows in sorted(taken.items()):
        for message in _check_spans(rows):
            yield rows[0].path, 5, f"article {article}: {message}"
    columns = ["article_id", "headline", "body", "text_fingerprint"]
    for entry in articles:
        for batch in read_batches(fs, paths, entry.path, columns, 64):
            for article, headline, body, expected in zip(
                *(batch.column(column).to_pylist() for column in columns), strict=True
            ):
                if not in_portion(article, portion, portions):
                    continue
                rows = taken.pop(article, [])
                outside = [
                    row.seq
                    for row in rows
                    if row.body_offset > len(body if row.field is Field.BODY else headline or "")
                ]
                if outside:
                    yield rows[0].path, 5, f"article {article}, seq {outside[0]}: body_offset is past the end"
                elif fingerprint(rebuild(body, rows)) != expected:
                    yield entry.path, 5, f"article {article}: body and removed text do not rebuild what came in"
    for article, rows in sorted(taken.items()):
        yield rows[0].path, 5, f"article {article}: {len(rows)} removed rows, but no such article in the same partition"


def _check_spans(rows: Sequence[_RemovedRow]) -> Iterator[str]:
    """Breaches among one article's removals, sorted by seq."""
    for expected, row in enumerate(rows):
        if row.seq != expected:
            yield f"seq {row.seq} where {expected} was expected"
            break
    ends: dict[Field, tuple[int, int]] = {}
    for row in rows:
        if not 0 <= row.start <= row.end:
            yield f"seq {row.seq}: start {row.start} and end {row.end} are no range"
        elif row.end - row.start != len(row.text):
            yield f"seq {row.seq}: a range of {row.end - row.start} characters for a text of {len(row.text)}"
        before, offset = ends.get(row.field, (0, 0))
        if row.start < before:
            yield f"seq {row.seq}: starts at {row.start}, inside or before the one that ends at {before}"
        if row.body_offset < offset:
            yield f"seq {row.seq}: body_offset {row.body_offset} comes before that of the one before"
        ends[row.field] = (row.end, row.body_offset)


def _check_partition(table: Table, partition: Partition, batch: pa.RecordBatch) -> Iterator[Finding]:
    for name, value in zip(table.partition_by, partition, strict=True):
        column = batch.column(name)
        wrong = (
            batch.num_rows - column.null_count
            if value is None
            else column.null_count + (pc.sum(pc.not_equal(column, value)).as_py() or 0)
        )
        if wrong:
            yield 2, f"{wrong} rows have another {name} than the folder's {value!r}"


def _check_rejects(batch: pa.RecordBatch) -> Iterator[Finding]:
    names = ("reject_id", "stage", "code", "message", "raw", "raw_size", "raw_sha256")
    for reject, stage, code, message, raw, size, sha256 in zip(
        *(batch.column(name).to_pylist() for name in names), strict=True
    ):
        if code not in _CODES:
            yield 6, f"reject {reject}: unknown code {code!r}"
        if stage not in _STAGES:
            yield 6, f"reject {reject}: unknown stage {stage!r}"
        if not message:
            yield 6, f"reject {reject}: has no message"
        if len(raw) > RAW_CAP:
            yield 6, f"reject {reject}: raw has {len(raw)} bytes, more than {RAW_CAP}"
        if size < len(raw):
            yield 6, f"reject {reject}: raw_size {size} is less than the {len(raw)} bytes kept"
        if not _SHA256.fullmatch(sha256) or (size == len(raw) and hashlib.sha256(raw).hexdigest() != sha256):
            yield 6, f"reject {reject}: raw_sha256 is not that of raw"


def _compact(ids: pa.Array) -> pa.Array:
    """Ids as bytes: half the room where they are hexadecimal."""
    return pa.array([_pack(value) for value in ids.to_pylist()], pa.binary())


def _pack(value: str) -> bytes:
    try:
        packed = bytes.fromhex(value)
    except ValueError:
        return b"\1" + value.encode()
    return b"\0" + packed if packed.hex() == value else b"\1" + value.encode()


def _expand(value: bytes) -> str:
    return value[1:].hex() if value[:1] == b"\0" else value[1:].decode()
