"""Brings a lake's Iceberg tables to the state that its manifests describe: one snapshot for each run and table.

Before: a committed run that wrote two files of `articles` and replaced one. After: one snapshot of the Iceberg table that adds
the two and drops the one, with the run's id in its properties. Nothing is copied: Iceberg names the lake's own files.

What is to be done is told by comparing the manifests with the tables, so that it may be done again after a crash at any instant:
a run whose snapshot is there is left alone, and one that was cut off between manifest and snapshot is completed.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.io.pyarrow import parquet_files_to_data_files
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table as IcebergTable

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.iceberg.catalog import opened, tables_in
from pipeline.lake.iceberg.place import Place, location, read_place, reason
from pipeline.lake.iceberg.purge import purge_forgotten
from pipeline.lake.layout import LakePaths, manifest_path
from pipeline.lake.manifest import Manifest, live_files, read_manifests
from schemas.errors import UnfinishedError
from schemas.tables import TABLES

RUN_ID = "copydesk.run-id"
SETTINGS = "copydesk.settings-sha256"
MANIFEST = "copydesk.manifest"
_ATTEMPTS = 4
SNAPSHOTS_KEPT = 100
"""A table keeps at least this many snapshots and at most twice as many: each commit writes all of them anew."""


class Committed(NamedTuple):
    """One snapshot that was made."""

    table: str
    run_id: str
    snapshot_id: int
    files_added: int
    files_dropped: int


class _Change(NamedTuple):
    """What one run does to one table: locations of files to add, files to drop."""

    add: tuple[str, ...]
    drop: tuple[DataFile, ...]


class ForeignFilesError(Exception):
    """Another program has put files of its own into a table: what the manifests say can't be added to it without doubling rows."""


def bring_up_to_date(fs: FileSystem, paths: LakePaths, place: Place) -> tuple[Committed, ...]:
    """Makes the snapshots that are missing, in the order of the runs; gives those that were made.

    Only the lake's one writer may call it, once `write_place` has recorded the place. Raises UsageError where the catalog can't
    be had, ForeignFilesError, or what pyiceberg raises; all that was committed until then is whole.
    """
    manifests = commit_order(read_manifests(fs, paths))
    made: list[Committed] = []
    with opened(fs, paths, place) as catalog:
        for name, table in TABLES.items():
            iceberg = tables_in(fs, paths, place, catalog, table)
            live = frozenset(entry.path for entry in live_files(manifests, name) if entry.rows)
            done = run_ids_of(iceberg)
            waiting = [each for each in manifests if each.run_id not in done and _concerns(each, name)]
            if waiting:
                made += _complete(iceberg, paths, name, waiting, live, _named(paths, manifests))
                _expire(iceberg)
            purge_forgotten(iceberg, manifests)
    return tuple(made)


def keep_up(fs: FileSystem, paths: LakePaths) -> tuple[Committed, ...]:
    """What every command calls that has committed a run: `bring_up_to_date`, and nothing where the lake has no Iceberg tables.

    A failure is none of the run's: raises UnfinishedError, one line, instead of what was raised.
    """
    try:
        place = read_place(fs, paths)
        return bring_up_to_date(fs, paths, place) if place else ()
    except Exception as error:
        raise UnfinishedError(
            f"every run is in the lake, but its Iceberg tables are not up to date ({reason(error)}); the next run or `copydesk migrate` "
            "completes them"
        ) from error


