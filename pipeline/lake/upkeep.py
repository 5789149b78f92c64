"""What compacting and forgetting have in common: a run that reads no input, and whose manifest says which files it puts in the place
of which others.

Before: rewritten files in staging, the paths of those that go. After: one more committed run, of another kind than `ingest`; what
crashes, readers and `verify` rely on holds for it as for any other.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from pipeline.lake.filesystem import FileSystem, filesystem_of
from pipeline.lake.iceberg.place import read_place
from pipeline.lake.lake import Lake, begin, open_paths
from pipeline.lake.layout import STAGING
from pipeline.lake.manifest import Counts, FileEntry, Manifest, RunKind, file_entry
from pipeline.lake.parquet_file import DataFile
from pipeline.lake.publish import Move, Pending, publish_or_withdraw
from pipeline.lake.run_spec import settings_hash
from schemas.errors import UsageError
from schemas.tables import ENTITIES, SCHEMA_VERSION


class Upkeep(NamedTuple):
    """A run of upkeep that is ready to be published. `replaces` are paths of data files and lists of inputs that go; `inputs` is the
    run's own list of inputs, which holds the rows of the lists that go; `others` are further files of its own."""

    kind: RunKind
    run_id: str
    pipeline_version: str
    settings: Mapping[str, Any]
    counts: Counts
    files: Sequence[DataFile]
    replaces: Sequence[str]
    inputs: tuple[FileEntry, Move]
    tombstones: tuple[FileEntry, Move] | None = None


@contextmanager
def begin_upkeep(lake_path: str, fs: FileSystem | None = None) -> Iterator[Lake]:
    """An existing lake, open for writing; its Iceberg tables, where it has any, are brought up to date at the end.

    Raises UsageError where there is no lake: a misspelt path must not become one.
    """
    paths = open_paths(lake_path)
    files = fs or filesystem_of(paths.root)
    if not files.is_folder(paths.runs):
        raise UsageError(f"{lake_path}: there is no lake, or no run has been committed to it")
    with begin(lake_path, fs) as lake:
        # Before the run: once it is in the lake, a read that fails must not call it failed.
        has_tables = read_place(lake.fs, lake.paths) is not None
        yield lake
        if has_tables:
            from pipeline.lake.iceberg.snapshots import keep_up  # half a second to import

            keep_up(lake.fs, lake.paths)


def new_staging(lake: Lake) -> str:
    """A staging folder of one's own, relative to the lake."""
    staging = f"{STAGING}/{uuid.uuid4().hex}"
    lake.fs.make_folders(lake.paths.absolute(staging))
    return staging


def upkeep_run_id(kind: RunKind, pipeline_version: str, what: Iterable[Any]) -> str:
    """The id of a run of upkeep, 16 hexadecimal digits: a hash of its kind, the versions, and what it changes."""
    identity = json.dumps([kind.value, pipeline_version, SCHEMA_VERSION, list(what)], separators=(",", ":"))
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def no_counts(*, replayed: int = 0, forgotten: int = 0) -> Counts:
    """The counts of a run that read nothing."""
    return Counts(0, 0, 0, 0, 0, 0, 0, {}, {}, {}, {}, replayed=replayed, forgotten=forgotten)


def commit_upkeep(lake: Lake, staging: str, upkeep: Upkeep) -> Manifest:
    """Publishes the run as a whole. Raises PublishError or OSError; nothing of it is visible then."""
    files = sorted(upkeep.files, key=lambda file: file.path)
    own = [upkeep.inputs, *([upkeep.tombstones] if upkeep.tombstones else [])]
    manifest = Manifest(
        run_id=upkeep.run_id,
        pipeline_version=upkeep.pipeline_version,
        schema_version=SCHEMA_VERSION,
        settings=dict(upkeep.settings),
        settings_sha256=settings_hash(upkeep.settings),
        counts=replace(upkeep.counts, entities=sum(file.rows for file in files if file.directory == ENTITIES.name)),
        files=tuple(file_entry(file) for file in files),
        inputs=upkeep.inputs[0],
        replaces=tuple(sorted(upkeep.replaces)),
        kind=upkeep.kind,
        tombstones=upkeep.tombstones[0] if upkeep.tombstones else None,
    )
    moves = (*(Move(file.staged, file.path, file.bytes, file.sha256) for file in files), *(move for _, move in own))
    publish_or_withdraw(lake.fs, lake.paths, staging, Pending(manifest, manifest.to_json(), moves), lake.lock_token)
    return manifest
