"""What one run is, before it starts: its id, what shapes its rows, where it stages, what it replaces.

Before: the files to read, the settings. After: a `RunSpec`, small and picklable, that every worker is given.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.lake.entity_files import known_entities
from pipeline.lake.lake import Lake
from pipeline.lake.layout import STAGING
from pipeline.lake.learned import StagedRound
from pipeline.lake.ledger import known_ids
from pipeline.lake.manifest import KnownEntities, RunKind, read_manifests
from pipeline.lake.parquet_file import ROW_GROUP_BYTES, TARGET_FILE_BYTES
from pipeline.lake.replacement import plan_replacement
from pipeline.lake.staging import FLUSH_BYTES, Fragment
from pipeline.lake.tombstones import FORGOTTEN_FILE, lines_of, read_tombstones
from schemas.records import InputFile
from schemas.tables import SCHEMA_VERSION

KNOWN_IDS = "known_ids.txt"
"""Name, inside the staging folder, of the list of ids that the lake holds already; one a line."""


LEARNED_FILE = "learned.json"
"""Name, inside the staging folder, of what the run sampled."""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One run. `root` is the lake's absolute path; `staging` is relative to it. Sizes are in bytes.

    `settings_json` is the canonical JSON object of the settings that shape rows. `replaces` are files of earlier runs that
    go with this one's commit, `survivors` the fragments that hold those of their rows that stay. `replaced_runs` wrote the
    rows that go. `has_known_ids` says that the staging folder holds KNOWN_IDS, `has_tombstones` that it
    holds FORGOTTEN_FILE. `learned_lines` and `learned_sha256` tell which
    learned lines the run applies; it sampled `learned_articles`, which LEARNED_FILE holds if there are any,
    as round `learned_round`. `lock_token` proves that the lake is still this run's ("" where the kernel sees to that). `recounts` are mention files of earlier runs whose entities are counted with this run's, and
    `known_entities` what earlier runs named, to which this run's entities are compared.
    """

    root: str
    run_id: str
    pipeline_version: str
    settings_json: str
    staging: str
    skipped_inputs: int = 0
    uris_with_hash: tuple[str, ...] = ()
    has_known_ids: bool = False
    has_tombstones: bool = False
    replaces: tuple[str, ...] = ()
    replaced_runs: tuple[str, ...] = ()
    survivors: tuple[Fragment, ...] = ()
    learned_lines: int = 0
    learned_sha256: str = ""
    learned_articles: int = 0
    learned_round: int = 0
    lock_token: str = ""
    recounts: tuple[str, ...] = ()
    known_entities: KnownEntities | None = None
    target_file_bytes: int = TARGET_FILE_BYTES
    row_group_bytes: int = ROW_GROUP_BYTES
    flush_bytes: int = FLUSH_BYTES
    kind: RunKind = RunKind.INGEST
    max_reject_share: float = 1.0


def canonical_json(settings: Mapping[str, Any]) -> str:
    """Settings as JSON with sorted keys and no spare space."""
    return json.dumps(settings, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def settings_hash(settings: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of the settings that shape rows, hexadecimal."""
    return hashlib.sha256(canonical_json(settings).encode()).hexdigest()


def run_id(
    files: Sequence[InputFile],
    settings_sha256: str,
    version: str,
    replaced_runs: Sequence[str] = (),
    learned_sha256: str = "",
    known_sha256: str = "",
) -> str:
    """The run's id, 16 hexadecimal digits: a hash of the inputs (name, size and content, in any order), the settings, the
    versions of pipeline and schema, the runs whose rows it replaces (which tells a forced run from the first), the learned
    lines that it applies, and the entities that it compares its own with."""
    identity: list[Any] = [
        sorted([file.name, file.size, file.sha256] for file in files),
        settings_sha256,
        version,
        SCHEMA_VERSION,
        sorted(replaced_runs),
    ]
    if learned_sha256:
        identity.append(learned_sha256)
    if known_sha256:
        identity.append(["entities", known_sha256])
    encoded = json.dumps(identity, separators=(",", ":"), ensure_ascii=True).encode()
    return hashlib.sha256(encoded).hexdigest()[:16]


def stage_tombstones(lake: Lake, staging: str) -> bool:
    """Writes what may not come in to the staging folder; False where there is nothing such."""
    lines = lines_of(read_tombstones(lake.fs, lake.paths, read_manifests(lake.fs, lake.paths)))
    if not lines:
        return False
    with lake.fs.open_write(lake.paths.absolute(f"{staging}/{FORGOTTEN_FILE}")) as stream:
        stream.write("\n".join(lines).encode())
    return True


def prepare(
    lake: Lake,
    files: Sequence[InputFile],
    *,
    settings: Mapping[str, Any],
    pipeline_version: str,
    skipped_inputs: int = 0,
    force: bool = False,
    learned: StagedRound | None = None,
    find_mentions: bool = True,
    target_file_bytes: int = TARGET_FILE_BYTES,
    row_group_bytes: int = ROW_GROUP_BYTES,
    flush_bytes: int = FLUSH_BYTES,
) -> RunSpec:
    """The spec of the run that reads `files`, and its staging folder made.

    Without `force`, `files` are those that `ledger.already_in` calls new. With it they may be in the lake: the rows that
    came from them then go, and the rows beside them are staged again. `settings` are those that shape rows, as JSON values;
    `learned` is what the run learned and applies; `find_mentions` says that it looks for names.
    """
    settings_sha256 = settings_hash(settings)
    staging = f"{STAGING}/{uuid.uuid4().hex}"
    lake.fs.make_folders(lake.paths.absolute(staging))
    replacement = plan_replacement(lake.fs, lake.paths, files, staging) if force else None
    replaced_runs = replacement.runs if replacement else ()
    known = known_ids(lake, files, replacement.files if replacement else frozenset())
    if known:
        with lake.fs.open_write(lake.paths.absolute(f"{staging}/{KNOWN_IDS}")) as stream:
            stream.write("\n".join(sorted(known)).encode())
    has_tombstones = stage_tombstones(lake, staging)
    if learned is not None and learned.articles:
        with lake.fs.open_write(lake.paths.absolute(f"{staging}/{LEARNED_FILE}")) as stream:
            stream.write(learned.content)
            lake.fs.fsync_stream(stream)
    learned_sha256 = learned.sha256 if learned else ""
    entities = None
    if find_mentions:
        entities = known_entities(read_manifests(lake.fs, lake.paths), replacement.paths if replacement else ())
    return RunSpec(
        root=lake.paths.root,
        run_id=run_id(
            files,
            settings_sha256,
            pipeline_version,
            replaced_runs,
            learned_sha256,
            entities.sha256 if entities else "",
        ),
        pipeline_version=pipeline_version,
        settings_json=canonical_json(settings),
        staging=staging,
        skipped_inputs=skipped_inputs,
        uris_with_hash=tuple(sorted(file.uri for file in files if "#" in file.uri)),
        has_known_ids=bool(known),
        has_tombstones=has_tombstones,
        replaces=replacement.paths if replacement else (),
        replaced_runs=replaced_runs,
        survivors=replacement.survivors if replacement else (),
        learned_lines=learned.lines if learned else 0,
        learned_sha256=learned_sha256,
        learned_articles=learned.articles if learned else 0,
        learned_round=learned.round if learned else 0,
        lock_token=lake.lock_token,
        recounts=replacement.recounts if replacement else (),
        known_entities=entities,
        target_file_bytes=target_file_bytes,
        row_group_bytes=row_group_bytes,
        flush_bytes=flush_bytes,
    )
