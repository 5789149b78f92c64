"""Reads a lake through its manifests: only whole runs, never a mix of before and after.

Before: a lake's path. After: a `pyarrow.dataset.Dataset` of one table. Readers that take folders or globs (pandas, polars, DuckDB,
Spark) see the same rows whenever no run is being published.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.lake.arrow_files import arrow_filesystem
from pipeline.lake.filesystem import FileSystem, filesystem_of
from pipeline.lake.lake import open_paths
from pipeline.lake.manifest import Manifest, ManifestError, live_files, read_manifests
from schemas.errors import UsageError
from schemas.tables import TABLES
from transforms.storage.stores import is_object


def manifests(lake_path: str, fs: FileSystem | None = None) -> tuple[Manifest, ...]:
    """The manifests of all committed runs, by run id; empty for an empty lake.

    Raises UsageError where there is no such folder or a manifest can't be read.
    """
    paths = open_paths(lake_path)
    files = fs or filesystem_of(paths.root)
    if not files.is_folder(paths.root):
        raise UsageError(f"{lake_path}: there is no lake")
    try:
        return read_manifests(files, paths)
    except ManifestError as error:
        raise UsageError(f"{lake_path}: {error}; see `copydesk verify`") from error


def dataset(lake_path: str, table: str, committed: tuple[Manifest, ...] | None = None) -> ds.Dataset:
    """One table as a dataset with exactly the columns and types of `schemas.tables`, empty where it has no rows yet.

    `committed` are the lake's manifests where they have been read already: several tables made from one reading are of one state.
    Filters on the partition columns skip whole files. Raises UsageError for an unknown table or no lake.
    """
    if table not in TABLES:
        raise UsageError(f"unknown table {table!r}; the tables are {', '.join(TABLES)}")
    definition = TABLES[table]
    paths = open_paths(lake_path)
    found = [
        paths.absolute(entry.path)
        for entry in live_files(manifests(lake_path) if committed is None else committed, table)
    ]
    if not found:
        return ds.dataset(pa.Table.from_batches([], schema=definition.schema))
    partitioning = None
    if definition.partition_by:
        partitioning = ds.partitioning(
            pa.schema([definition.schema.field(name).remove_metadata() for name in definition.partition_by]),
            flavor="hive",
        )
    return ds.dataset(
        found,
        filesystem=arrow_filesystem(filesystem_of(paths.root)) if is_object(paths.root) else None,
        schema=definition.schema,
        format="parquet",
        partitioning=partitioning,
        partition_base_dir=paths.absolute(table),
    )
