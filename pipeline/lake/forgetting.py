"""Takes rows out of a lake for good: out of every table, the rejects' bytes, the counts of entities and the lists of inputs.

Before: a lake with article 3f0c…. After: one more run, of kind `forget`, whose files take the place of all that named it; the replaced
files are deleted, and what is left behind is a hash that keeps the record from coming in again. Then every table is read back and
searched for what should be gone.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from pipeline.lake.anchor import anchors_for
from pipeline.lake.entities import entity_files
from pipeline.lake.entity_files import recounted
from pipeline.lake.filesystem import FileSystem
from pipeline.lake.forget_lists import ForgottenRows, edit_lists, lists_naming
from pipeline.lake.forget_target import Target, TargetKind, needed_columns, row_test
from pipeline.lake.kept_rows import Mask, stage_kept
from pipeline.lake.lake import Lake
from pipeline.lake.layout import LEDGER, LakePaths
from pipeline.lake.list_file import write_list
from pipeline.lake.manifest import FileEntry, Manifest, ManifestError, RunKind, live_files, read_manifests
from pipeline.lake.merge import merge_staged
from pipeline.lake.parquet_file import ROW_GROUP_BYTES, TARGET_FILE_BYTES, DataFile
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.publish import discard_staging
from pipeline.lake.recovery import recover
from pipeline.lake.run_spec import RunSpec
from pipeline.lake.staging import Fragment
from pipeline.lake.tombstones import Tombstones, host_hash, write_tombstones
from pipeline.lake.upkeep import Upkeep, begin_upkeep, commit_upkeep, new_staging, no_counts, upkeep_run_id
from schemas.errors import UnfinishedError
from schemas.tables import ARTICLES, REJECTS, TABLES


class Forgotten(NamedTuple):
    """What was taken out, or with `dry_run` would be. `rows` by table; `left` is what the search afterwards still found, by place,
    and empty where all is gone. `run_id` is empty where nothing was found at first."""

    run_id: str
    dry_run: bool
    rows: dict[str, int]
    left: dict[str, int]


class _Found(NamedTuple):
    """The files with rows that go, and what these are."""

    entries: tuple[tuple[FileEntry, int], ...]
    articles: frozenset[str]
    rejects: frozenset[str]
    by_source: ForgottenRows

    @property
    def rows(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for entry, count in self.entries:
            counts[entry.table] += count
        return {table: counts[table] for table in TABLES if counts[table]}


def forget(
    lake_path: str,
    target: Target,
    *,
    pipeline_version: str,
    target_file_bytes: int = TARGET_FILE_BYTES,
    row_group_bytes: int = ROW_GROUP_BYTES,
    dry_run: bool = False,
    fs: FileSystem | None = None,
) -> Forgotten:
    """Takes out all rows of `target` as one run; nothing where there are none and no list of inputs names it.

    Raises UsageError for no lake or one that another run writes to, and UnfinishedError where the rows are out and something else
    could not be done; any other exception means that nothing was taken out.
    """
    with begin_upkeep(lake_path, fs) as lake:
        files, paths = lake.fs, lake.paths
        manifests = read_manifests(files, paths)
        found = _search(files, paths, manifests, target)
        if dry_run or not (found.entries or lists_naming(files, paths, manifests, target)):
            return Forgotten("", dry_run, found.rows, {})
        staging = new_staging(lake)
        try:
            upkeep, replaced = _prepare(
                lake, manifests, target, found, staging, pipeline_version, target_file_bytes, row_group_bytes
            )
            _drop_shortcuts(files, paths)
            commit_upkeep(lake, staging, upkeep)
        finally:
            discard_staging(files, paths, staging)
        try:
            if files.exists(paths.absolute(staging)):
                recover(files, paths)  # a replaced file could not be deleted at first
            left = _left(files, paths, target, found.articles, replaced)
        except (OSError, ManifestError, pa.ArrowException) as error:
            raise UnfinishedError(
                f"run {upkeep.run_id} took the rows out, but whether anything is left could not be told ({error}); see `copydesk verify`"
            ) from error
        return Forgotten(upkeep.run_id, False, found.rows, left)


def _search(fs: FileSystem, paths: LakePaths, manifests: Sequence[Manifest], target: Target) -> _Found:
    """All rows that go; articles first, since rows of other tables go with them."""
    entries: list[tuple[FileEntry, int]] = []
    articles: set[str] = set()
    rejects: set[str] = set()
    by_source = ForgottenRows()
    for table in TABLES:
        columns = needed_columns(table)
        for entry in live_files(manifests, table) if columns else ():
            goes = row_test(table, target, frozenset(articles) if table != ARTICLES.name else frozenset())
            count = 0
            for batch in read_batches(fs, paths, entry.path, columns):
                mask = goes(batch)
                if not any(mask):
                    continue
                count += sum(mask)
                gone = batch.filter(pa.array(mask, pa.bool_()))
                if table in (ARTICLES.name, REJECTS.name):
                    ids = gone.column(0).to_pylist()
                    (articles if table == ARTICLES.name else rejects).update(ids)
                    for source, run in zip(
                        gone.column("source_uri").to_pylist(), gone.column("run_id").to_pylist(), strict=True
                    ):
                        by_source.add(table, run, source)
            if count:
                entries.append((entry, count))
    return _Found(tuple(entries), frozenset(articles), frozenset(rejects), by_source)


def _prepare(
    lake: Lake,
    manifests: Sequence[Manifest],
    target: Target,
    found: _Found,
    staging: str,
    pipeline_version: str,
    target_file_bytes: int,
    row_group_bytes: int,
) -> tuple[Upkeep, tuple[str, ...]]:
    """The run, ready to be published, and the paths that go with it."""
    fs, paths = lake.fs, lake.paths
    replaced = [entry.path for entry, _ in found.entries]
    recount = recounted(manifests, replaced)
    replaced += recount.entities
    edited = edit_lists(fs, paths, manifests, target, found.by_source)
    replaced += edited.replaced
    run_id = upkeep_run_id(RunKind.FORGET, pipeline_version, [target.kind.value, *sorted(replaced)])
    spec = RunSpec(
        root=paths.root,
        run_id=run_id,
        pipeline_version=pipeline_version,
        settings_json="",
        staging=staging,
        replaces=tuple(replaced),
        recounts=recount.mentions,
        target_file_bytes=target_file_bytes,
        row_group_bytes=row_group_bytes,
    )
    files = list(_rewritten(fs, paths, spec, target, found))
    files += entity_files(fs, spec, files)
    gone = set(replaced)
    staying = {entry.path.rpartition("/")[0] for entry in live_files(manifests) if entry.path not in gone}
    files += anchors_for(fs, spec, staying | {file.directory for file in files})
    hosts = frozenset({host_hash(target.value)} if target.kind is TargetKind.HOST else ())
    upkeep = Upkeep(
        RunKind.FORGET,
        run_id,
        pipeline_version,
        # Not what was asked for: an address or a host may be the very thing to be forgotten.
        {"forget": {"by": target.kind.value}},
        no_counts(forgotten=found.by_source.total),
        files,
        replaced,
        write_list(fs, paths, staging, run_id, edited.batches),
        write_tombstones(fs, paths, staging, run_id, Tombstones(found.articles | found.rejects, hosts)),
    )
    return upkeep, tuple(replaced)


def _rewritten(fs: FileSystem, paths: LakePaths, spec: RunSpec, target: Target, found: _Found) -> Iterator[DataFile]:
    """The files with the rows that stay, folder by folder."""
    folders: dict[str, list[Fragment]] = {}
    for entry, count in found.entries:
        if count < entry.rows:
            directory = entry.path.rpartition("/")[0]
            staged = f"{spec.staging}/{uuid.uuid4().hex}.arrow"
            goes = _mask(entry.table, target, found.articles)
            folders.setdefault(directory, []).append(stage_kept(fs, paths, entry.path, directory, staged, goes))
    for directory, fragments in sorted(folders.items()):
        yield from merge_staged(fs, spec, directory, fragments)


def _mask(table: str, target: Target, articles: frozenset[str]) -> Mask:
    goes = row_test(table, target, articles)
    return lambda batch: pa.array(goes(batch), pa.bool_())


def _drop_shortcuts(fs: FileSystem, paths: LakePaths) -> None:
    """The next run opens every file once more, and counts those that it may not read."""
    for name in fs.list(paths.absolute(LEDGER)):
        fs.delete(f"{paths.absolute(LEDGER)}/{name}")


def _left(
    fs: FileSystem, paths: LakePaths, target: Target, articles: frozenset[str], replaced: Sequence[str]
) -> dict[str, int]:
    """What a reading of the whole lake still finds of the target, by place."""
    manifests = read_manifests(fs, paths)
    left: Counter[str] = Counter()
    for table in TABLES:
        columns = needed_columns(table)
        goes = row_test(table, target, articles)
        for entry in live_files(manifests, table) if columns else ():
            left[table] += sum(sum(goes(batch)) for batch in read_batches(fs, paths, entry.path, columns))
    left["inputs"] = lists_naming(fs, paths, manifests, target)
    left["replaced files"] = sum(fs.exists(paths.absolute(path)) for path in replaced)
    return {place: count for place, count in left.items() if count}


def forgotten_text(done: Forgotten) -> list[str]:
    """What happened, a line for each table, and what the search found afterwards."""
    if not done.run_id and not done.rows:
        return ["nothing in the lake is of this"]
    verb = "would go" if done.dry_run else "gone"
    lines = [f"{table}: {count:,} rows {verb}" for table, count in done.rows.items()]
    if done.dry_run:
        return lines
    lines.append(
        f"read back and searched: {'no row of it is left (what _learned keeps: docs/upkeep.md)' if not done.left else 'still there'}"
    )
    lines += [f"  {place}: {count:,}" for place, count in done.left.items()]
    return [*lines, f"committed as run {done.run_id}"]
