"""Merges the small files that many runs leave, per table and partition, and their lists of inputs.

Before: a thousand hourly runs with a file of 200 KB each in articles/language=en/published_month=2024-03. After: files of the target
size, sorted, with the same rows; each row still names the run that wrote it. Nothing is published before the new files have
been read back and hold exactly the rows of the old ones.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from pipeline.lake.entities import entity_files
from pipeline.lake.entity_files import Recount, recounted
from pipeline.lake.filesystem import FileSystem
from pipeline.lake.kept_rows import stage_kept
from pipeline.lake.lake import Lake
from pipeline.lake.layout import LakePaths, run_of_part
from pipeline.lake.ledger import list_batches, live_lists
from pipeline.lake.list_file import write_list
from pipeline.lake.manifest import FileEntry, Manifest, RunKind, live_files, read_manifests
from pipeline.lake.merge import DuplicateKeyError, merge_staged
from pipeline.lake.parquet_file import ROW_GROUP_BYTES, DataFile
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.publish import discard_staging
from pipeline.lake.run_spec import RunSpec
from pipeline.lake.same_rows import row_sum
from pipeline.lake.upkeep import Upkeep, begin_upkeep, commit_upkeep, new_staging, no_counts, upkeep_run_id
from schemas.errors import UsageError
from schemas.tables import ENTITIES
from schemas.units import MIB

SMALL_SHARE = 0.75
"""Of the target size: smaller files are merged."""
LARGE_SHARE = 1.8
"""Of the target size: larger files are cut."""
LISTS_AT_MOST = 8
"""More lists of inputs than this are merged into one."""


class CompactionError(Exception):
    """The merged files would not hold the rows of the files that they replace; nothing was changed."""


class Group(NamedTuple):
    """Files of one partition that become one or a few; `directory` is relative to the lake."""

    directory: str
    entries: tuple[FileEntry, ...]


class Plan(NamedTuple):
    """`groups` are rewritten, `spare` are files without rows of which one is enough, `lists` are the runs whose lists of inputs are
    merged. `entities` are rows of single runs: their files go, and the mentions behind them are counted as one run's."""

    groups: tuple[Group, ...]
    spare: tuple[str, ...]
    lists: tuple[Manifest, ...]
    entities: Recount

    @property
    def is_empty(self) -> bool:
        return not (self.groups or self.spare or self.lists or self.entities.entities)


class Compacted(NamedTuple):
    """What a compaction did, or with `dry_run` would do. `run_id` is empty where nothing was to be done; `rows` were moved and are
    all there again; `bytes_*` are sizes on disk."""

    run_id: str
    dry_run: bool
    partitions: int
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    rows: int
    lists_merged: int


def compact(
    lake_path: str,
    *,
    pipeline_version: str,
    target_file_mib: int,
    row_group_bytes: int = ROW_GROUP_BYTES,
    dry_run: bool = False,
    fs: FileSystem | None = None,
) -> Compacted:
    """Compacts a lake as one run; does nothing where no partition has two files below SMALL_SHARE of the target, or one far above it.

    Raises UsageError for no lake, one that another run writes to, or one whose rows are damaged; CompactionError and OSError leave
    the lake as it was.
    """
    with begin_upkeep(lake_path, fs) as lake:
        manifests = read_manifests(lake.fs, lake.paths)
        plan = plan_compaction(manifests, target_file_mib)
        if plan.is_empty or dry_run:
            return _told(plan, "", dry_run, ())
        run_id = upkeep_run_id(RunKind.COMPACT, pipeline_version, [target_file_mib, *_replaced(plan)])
        staging = new_staging(lake)
        try:
            spec = RunSpec(
                root=lake.paths.root,
                run_id=run_id,
                pipeline_version=pipeline_version,
                settings_json="",
                staging=staging,
                replaces=plan.entities.entities,
                recounts=plan.entities.mentions,
                target_file_bytes=target_file_mib * MIB,
                row_group_bytes=row_group_bytes,
            )
            files = [file for group in plan.groups for file in _merge(lake, group, spec)]
            entities = entity_files(lake.fs, spec, files)
            _check_entities(lake, plan.entities.entities, [file.staged for file in entities])
            files += entities
            inputs = write_list(lake.fs, lake.paths, staging, run_id, _merged_lists(lake.fs, lake.paths, plan.lists))
            upkeep = Upkeep(
                RunKind.COMPACT,
                run_id,
                pipeline_version,
                {"compact": {"target_file_mib": target_file_mib}},
                no_counts(),
                files,
                _replaced(plan),
                inputs,
            )
            commit_upkeep(lake, staging, upkeep)
        except DuplicateKeyError as error:
            raise UsageError(f"{lake_path}: {error}; see `copydesk verify`") from error
        finally:
            discard_staging(lake.fs, lake.paths, staging)
        return _told(plan, run_id, False, files)


