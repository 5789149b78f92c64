"""Which rejects of a lake are tried again, input by input, and how the run that does so is prepared.

Before: "retryable ones". After: for each input that has such rejects the run that read it and the uris of these records; then, once
the caller has found bytes for the inputs, the `RunSpec` of the run and its plan in the staging folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow.compute as pc

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.lake import Lake
from pipeline.lake.layout import LakePaths
from pipeline.lake.ledger import LedgerRow, held_rows, holders, ids_of, list_batches, live_lists, rows_in
from pipeline.lake.manifest import Manifest, RunKind, live_files, read_manifests
from pipeline.lake.parquet_file import ROW_GROUP_BYTES, TARGET_FILE_BYTES
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.run_spec import KNOWN_IDS, RunSpec, canonical_json, stage_tombstones
from pipeline.lake.staging import FLUSH_BYTES, owner_of
from pipeline.lake.upkeep import new_staging, upkeep_run_id
from schemas.codes import Code
from schemas.records import InputFile

REPLAY_FILE = "replay.json"
"""Name, inside the staging folder, of the plan."""

_COLUMNS = ["source_uri", "code", "retryable", "run_id"]


class Origin(Code):
    """Where the bytes of an input that is tried again come from."""

    SAME = "same"
    """The source, unchanged."""
    STORED = "stored"
    """The rejects themselves; the source is gone or changed."""
    NEWER = "newer"
    """The source, whose bytes are others than those that were refused, or that can be opened now."""


class Retry(NamedTuple):
    """One input: the ledger's row of the run that holds its rejects, and the uris of those that are tried again, sorted."""

    row: LedgerRow
    source_uris: tuple[str, ...]


class PlannedInput(NamedTuple):
    """One input that will be read. `run_id` holds its rejects; `name` and `sha256` are those of that run's ledger."""

    uri: str
    name: str
    sha256: str
    run_id: str
    origin: Origin
    source_uris: tuple[str, ...]


def choose_rejects(
    fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], wanted: Callable[[str, bool], bool]
) -> tuple[Retry, ...]:
    """The inputs with rejects that `wanted(code, retryable)` wants, by name and run."""
    rows = {(row.run_id, row.uri): row for row in held_rows(_with_rejects(fs, paths, manifests)) if row.rejects}
    with_hash = frozenset(uri for _, uri in rows if "#" in uri)
    chosen: dict[tuple[str, str], set[str]] = {}
    for entry in live_files(manifests, "rejects"):
        for batch in read_batches(fs, paths, entry.path, _COLUMNS):
            for source, code, retryable, run in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                key = run, owner_of(source, with_hash)
                if wanted(code, retryable) and key in rows:
                    chosen.setdefault(key, set()).add(source)
    found = [Retry(rows[key], tuple(sorted(sources))) for key, sources in chosen.items()]
    return tuple(sorted(found, key=lambda each: (each.row.name, each.row.run_id)))


def _with_rejects(fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest]) -> Iterator[LedgerRow]:
    """The ledger's rows that have rejects or take others' place: few, also of a large ledger."""
    for manifest in live_lists(manifests):
        for batch in list_batches(fs, paths, manifest):
            counts = pc.greater(batch.column("rejects"), 0)
            yield from rows_in(batch.filter(pc.or_(counts, pc.is_valid(batch.column("replaces_run_id")))))


def stored_bytes(
    fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], wanted: frozenset[tuple[str, str]]
) -> dict[tuple[str, str], bytes]:
    """The bytes of rejects, by (run, source_uri), where all of them were kept. Read file by file."""
    found: dict[tuple[str, str], bytes] = {}
    for entry in live_files(manifests, "rejects") if wanted else ():
        for batch in read_batches(fs, paths, entry.path, ["run_id", "source_uri", "raw", "raw_size"], 64):
            for run, source, raw, size in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if (run, source) in wanted and raw and len(raw) == size:
                    found[run, source] = raw
    return found


def prepare_replay(
    lake: Lake,
    planned: Sequence[PlannedInput],
    files: Sequence[InputFile],
    *,
    settings: Mapping[str, Any],
    pipeline_version: str,
    learned_lines: int,
    learned_sha256: str,
    target_file_bytes: int = TARGET_FILE_BYTES,
    row_group_bytes: int = ROW_GROUP_BYTES,
    flush_bytes: int = FLUSH_BYTES,
) -> RunSpec:
    """The spec of the run, and its staging folder with the plan and the ids that the lake holds from these inputs."""
    staging = new_staging(lake)
    manifests = read_manifests(lake.fs, lake.paths)
    held = holders(lake.fs, lake.paths, manifests, (each.name for each in planned))
    known = ids_of(lake, manifests, [row for each in planned for row in held.get((each.name, each.sha256), ())])
    plan = [each._asdict() for each in planned]
    for name, content in ((KNOWN_IDS, "\n".join(sorted(known))), (REPLAY_FILE, json.dumps(plan, sort_keys=True))):
        with lake.fs.open_write(lake.paths.absolute(f"{staging}/{name}")) as stream:
            stream.write(content.encode())
    what = [canonical_json(settings), learned_sha256, sorted(plan, key=str), sorted(file.sha256 for file in files)]
    return RunSpec(
        root=lake.paths.root,
        run_id=upkeep_run_id(RunKind.REPLAY, pipeline_version, what),
        pipeline_version=pipeline_version,
        settings_json=canonical_json(settings),
        staging=staging,
        uris_with_hash=tuple(sorted(file.uri for file in files if "#" in file.uri)),
        has_known_ids=True,
        has_tombstones=stage_tombstones(lake, staging),
        learned_lines=learned_lines,
        learned_sha256=learned_sha256,
        lock_token=lake.lock_token,
        kind=RunKind.REPLAY,
        target_file_bytes=target_file_bytes,
        row_group_bytes=row_group_bytes,
        flush_bytes=flush_bytes,
    )


def read_plan(fs: FileSystem, paths: LakePaths, spec: RunSpec) -> tuple[PlannedInput, ...]:
    """The plan that `prepare_replay` wrote."""
    content = json.loads(fs.read_bytes(paths.absolute(f"{spec.staging}/{REPLAY_FILE}")))
    return tuple(
        PlannedInput(**{**each, "origin": Origin(each["origin"]), "source_uris": tuple(each["source_uris"])})
        for each in content
    )
