"""Brings a lake to the present schema: files of older versions are written anew, Iceberg tables get the columns they lack.

Before: files written before the schema had a column. After: all files have the present columns, new ones null, so that readers
that glob files see one schema; the lake's Iceberg tables have them too. Not needed to read or to go on writing: `pipeline.lake.read`
and copydesk itself read older files as if they had the new columns.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pyarrow.parquet as pq

from pipeline.lake.filesystem import filesystem_of
from pipeline.lake.iceberg.place import Place, choose_place, write_place
from pipeline.lake.lake import Lake, begin, open_paths
from pipeline.lake.manifest import FileEntry, ManifestError, live_files, read_manifests
from pipeline.lake.older_files import is_older, lacks
from pipeline.lake.parquet_file import ROW_GROUP_BYTES, TARGET_FILE_BYTES
from pipeline.lake.rewrite import rewrite
from pipeline.visible import one_line
from schemas.errors import UsageError
from schemas.tables import SCHEMA_VERSION, TABLES


class Migration(NamedTuple):
    """What was done. `run_id` is the run that replaced `files` older files with `rows` rows, "" where there were none;
    `snapshots` were made of Iceberg tables, None where the lake has none."""

    schema_version: str
    run_id: str
    files: int
    rows: int
    snapshots: int | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return self._asdict()


def migrate(
    lake_path: str,
    wanted: Place | None,
    *,
    pipeline_version: str,
    target_file_bytes: int = TARGET_FILE_BYTES,
    row_group_bytes: int = ROW_GROUP_BYTES,
) -> Migration:
    """Brings the lake to SCHEMA_VERSION, as one run; a lake that is there already is left as it is. `wanted` is where Iceberg
    tables are to be made, if any; those that the lake has are brought up to date in any case.

    Raises UsageError where there is no lake, or a newer version of copydesk has written to it, before anything is changed;
    UnfinishedError where only the Iceberg tables could not be brought up to date.
    """
    paths = open_paths(lake_path)
    fs = filesystem_of(paths.root)
    if not fs.is_folder(paths.runs):
        raise UsageError(f"{lake_path}: there is no lake, or no run has been committed to it")
    place = choose_place(fs, paths, wanted)
    if place is not None:
        from pipeline.lake.iceberg.catalog import check_place
        from pipeline.lake.iceberg.snapshots import keep_up

        check_place(paths, place)
    with begin(lake_path) as lake:
        older = _older_files(lake)
        if place is not None:
            write_place(lake.fs, lake.paths, place)  # before the run: what fails here is an error of no run
        run_id = ""
        if older:
            run_id = rewrite(
                lake,
                older,
                "migrate",
                pipeline_version=pipeline_version,
                target_file_bytes=target_file_bytes,
                row_group_bytes=row_group_bytes,
            ).run_id
        snapshots = None
        if place is not None:
            snapshots = len(keep_up(lake.fs, lake.paths))
    return Migration(SCHEMA_VERSION, run_id, len(older), sum(entry.rows for entry in older), snapshots)


def migration_text(lake_path: str, done: Migration) -> str:
    """For a person, one line a fact."""
    lines = [f"{one_line(lake_path)}: schema {done.schema_version}"]
    if done.run_id:
        lines.append(f"  {done.files:,} older files with {done.rows:,} rows written anew (run {done.run_id})")
    else:
        lines.append("  every file has its columns")
    if done.snapshots is not None:
        lines.append(f"  Iceberg tables up to date ({done.snapshots:,} snapshots made)")
    return "\n".join(lines)


def _older_files(lake: Lake) -> tuple[FileEntry, ...]:
    try:
        live = live_files(read_manifests(lake.fs, lake.paths))
    except ManifestError as error:
        raise UsageError(f"{lake.paths.root}: {error}; see `copydesk verify`") from error
    return tuple(entry for entry in live if _lacks_columns(lake, entry))


def _lacks_columns(lake: Lake, entry: FileEntry) -> bool:
    if entry.table not in TABLES:
        raise UsageError(
            f"{entry.path}: of a table that this version does not know; a newer one has written to this lake"
        )
    try:
        with lake.fs.open_read(lake.paths.absolute(entry.path)) as stream:
            schema = pq.read_schema(stream)
    except (OSError, ValueError) as error:
        raise UsageError(f"{entry.path}: can't be read ({error}); see `copydesk verify`") from error
    missing = lacks(schema, TABLES[entry.table])
    if missing is None or (missing and not is_older(schema)):
        raise UsageError(f"{entry.path}: is of no version of the schema that copydesk knows; see `copydesk verify`")
    return bool(missing)
