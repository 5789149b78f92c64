"""The ledger: which inputs are in the lake already, told by their name relative to their input and their content.

Before: the files found now. After: those to read, and those to skip since a committed run has read the same name and bytes.
The ledger is the `_runs/<run id>.inputs.parquet` of all committed runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.lake import Lake
from pipeline.lake.layout import LakePaths
from pipeline.lake.manifest import Manifest, ManifestError, live_files, read_manifests
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.rows import text_of
from pipeline.lake.staging import owner_of
from schemas.records import InputFile

INPUTS_SCHEMA = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("uri", pa.string(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("records", pa.int64(), nullable=False),
        pa.field("articles", pa.int64(), nullable=False),
        pa.field("rejects", pa.int64(), nullable=False),
        pa.field("known", pa.int64(), nullable=False),
        pa.field("replaces_run_id", pa.string()),
    ]
)
"""records = articles + rejects, known ones not counted; `replaces_run_id` is the run whose rows of this input went."""


class LedgerRow(NamedTuple):
    """One input of one committed run."""

    run_id: str
    name: str
    sha256: str
    uri: str
    size: int
    records: int
    articles: int
    rejects: int
    known: int
    replaces_run_id: str | None


def rows_of(fs: FileSystem, paths: LakePaths, manifest: Manifest, names: pa.Array | None = None) -> Iterator[LedgerRow]:
    """The inputs of one run, by name and content; only those called one of `names` where these are given.

    Raises ManifestError where the list can't be read.
    """
    try:
        for batch in read_batches(fs, paths, manifest.inputs.path, INPUTS_SCHEMA.names, 8192):
            # Filtered in Arrow: a large lake's ledger is long, and a run's inputs are few of them.
            kept = batch if names is None else batch.filter(pc.is_in(batch.column("name"), names))
            for values in zip(*(column.to_pylist() for column in kept.columns), strict=True):
                yield LedgerRow(manifest.run_id, *values)
    except (OSError, KeyError, TypeError, pa.ArrowException) as error:
        raise ManifestError(f"{manifest.inputs.path}: can't be read ({error})") from error


def holders(
    fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], names: Iterable[str]
) -> dict[tuple[str, str], LedgerRow]:
    """For each (name, sha256) the run that holds its rows now: the one whose rows no other run has replaced.

    Only inputs called one of `names` are looked at.
    """
    wanted = pa.array(sorted(set(names)), pa.string())
    rows = [row for manifest in manifests for row in rows_of(fs, paths, manifest, wanted)]
    gone = {(row.name, row.sha256, row.replaces_run_id) for row in rows if row.replaces_run_id is not None}
    return {(row.name, row.sha256): row for row in rows if (row.name, row.sha256, row.run_id) not in gone}


def already_in(
    fs: FileSystem, paths: LakePaths, files: Sequence[InputFile]
) -> tuple[tuple[InputFile, ...], tuple[InputFile, ...]]:
    """(new, skipped): what is to be read, and what the lake holds already or `files` names twice; both sorted by name.

    The same name with other bytes is new. A file that could not be read (no sha256) is skipped while it stays so.
    """
    names = pa.array(sorted({text_of(file.name) for file in files}), pa.string())
    seen = {
        (row.name, row.sha256) for manifest in read_manifests(fs, paths) for row in rows_of(fs, paths, manifest, names)
    }
    new: list[InputFile] = []
    skipped: list[InputFile] = []
    for file in sorted(files, key=lambda file: (file.name, file.sha256, file.uri)):
        identity = _identity(file)
        (skipped if identity in seen else new).append(file)
        seen.add(identity)
    return tuple(new), tuple(skipped)


def known_ids(lake: Lake, files: Sequence[InputFile], replaced: frozenset[tuple[str, str]]) -> frozenset[str]:
    """Ids of articles and rejects that the lake holds from earlier versions of `files`: same name, other bytes.

    A growing JSON Lines file or a feed that was fetched again repeats most of its records; their ids are the same, since an
    id is made of the record's name and bytes. `replaced` are the (name, sha256) whose rows this run replaces anyway.
    """
    names = {text_of(file.name) for file in files}
    own = {_identity(file) for file in files}
    manifests = read_manifests(lake.fs, lake.paths)
    earlier = [
        row
        for identity, row in holders(lake.fs, lake.paths, manifests, names).items()
        if identity not in own and identity not in replaced
    ]
    if not earlier:
        return frozenset()
    uris = uris_by_run(earlier)
    found: set[str] = set()
    for table, column in (("articles", "article_id"), ("rejects", "reject_id")):
        for entry in live_files(manifests, table):
            for batch in read_batches(lake.fs, lake.paths, entry.path, (column, "source_uri", "run_id")):
                found |= {
                    key
                    for key, source, run in zip(*(values.to_pylist() for values in batch.columns), strict=True)
                    if run in uris and from_inputs(source, uris[run])
                }
    return frozenset(found)


def uris_by_run(rows: Iterable[LedgerRow]) -> dict[str, frozenset[str]]:
    """For each run the uris of those of its inputs that `rows` names."""
    uris: dict[str, set[str]] = {}
    for row in rows:
        uris.setdefault(row.run_id, set()).add(row.uri)
    return {run: frozenset(found) for run, found in uris.items()}


def from_inputs(source_uri: str, uris: frozenset[str]) -> bool:
    """Whether a row's `source_uri` is one of `uris` or a record inside one of them."""
    return owner_of(source_uri, uris) in uris


def _identity(file: InputFile) -> tuple[str, str]:
    return text_of(file.name), file.sha256
