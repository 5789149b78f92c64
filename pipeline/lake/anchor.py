"""Keeps a lake readable in which nothing is dated: pyarrow can't tell the type of a Hive partition column whose every folder is
null, and then refuses to read the table at all ("No non-null segments were available", pyarrow 25; pandas reads through it).

Before: a run all of whose articles lie in published_month=__HIVE_DEFAULT_PARTITION__. After: one more file, without rows, in
language=und/published_month=0000-00. It depends on the run alone, not on what else the lake holds.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import pyarrow as pa

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, directory, parse_directory
from pipeline.lake.parquet_file import DataFile, PartWriter
from pipeline.lake.rows import work_schema
from pipeline.lake.run_spec import RunSpec
from schemas.tables import TABLES, Table

ANCHOR = {"language": "und", "published_month": "0000-00"}
"""Partition values of a file without rows: of the columns' type, and no real month."""


def anchor_files(fs: FileSystem, spec: RunSpec, files: Iterable[DataFile]) -> list[DataFile]:
    """The anchors that a run with these finished files needs: one for each table with a partition column that is always null."""
    return anchors_for(fs, spec, {file.directory for file in files})


def anchors_for(fs: FileSystem, spec: RunSpec, directories: set[str]) -> list[DataFile]:
    """The same for all that lies in these folders, relative to the lake."""
    return [
        anchor for table in TABLES.values() if _always_null(table, directories) for anchor in _write(fs, spec, table)
    ]


def _always_null(table: Table, directories: set[str]) -> bool:
    partitions = [parse_directory(path)[1] for path in directories if path.split("/")[0] == table.name]
    return bool(partitions) and any(all(value is None for value in column) for column in zip(*partitions, strict=True))


def _write(fs: FileSystem, spec: RunSpec, table: Table) -> list[DataFile]:
    paths = LakePaths(spec.root)
    attempt = f"{spec.staging}/{uuid.uuid4().hex}"
    where = directory(table, tuple(ANCHOR[column] for column in table.partition_by))
    writer = PartWriter(fs, paths, attempt, table, where, spec.run_id, spec.pipeline_version)
    writer.add(pa.RecordBatch.from_pylist([], schema=work_schema(table.name)), 0)
    return writer.finish()
