"""Tells whether two sets of files hold the same rows, in whatever files and order they stand.

Before: the files that a compaction puts together, and those it made of them. After: `RowSum(rows=1200, digest=…)` of each, equal if
and only if no row was lost, doubled or changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.kept_rows import plain_batch
from pipeline.lake.layout import LakePaths
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.rows import work_schema

_MODULUS = 1 << 256


class RowSum(NamedTuple):
    """How many rows, and the sum of the SHA-256 of each: the same in any order, another where a row differs or stands twice."""

    rows: int
    digest: int


def row_sum(fs: FileSystem, paths: LakePaths, table: str, files: Iterable[str]) -> RowSum:
    """The sum over all rows of these files of one table; paths relative to the lake. Values, not their encoding, count."""
    schema = work_schema(table)
    rows = digest = 0
    for path in files:
        for batch in read_batches(fs, paths, path):
            columns = [column.to_pylist() for column in plain_batch(batch, schema).columns]
            for values in zip(*columns, strict=True):
                written = repr(values).encode("utf-8", "surrogatepass")
                digest = (digest + int.from_bytes(hashlib.sha256(written).digest(), "big")) % _MODULUS
            rows += batch.num_rows
    return RowSum(rows, digest)
