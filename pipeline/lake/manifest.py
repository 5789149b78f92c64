"""A run's manifest: what it read, what became of it, which files hold it. A run without one does not exist.

Before: `Manifest(run_id="5f…", …)`. After: `_runs/5f….json`, sorted keys, indented, the same bytes for the same run; no
clock in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths, manifest_path
from pipeline.lake.parquet_file import DataFile
from schemas.codes import Code
from schemas.errors import UsageError

MANIFEST_VERSION = 1
CHECKSUM = "manifest_sha256"
"""The key of a manifest's own checksum: of all else in it, so that a bit that turns is found here as in any other file. Manifests of
earlier versions have none."""


class RunKind(Code):
    """What a run was for. `ingest` read inputs; the others changed what is in the lake already (docs/upkeep.md)."""

    INGEST = "ingest"
    COMPACT = "compact"
    FORGET = "forget"
    REPLAY = "replay"


class ManifestError(UsageError):
    """A manifest or list of inputs that can't be read: the lake can't be used until it is repaired. One line that names
    the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a run. `path` is relative to the lake, `bytes` its size on disk, `sha256` of these bytes."""

    path: str
    table: str
    rows: int
    bytes: int
    sha256: str
    first_published: str | None = None
    last_published: str | None = None


def file_entry(file: DataFile) -> FileEntry:
    """A finished file as manifests name it."""
    return FileEntry(
        file.path,
        file.directory.partition("/")[0],
        file.rows,
        file.bytes,
        file.sha256,
        file.first_published,
        file.last_published,
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run read and made. read = articles + rejects. `known_records` were in the lake already, from an earlier
    version of their file, and are not in `read`; `skipped_inputs` are files that were in the lake already, whole.
    `replayed` are rejects of earlier runs that are gone since their record became an article now; `forgotten` are rows of
    articles and rejects that a `forget` took out, or, of other runs, records that were not let in again. `by_method` are the
    mentions; `entities` the rows of that table. Runs of before schema 1.2 have none of these."""

    read: int
    articles: int
    rejects: int
    removed: int
    inputs: int
    skipped_inputs: int
    known_records: int
    by_code: dict[str, int]
    by_category: dict[str, int]
    by_format: dict[str, int]
    by_language: dict[str, int]
    mentions: int = 0
    quotes: int = 0
    entities: int = 0
    by_method: dict[str, int] = field(default_factory=dict)
    replayed: int = 0
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class LearnedEntry:
    """What a run went by of what sites repeat: `lines` learned lines, which `sha256` tells from any others, and the file of the
    articles that it sampled itself; None where it sampled none. `round` counts the runs that learn, from 1."""

    lines: int
    sha256: str
    round: int
    file: FileEntry | None


@dataclass(frozen=True, slots=True)
class KnownEntities:
    """The entities of earlier runs that a run compared its own with, to say which are the same: how many rows and files they
    were, and `sha256` of these files' checksums, sorted."""

    rows: int
    files: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that a run states about itself. `replaces` are paths of earlier runs' files that are gone with this one;
    `settings` is the JSON object of the settings that shape rows. `learned` is None where nothing was learned or applied,
    `known_entities` where no earlier run named any or names are not looked for. `tombstones` is the list of what may not come
    back (`pipeline.lake.tombstones`)."""

    run_id: str
    pipeline_version: str
    schema_version: str
    settings: dict[str, Any]
    settings_sha256: str
    counts: Counts
    files: tuple[FileEntry, ...]
    inputs: FileEntry
    replaces: tuple[str, ...]
    learned: LearnedEntry | None = None
    known_entities: KnownEntities | None = None
    kind: RunKind = RunKind.INGEST
    tombstones: FileEntry | None = None

    def to_json(self) -> bytes:
        """The manifest's bytes."""
        content = {"manifest_version": MANIFEST_VERSION, **asdict(self)}
        content[CHECKSUM] = _checksum(content)
        return (json.dumps(content, sort_keys=True, indent=2, ensure_ascii=True) + "\n").encode()


def from_json(raw: bytes, where: str) -> Manifest:
    """The manifest that `raw` holds; raises ManifestError naming `where`."""
    try:
        content = json.loads(raw)
        stated = content.pop(CHECKSUM, None)
        if stated is not None and (stated != _checksum(content) or not raw.endswith(b"\n")):
            raise ManifestError(f"{where}: its content has changed (its own checksum differs)")
        if content.pop("manifest_version") != MANIFEST_VERSION:
            raise ManifestError(f"{where}: a manifest of another version of copydesk")
        content["counts"] = Counts(**content["counts"])
        content["files"] = tuple(FileEntry(**entry) for entry in content["files"])
        content["inputs"] = FileEntry(**content["inputs"])
        content["replaces"] = tuple(content["replaces"])
        learned = content.get("learned")
        if learned is not None:
            file = learned["file"]
            content["learned"] = LearnedEntry(**{**learned, "file": FileEntry(**file) if file else None})
        known = content.get("known_entities")
        if known is not None:
            content["known_entities"] = KnownEntities(**known)
        content["kind"] = RunKind(content.get("kind", RunKind.INGEST))
        tombstones = content.get("tombstones")
        content["tombstones"] = FileEntry(**tombstones) if tombstones else None
        return Manifest(**content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{where}: not a manifest ({type(error).__name__}: {error})") from error


def _checksum(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def manifest_names(fs: FileSystem, paths: LakePaths) -> tuple[str, ...]:
    """Run ids of all manifests, sorted."""
    return tuple(name.removesuffix(".json") for name in fs.list(paths.runs) if name.endswith(".json"))


def read_manifest(fs: FileSystem, paths: LakePaths, run_id: str) -> Manifest:
    """One run's manifest; raises ManifestError where it can't be read or is another run's."""
    where = manifest_path(run_id)
    try:
        raw = fs.read_bytes(paths.absolute(where))
    except OSError as error:
        raise ManifestError(f"{where}: {error.strerror or error}") from error
    manifest = from_json(raw, where)
    if manifest.run_id != run_id:
        raise ManifestError(f"{where}: is the manifest of run {manifest.run_id}")
    return manifest


def read_manifests(fs: FileSystem, paths: LakePaths) -> tuple[Manifest, ...]:
    """Every run's manifest, by run id."""
    return tuple(read_manifest(fs, paths, run_id) for run_id in manifest_names(fs, paths))


def live_files(manifests: Iterable[Manifest], table: str | None = None) -> tuple[FileEntry, ...]:
    """The files that make up the lake now: all that runs name, without those that later runs replaced; by path."""
    everything = tuple(manifests)
    gone = {path for manifest in everything for path in manifest.replaces}
    return tuple(
        sorted(
            (
                entry
                for manifest in everything
                for entry in manifest.files
                if entry.path not in gone and (table is None or entry.table == table)
            ),
            key=lambda entry: entry.path,
        )
    )