def commit_order(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """Every run after the runs whose files it replaces; runs that don't depend on each other by their ids."""
    everything = {manifest.run_id: manifest for manifest in manifests}
    writers = {entry.path: manifest.run_id for manifest in everything.values() for entry in manifest.files}
    before = {
        run: {writers[path] for path in manifest.replaces if path in writers} - {run}
        for run, manifest in everything.items()
    }
    after: dict[str, list[str]] = {}
    for run, earlier in before.items():
        for each in earlier:
            after.setdefault(each, []).append(run)
    ready = [run for run, earlier in before.items() if not earlier]
    heapq.heapify(ready)
    ordered: list[Manifest] = []
    while ready:
        run = heapq.heappop(ready)
        ordered.append(everything[run])
        for each in after.get(run, ()):
            before[each].discard(run)
            if not before[each]:
                heapq.heappush(ready, each)
    return tuple(ordered)


def run_ids_of(iceberg: IcebergTable) -> frozenset[str]:
    """The runs that the table's present state is made of, as far as its snapshots have not been expired."""
    found: set[str] = set()
    snapshot = iceberg.current_snapshot()
    while snapshot is not None:
        run = snapshot.summary.additional_properties.get(RUN_ID) if snapshot.summary else None
        if run:
            found.add(run)
        parent = snapshot.parent_snapshot_id
        snapshot = iceberg.snapshot_by_id(parent) if parent is not None else None
    return frozenset(found)


def data_files(iceberg: IcebergTable) -> dict[str, DataFile]:
    """The files of the table's present state, by location."""
    return {task.file.file_path: task.file for task in iceberg.scan().plan_files()}


def _concerns(manifest: Manifest, table: str) -> bool:
    return any(entry.table == table and entry.rows for entry in manifest.files) or any(
        path.partition("/")[0] == table for path in manifest.replaces
    )


def _named(paths: LakePaths, manifests: Sequence[Manifest]) -> frozenset[str]:
    """Every file that the lake has or had, as Iceberg names it."""
    return frozenset(location(paths, entry.path) for manifest in manifests for entry in manifest.files)


def _complete(
    iceberg: IcebergTable,
    paths: LakePaths,
    table: str,
    waiting: Sequence[Manifest],
    live: frozenset[str],
    named: frozenset[str],
) -> Iterator[Committed]:
    """A snapshot for each run that waits and still has something to add or drop."""
    present = data_files(iceberg)
    foreign = sorted(present.keys() - named)
    if foreign:
        raise ForeignFilesError(
            f"{'.'.join(iceberg.name())}: holds {len(foreign)} files that no run of copydesk wrote, such as {foreign[0]}; roll it "
            "back, or drop the table and run `copydesk migrate`"
        )
    for manifest in waiting:
        properties = {
            RUN_ID: manifest.run_id,
            SETTINGS: manifest.settings_sha256,
            MANIFEST: manifest_path(manifest.run_id),
        }
        for attempt in range(_ATTEMPTS):
            change = _change(present, paths, table, manifest, live)
            if not change.add and not change.drop:
                break
            try:
                added = _apply(iceberg, change, properties)
            except CommitFailedException:
                # Someone else was faster, or the answer to this very commit was lost: what is left is told from the table.
                if attempt == _ATTEMPTS - 1:
                    raise
                iceberg.refresh()
                present = data_files(iceberg)
                if manifest.run_id in run_ids_of(iceberg):
                    break
                continue
            snapshot = iceberg.current_snapshot()
            assert snapshot is not None
            # Not from the table again: a lake of many runs that becomes Iceberg would be planned once a run.
            dropped = {file.file_path for file in change.drop}
            present = {path: file for path, file in present.items() if path not in dropped} | added
            yield Committed(table, manifest.run_id, snapshot.snapshot_id, len(change.add), len(change.drop))
            break


def _expire(iceberg: IcebergTable) -> None:
    """Forgets the oldest snapshots where there are many; changes metadata only. What a branch or tag names stays."""
    snapshots = sorted(iceberg.snapshots(), key=lambda each: each.sequence_number or 0)
    if len(snapshots) <= 2 * SNAPSHOTS_KEPT:
        return
    named = {ref.snapshot_id for ref in iceberg.refs().values()}
    oldest = [each.snapshot_id for each in snapshots[:-SNAPSHOTS_KEPT] if each.snapshot_id not in named]
    if oldest:
        iceberg.maintenance.expire_snapshots().by_ids(oldest).commit()


def _change(
    present: Mapping[str, DataFile], paths: LakePaths, table: str, manifest: Manifest, live: frozenset[str]
) -> _Change:
    # A file that a later run replaced is gone already; that run's snapshot comes later and would drop it anyway.
    own = (location(paths, each.path) for each in manifest.files if each.table == table and each.path in live)
    gone = (location(paths, path) for path in manifest.replaces if path.partition("/")[0] == table)
    return _Change(
        tuple(path for path in own if path not in present),
        tuple(present[path] for path in gone if path in present),
    )


def _apply(iceberg: IcebergTable, change: _Change, properties: dict[str, str]) -> dict[str, DataFile]:
    """Commits one snapshot; gives the files that it added, by location."""
    added: dict[str, DataFile] = {}
    with iceberg.transaction() as transaction:
        update = transaction.update_snapshot(snapshot_properties=properties)
        with update.overwrite() if change.drop else update.merge_append() as files:
            for file in parquet_files_to_data_files(iceberg.io, transaction.table_metadata, iter(change.add)):
                files.append_data_file(file)
                added[file.file_path] = file
            for dropped in change.drop:
                files.delete_data_file(dropped)
    return added
