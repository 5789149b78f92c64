"""Puts a lake in order before a run: finishes a run that was complete, removes all else that was interrupted.

Before: a lake whose last run was killed at any instant. After: a lake in which that run is either whole or never was.
A run with a whole `pending.json` is rolled forward: all its work is done and on disk, and where its manifest was already
visible only forward is possible. Every other staging folder is deleted, and so are files of runs without a manifest.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.lake.age import Ages
from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LEARNED, RUNS, STAGING, LakePaths
from pipeline.lake.manifest import manifest_names
from pipeline.lake.orphans import delete_orphan, orphans
from pipeline.lake.publish import (
    Pending,
    PublishError,
    delete_staging,
    is_published,
    publish,
    read_pending,
    withdraw,
)
from transforms.storage.lease import SECONDS
from transforms.storage.object_filesystem import ObjectFileSystem

STALE_SECONDS = 10 * SECONDS
"""After so long nobody writes any more whose lease ran out."""


def recover(fs: FileSystem, paths: LakePaths) -> None:
    """Finishes or removes what is left of interrupted runs. Only the lake's one writer may call it. Raises OSError.

    On a disk the kernel proves that no other writer lives. In an object store one whose lease ran out may still be writing: what
    is younger than STALE_SECONDS by the store's clock is left to a later run or to `copydesk clean`.
    """
    ages = Ages(fs, paths)

    def stale(age: float | None) -> bool:
        return age is not None and age >= STALE_SECONDS

    for name in fs.list(paths.staging):
        staging = f"{STAGING}/{name}"
        pending = read_pending(fs, paths, staging)
        if pending is not None:
            _finish(fs, paths, staging, pending)
        elif not isinstance(fs, ObjectFileSystem) or stale(ages.of_tree(paths.absolute(staging))):
            delete_staging(fs, paths, staging)
    fs.delete_folder_if_empty(paths.staging)
    _delete_orphans(fs, paths, stale, ages)


def _finish(fs: FileSystem, paths: LakePaths, staging: str, pending: Pending) -> None:
    published = is_published(fs, paths, pending.manifest.run_id)
    try:
        if not published:
            # Written, but was it kept? A power cut may have cost bytes that a kill could not.
            for move in pending.moves:
                staged = paths.absolute(move.staged)
                if fs.exists(staged) and fs.sha256(staged) != move.sha256:
                    raise PublishError(f"{move.staged}: is damaged")
        publish(fs, paths, staging, pending)
    except PublishError:
        withdraw(fs, paths, staging, pending)


def _delete_orphans(fs: FileSystem, paths: LakePaths, stale: Callable[[float | None], bool], ages: Ages) -> None:
    """Deletes files in the tables, lists of inputs and samples whose run has no manifest."""
    for path in orphans(fs, paths):
        if not isinstance(fs, ObjectFileSystem) or stale(ages.of(paths.absolute(path))):
            delete_orphan(fs, paths, path)
    fs.delete_folder_if_empty(paths.absolute(LEARNED))
    if not manifest_names(fs, paths):
        fs.delete_folder_if_empty(paths.absolute(RUNS))
