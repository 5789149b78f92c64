"""Takes the history off an Iceberg table once rows of it were forgotten, so that no older snapshot tells anything of them.

Before: a table whose last run is a `forget`; older snapshots name the files that went, and the smallest and largest values of their
columns. After: one snapshot, and no other manifest or manifest list. The data files are the lake's and were deleted with the run.
Metadata files of earlier versions stay: they hold counts and names, and nothing that they name is there any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress

from pyiceberg.manifest import ManifestEntryStatus
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table.refs import SnapshotRefType

from pipeline.lake.manifest import Manifest, RunKind

FORGOTTEN = "copydesk.forgotten"
"""Table property: a hash of the runs that took rows out and whose traces are gone from the table. Set last, so that a purge that was
cut off is done again."""
_MAIN = "main"


def purge_forgotten(iceberg: IcebergTable, manifests: Iterable[Manifest]) -> bool:
    """Leaves of the table's history its present state alone, where a run of `forget` is new to it; whether one was.

    Tags and other branches go as well: what they name can't be read any more. Raises what pyiceberg raises.
    """
    forgets = sorted(manifest.run_id for manifest in manifests if manifest.kind is RunKind.FORGET)
    mark = hashlib.sha256("\n".join(forgets).encode()).hexdigest()[:16]
    if not forgets or iceberg.properties.get(FORGOTTEN) == mark:
        return False
    if iceberg.current_snapshot() is not None:
        before = _metadata_of(iceberg)
        if _names_dropped(iceberg):
            # The snapshot that drops a file names it once more, with its columns' bounds; the next one does not.
            with iceberg.transaction() as change, change.update_snapshot().fast_append():
                pass
        for name, ref in iceberg.refs().items():
            if name != _MAIN:
                changes = iceberg.manage_snapshots()
                branch = ref.snapshot_ref_type is SnapshotRefType.BRANCH
                (changes.remove_branch(name) if branch else changes.remove_tag(name)).commit()
        current = iceberg.current_snapshot()
        older = [
            each.snapshot_id for each in iceberg.snapshots() if current and each.snapshot_id != current.snapshot_id
        ]
        if older:
            iceberg.maintenance.expire_snapshots().by_ids(older).commit()
        for path in sorted(before - _metadata_of(iceberg)):
            with suppress(FileNotFoundError):
                iceberg.io.delete(path)
    with iceberg.transaction() as change:
        change.set_properties({FORGOTTEN: mark})
    return True


def _metadata_of(iceberg: IcebergTable) -> frozenset[str]:
    """Locations of the manifest lists of all snapshots, and of the manifests that these name."""
    found: set[str] = set()
    for snapshot in iceberg.snapshots():
        with suppress(FileNotFoundError):  # a purge that was cut off
            found.update(each.manifest_path for each in snapshot.manifests(iceberg.io))
        found.add(snapshot.manifest_list)
    return frozenset(found)


def _names_dropped(iceberg: IcebergTable) -> bool:
    snapshot = iceberg.current_snapshot()
    return snapshot is not None and any(
        entry.status is ManifestEntryStatus.DELETED
        for manifest in snapshot.manifests(iceberg.io)
        for entry in manifest.fetch_manifest_entry(iceberg.io, discard_deleted=False)
    )
