"""The ledger: which inputs are in the lake already, told by their name relative to their input and their content.

Before: the files found now. After: those to read, and those to skip since a committed run has read the same name and bytes.
The ledger is the `_runs/<run id>.inputs.parquet` of all committed runs. A run of upkeep takes the lists that it changes over into
its own, as it does with data files: lists, too, are live until a later run replaces them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.lake import Lake
from pipeline.lake.layout import LakePaths
from pipeline.lake.manifest import Manifest, ManifestError, RunKind, live_files, read_manifests
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.rows import text_of
from pipeline.lake.staging import owner_of
from pipeline.lake.tombstones import stub_name
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
        pa.field("forgotten", pa.int64(), nullable=False),
        pa.field("replayed", pa.int64(), nullable=False),
        pa.field("completes_run_id", pa.string()),
        pa.field("run_id", pa.string(), nullable=False),
    ]
)
"""records = articles + rejects, known ones not counted; `replaces_run_id` is the run whose rows of this input went. `forgotten` and
`replayed` are rows that were among them and are gone: taken out for good, or rejects that became articles of another run.
That run's row has the run that read the input first in `completes_run_id`. `run_id` is the run that wrote the rows."""

_SINCE_UPKEEP = ("forgotten", "replayed", "completes_run_id", "run_id")
"""Columns that lists of earlier versions don't have."""


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
    forgotten: int = 0
    replayed: int = 0
    completes_run_id: str | None = None


def live_lists(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """The runs whose lists of inputs no later run has taken over, in the order given."""
    everything = tuple(manifests)
    gone = {path for manifest in everything for path in manifest.replaces}
    return tuple(manifest for manifest in everything if manifest.inputs.path not in gone)


def list_batches(
    fs: FileSystem, paths: LakePaths, manifest: Manifest, names: pa.Array | None = None
) -> Iterator[pa.RecordBatch]:
    """One run's list as batches of INPUTS_SCHEMA, whatever version wrote it; only inputs called one of `names` where these are
    given. Raises ManifestError where the list can't be read."""
    try:
        for batch in read_batches(fs, paths, manifest.inputs.path, None, 8192):
            # Filtered in Arrow: a large lake's ledger is long, and a run's inputs are few of them.
            kept = batch if names is None else batch.filter(pc.is_in(batch.column("name"), names))
            if kept.num_rows:
                yield _of_this_version(kept, manifest.run_id)
    except (OSError, KeyError, TypeError, pa.ArrowException) as error:
        raise ManifestError(f"{manifest.inputs.path}: can't be read ({error})") from error


def _of_this_version(batch: pa.RecordBatch, run_id: str) -> pa.RecordBatch:
    rows = batch.num_rows
    missing = {
        "forgotten": pa.repeat(pa.scalar(0, pa.int64()), rows),
        "replayed": pa.repeat(pa.scalar(0, pa.int64()), rows),
        "completes_run_id": pa.nulls(rows, pa.string()),
        "run_id": pa.repeat(pa.scalar(run_id, pa.string()), rows),
    }
    held = set(batch.schema.names)
    arrays = [
        missing[field.name] if field.name in _SINCE_UPKEEP and field.name not in held else batch.column(field.name)
        for field in INPUTS_SCHEMA
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=INPUTS_SCHEMA)


def rows_of(fs: FileSystem, paths: LakePaths, manifest: Manifest, names: pa.Array | None = None) -> Iterator[LedgerRow]:
    """The inputs of one run, by name and content; only those called one of `names` where these are given.

    Raises ManifestError where the list can't be read.
    """
    for batch in list_batches(fs, paths, manifest, names):
        yield from rows_in(batch)


def rows_in(batch: pa.RecordBatch) -> Iterator[LedgerRow]:
    """The rows of one batch of INPUTS_SCHEMA."""
    columns = [batch.column(name).to_pylist() for name in LedgerRow._fields]
    for values in zip(*columns, strict=True):
        yield LedgerRow(*values)


def list_batch(rows: Sequence[LedgerRow]) -> pa.RecordBatch:
    """Rows as one batch of INPUTS_SCHEMA."""
    columns = [pa.array([getattr(row, field.name) for row in rows], field.type) for field in INPUTS_SCHEMA]
    return pa.RecordBatch.from_arrays(columns, schema=INPUTS_SCHEMA)


def edited_batches(
    batches: Iterable[pa.RecordBatch], uris: pa.Array, edit: Callable[[LedgerRow], LedgerRow]
) -> Iterator[tuple[pa.RecordBatch, bool]]:
    """A list with some rows changed, batch by batch, and whether the batch was. Only batches with one of `uris` are looked into."""
    for batch in batches:
        if not pc.any(pc.is_in(batch.column("uri"), uris)).as_py():
            yield batch, False
            continue
        before = list(rows_in(batch))
        after = [edit(row) for row in before]
        yield (list_batch(after), True) if after != before else (batch, False)


class EditedLists(NamedTuple):
    """`batches` are the rows of the lists at `replaced`, changed."""

    batches: list[pa.RecordBatch]
    replaced: list[str]


def edited_lists(
    fs: FileSystem,
    paths: LakePaths,
    manifests: Sequence[Manifest],
    uris: Iterable[str],
    edit: Callable[[LedgerRow], LedgerRow],
) -> EditedLists:
    """The lists of inputs in which `edit` changes a row; only batches with one of `uris` are looked into."""
    wanted = pa.array(sorted(set(uris)), pa.string())
    edited: list[pa.RecordBatch] = []
    replaced: list[str] = []
    for manifest in live_lists(manifests):
        batches = list(edited_batches(list_batches(fs, paths, manifest), wanted, edit))
        if any(changed for _, changed in batches):
            replaced.append(manifest.inputs.path)
            edited += [batch for batch, _ in batches]
    return EditedLists(edited, replaced)


def all_rows(
    fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], names: pa.Array | None = None
) -> Iterator[LedgerRow]:
    """The inputs of all runs, those whose rows are gone included; only those called one of `names` where these are given."""
    for manifest in live_lists(manifests):
        yield from rows_of(fs, paths, manifest, names)