def plan_compaction(manifests: Sequence[Manifest], target_file_mib: int) -> Plan:
    """What is to be merged, in a fixed order. What one compaction made is left alone by the next of the same target or a smaller
    one, whatever the sizes came to be."""
    target = target_file_mib * MIB
    compacted = {
        manifest.run_id: int(manifest.settings["compact"]["target_file_mib"])
        for manifest in manifests
        if manifest.kind is RunKind.COMPACT
    }
    folders: dict[str, list[FileEntry]] = {}
    for entry in live_files(manifests):
        folders.setdefault(entry.path.rpartition("/")[0], []).append(entry)
    groups: list[Group] = []
    spare: list[str] = []
    counts: list[str] = []
    for directory, entries in sorted(folders.items()):
        spare += [entry.path for entry in entries if not entry.rows][1:]
        wrong = [
            entry for entry in entries if entry.rows and not SMALL_SHARE * target <= entry.bytes <= LARGE_SHARE * target
        ]
        by_run = {run_of_part(entry.path.rpartition("/")[2]) or "" for entry in wrong}
        settled = len(by_run) == 1 and compacted.get(next(iter(by_run)), 0) >= target_file_mib
        if (len(wrong) > 1 or any(entry.bytes > LARGE_SHARE * target for entry in wrong)) and not settled:
            if directory == ENTITIES.name:
                counts += [entry.path for entry in wrong]
            else:
                groups.append(Group(directory, tuple(wrong)))
    lists = live_lists(manifests)
    return Plan(
        tuple(groups),
        tuple(spare),
        lists if len(lists) > LISTS_AT_MOST else (),
        recounted(manifests, [entry.path for group in groups for entry in group.entries], counts),
    )


def _replaced(plan: Plan) -> list[str]:
    return [
        *(entry.path for group in plan.groups for entry in group.entries),
        *plan.spare,
        *plan.entities.entities,
        *(manifest.inputs.path for manifest in plan.lists),
    ]


def _merge(lake: Lake, group: Group, spec: RunSpec) -> list[DataFile]:
    fs, paths = lake.fs, lake.paths
    prefix = f"{spec.staging}/{uuid.uuid4().hex}"
    fragments = [
        stage_kept(fs, paths, entry.path, group.directory, f"{prefix}-{number:06d}.arrow")
        for number, entry in enumerate(group.entries)
    ]
    files = merge_staged(fs, spec, group.directory, fragments)
    for fragment in fragments:
        fs.delete(paths.absolute(fragment.path))
    table = group.directory.partition("/")[0]
    before = row_sum(fs, paths, table, (entry.path for entry in group.entries))
    after = row_sum(fs, paths, table, (file.staged for file in files))
    if before != after:
        raise CompactionError(
            f"{group.directory}: {before.rows} rows were to be merged, the merged files hold {after.rows} or others"
        )
    return files


def _check_entities(lake: Lake, before: Iterable[str], after: Iterable[str]) -> None:
    """The rows of `entities` are added up, not moved: each entity must have the sums that it had."""
    had, has = (_entity_sums(lake, files) for files in (before, after))
    if had != has:
        wrong = sorted(each for each in had.keys() | has.keys() if had.get(each) != has.get(each))
        raise CompactionError(f"entities: {wrong[0]} would have other counts than now ({len(wrong)} such)")


def _entity_sums(lake: Lake, files: Iterable[str]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for path in files:
        for batch in read_batches(lake.fs, lake.paths, path, ["entity_id", "articles", "mentions"], 1 << 14):
            for entity, articles, mentions in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                known = sums.get(entity, (0, 0))
                sums[entity] = known[0] + articles, known[1] + mentions
    return sums


def _merged_lists(fs: FileSystem, paths: LakePaths, lists: Sequence[Manifest]) -> Iterator[pa.RecordBatch]:
    for manifest in lists:
        yield from list_batches(fs, paths, manifest)


def _told(plan: Plan, run_id: str, dry_run: bool, files: Sequence[DataFile]) -> Compacted:
    entries = [entry for group in plan.groups for entry in group.entries]
    partitions = Counter(group.directory for group in plan.groups)
    return Compacted(
        run_id=run_id,
        dry_run=dry_run,
        partitions=len(partitions),
        files_before=len(entries) + len(plan.spare) + len(plan.entities.entities),
        files_after=len(files),
        bytes_before=sum(entry.bytes for entry in entries),
        bytes_after=sum(file.bytes for file in files),
        rows=sum(entry.rows for entry in entries),
        lists_merged=len(plan.lists),
    )


def compacted_text(done: Compacted) -> str:
    """What happened, in one line."""
    if not done.files_before and not done.lists_merged:
        return "nothing to compact"
    would = "would merge" if done.dry_run else "merged"
    after = "" if done.dry_run else f" into {done.files_after:,}"
    size = "" if done.dry_run else f" → {done.bytes_after / MIB:,.1f} MiB"
    parts = [
        f"{would} {done.files_before:,} files{after} in {done.partitions:,} partitions "
        f"({done.rows:,} rows, {done.bytes_before / MIB:,.1f} MiB{size})"
    ]
    if done.lists_merged:
        parts.append(f"{done.lists_merged:,} lists of inputs into one")
    return ", ".join(parts) + (f" (run {done.run_id})" if done.run_id else "")
