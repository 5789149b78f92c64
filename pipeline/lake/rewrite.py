"""Writes files of the lake anew, row for row, as a run of its own that commits like any other.

Before: files that an older version wrote. After: the same rows in files of the present schema, named by a manifest that replaces
the old ones; `run_id` in the rows stays that of the run that made them, so every ledger and count holds as before.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence

from pipeline.lake.commit import CommitResult, commit
from pipeline.lake.kept_rows import stage_kept
from pipeline.lake.lake import Lake
from pipeline.lake.layout import STAGING
from pipeline.lake.manifest import FileEntry
from pipeline.lake.merge import merge_staged
from pipeline.lake.parquet_file import DataFile
from pipeline.lake.run_spec import RunSpec, canonical_json
from pipeline.lake.staging import Fragment
from schemas.tables import SCHEMA_VERSION


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
        stage_kept(lake.fs, lake.paths, entry.path, entry.path.rpartition("/")[0], f"{staging}/{index:06d}.arrow")
        for index, entry in enumerate(entries)
        if entry.rows
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


def _merged(lake: Lake, spec: RunSpec) -> Iterator[DataFile]:
    folders: dict[str, list[Fragment]] = {}
    for fragment in spec.survivors:
        folders.setdefault(fragment.directory, []).append(fragment)
    for folder, fragments in sorted(folders.items()):
        yield from merge_staged(lake.fs, spec, folder, fragments)


def _run_id(entries: Sequence[FileEntry], command: str, version: str) -> str:
    identity = [command, version, SCHEMA_VERSION, sorted([entry.path, entry.sha256] for entry in entries)]
    return hashlib.sha256(json.dumps(identity, separators=(",", ":")).encode()).hexdigest()[:16]
