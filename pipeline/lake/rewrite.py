"""Writes files of the lake anew, row for row, as a run of its own that commits like any other.

Before: files that an older version wrote. After: the same rows in files of the present schema, named by a manifest that replaces
the old ones; `run_id` in the rows stays that of the run that made them, so every ledger and count holds as before.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence

import pyarrow as pa

from pipeline.lake.commit import CommitResult, commit
from pipeline.lake.lake import Lake
from pipeline.lake.layout import STAGING
from pipeline.lake.manifest import FileEntry
from pipeline.lake.merge import merge_partition
from pipeline.lake.ordering import row_bytes
from pipeline.lake.parquet_file import DataFile
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.rows import work_schema
from pipeline.lake.run_spec import RunSpec, canonical_json
from pipeline.lake.staging import Fragment, cut_batch, write_arrow
from schemas.tables import SCHEMA_VERSION, TABLES


def rewrite(
    lake: Lake,
    entries: Sequence[FileEntry],
    command: str,
    *,
    pipeline_version: str,
    target_file_bytes: int,
    row_group_bytes: int,
) -> CommitResult:
    """Commits the run that replaces `entries` by files with the same rows; files of one partition are merged, sorted.

    `command` stands in the manifest's settings and is part of the run's id, a hash of what is replaced. Raises what `commit`
    raises; nothing is visible then. Takes as much free disk as the files unpacked.
    """
    staging = f"{STAGING}/{uuid.uuid4().hex}"
    lake.fs.make_folders(lake.paths.absolute(staging))
    fragments = [
        _stage(lake, entry, f"{staging}/{index:06d}.arrow") for index, entry in enumerate(entries) if entry.rows
    ]
    spec = RunSpec(
        root=lake.paths.root,
        run_id=_run_id(entries, command, pipeline_version),
        pipeline_version=pipeline_version,
        settings_json=canonical_json({"command": command}),
        staging=staging,
        replaces=tuple(sorted(entry.path for entry in entries)),
        survivors=tuple(fragments),
        target_file_bytes=target_file_bytes,
        row_group_bytes=row_group_bytes,
    )
    return commit(lake.fs, spec, _merged(lake, spec), ())


def _stage(lake: Lake, entry: FileEntry, path: str) -> Fragment:
    """A file's rows as one fragment, in their order."""
    table = TABLES[entry.table]
    schema = work_schema(table.name)
    cut = rows = size = 0

    def pieces() -> Iterator[pa.RecordBatch]:
        nonlocal cut, rows, size
        for batch in read_batches(lake.fs, lake.paths, entry.path):
            plain = pa.RecordBatch.from_arrays(
                [batch.column(field.name).cast(field.type) for field in schema], schema=schema
            )
            for piece in cut_batch(table, plain, row_bytes(table, plain)):
                cut += 1
                rows += piece.num_rows
                size += piece.nbytes
                yield piece

    write_arrow(lake.fs, lake.paths.absolute(path), schema, pieces())
    return Fragment(entry.path.rpartition("/")[0], path, 0, cut, rows, size)


def _merged(lake: Lake, spec: RunSpec) -> Iterator[DataFile]:
    folders: dict[str, list[Fragment]] = {}
    for fragment in spec.survivors:
        folders.setdefault(fragment.directory, []).append(fragment)
    for folder, fragments in sorted(folders.items()):
        yield from merge_partition(
            lake.fs,
            lake.paths,
            spec.staging,
            folder,
            fragments,
            spec.run_id,
            spec.pipeline_version,
            target_file_bytes=spec.target_file_bytes,
            row_group_bytes=spec.row_group_bytes,
        )


def _run_id(entries: Sequence[FileEntry], command: str, version: str) -> str:
    identity = [command, version, SCHEMA_VERSION, sorted([entry.path, entry.sha256] for entry in entries)]
    return hashlib.sha256(json.dumps(identity, separators=(",", ":")).encode()).hexdigest()[:16]