def held_rows(rows: Iterable[LedgerRow]) -> tuple[LedgerRow, ...]:
    """Those of a ledger's rows whose rows of the tables no later run has replaced."""
    everything = tuple(rows)
    gone = {(row.name, row.sha256, row.replaces_run_id) for row in everything if row.replaces_run_id is not None}
    return tuple(
        row
        for row in everything
        if (row.name, row.sha256, row.run_id) not in gone and (row.name, row.sha256, row.completes_run_id) not in gone
    )


def holders(
    fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], names: Iterable[str]
) -> dict[tuple[str, str], tuple[LedgerRow, ...]]:
    """For each (name, sha256) the runs that hold its rows now: the one that read it, whose rows no other run has replaced, and
    then those that completed it.

    Only inputs called one of `names` are looked at.
    """
    wanted = pa.array(sorted(set(names)), pa.string())
    held: dict[tuple[str, str], list[LedgerRow]] = {}
    for row in held_rows(all_rows(fs, paths, manifests, wanted)):
        held.setdefault((row.name, row.sha256), []).append(row)
    return {
        identity: tuple(sorted(rows, key=lambda row: (row.completes_run_id is not None, row.run_id)))
        for identity, rows in held.items()
    }


def already_in(
    fs: FileSystem, paths: LakePaths, files: Sequence[InputFile]
) -> tuple[tuple[InputFile, ...], tuple[InputFile, ...]]:
    """(new, skipped): what is to be read, and what the lake holds already or `files` names twice; both sorted by name.

    The same name with other bytes is new. A file that could not be read (no sha256) is skipped while it stays so.
    """
    names = pa.array(sorted({text_of(file.name) for file in files}), pa.string())
    manifests = read_manifests(fs, paths)
    seen = {(row.name, row.sha256) for row in all_rows(fs, paths, manifests, names)}
    seen |= {_identity(file) for file in _forgotten(fs, paths, manifests, files)}
    new: list[InputFile] = []
    skipped: list[InputFile] = []
    for file in sorted(files, key=lambda file: (file.name, file.sha256, file.uri)):
        identity = _identity(file)
        (skipped if identity in seen else new).append(file)
        seen.add(identity)
    return tuple(new), tuple(skipped)


def forgotten_among(fs: FileSystem, paths: LakePaths, files: Sequence[InputFile]) -> frozenset[InputFile]:
    """Those of `files` of which everything was taken out for good: they are not read again, not even by force."""
    return _forgotten(fs, paths, read_manifests(fs, paths), files)


def _forgotten(
    fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], files: Sequence[InputFile]
) -> frozenset[InputFile]:
    if not any(manifest.kind is RunKind.FORGET for manifest in manifests):
        return frozenset()
    stubs = {file: stub_name(*_identity(file)) for file in files}
    names = pa.array(sorted(set(stubs.values())), pa.string())
    gone = {row.name for row in all_rows(fs, paths, manifests, names)}
    return frozenset(file for file, stub in stubs.items() if stub in gone)


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
        for identity, rows in holders(lake.fs, lake.paths, manifests, names).items()
        if identity not in own and identity not in replaced
        for row in rows
    ]
    return ids_of(lake, manifests, earlier) if earlier else frozenset()


def ids_of(lake: Lake, manifests: Sequence[Manifest], rows: Iterable[LedgerRow]) -> frozenset[str]:
    """Ids of the articles and rejects that the lake holds from these inputs."""
    uris = uris_by_run(rows)
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
