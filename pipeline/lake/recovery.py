"""Puts a lake in order before a run: finishes a run that was complete, removes all else that was interrupted.

Before: a lake whose last run was killed at any instant. After: a lake in which that run is either whole or never was.
A run with a whole `pending.json` is rolled forward: all its work is done and on disk, and where its manifest was already
visible only forward is possible. Every other staging folder is deleted, and so are files of runs without a manifest.
"""

from __future__ import annotations

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LEARNED, RUNS, STAGING, LakePaths, run_of_part
from pipeline.lake.manifest import manifest_names
from pipeline.lake.publish import (
    Pending,
    PublishError,
    delete_staging,
    is_published,
    publish,
    read_pending,
    withdraw,
)
from schemas.tables import TABLES


def recover(fs: FileSystem, paths: LakePaths) -> None:
    """Finishes or removes what is left of interrupted runs. Only the lake's one writer may call it. Raises OSError."""
    for name in fs.list(paths.staging):
        staging = f"{STAGING}/{name}"
        pending = read_pending(fs, paths, staging)
        if pending is not None:
            _finish(fs, paths, staging, pending)
        else:
            delete_staging(fs, paths, staging)
    fs.delete_folder_if_empty(paths.staging)
    _delete_orphans(fs, paths)


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


def _delete_orphans(fs: FileSystem, paths: LakePaths) -> None:
    """Deletes files in the tables, lists of inputs and samples whose run has no manifest."""
    committed = set(manifest_names(fs, paths))
    for name in fs.list(paths.runs):
        run, inputs, _ = name.partition(".inputs.parquet")
        if inputs and run not in committed:
            fs.delete(f"{paths.runs}/{name}")
    learned = paths.absolute(LEARNED)
    for name in fs.list(learned):
        run, sampled, rest = name.partition(".json")
        if sampled and (rest == ".tmp" or (run not in committed and run != "decisions")):
            fs.delete(f"{learned}/{name}")
    fs.delete_folder_if_empty(learned)
    for table in TABLES:
        root = paths.absolute(table)
        for path in fs.files_below(root):
            folder, _, name = path.rpartition("/")
            orphan = run_of_part(name)
            if orphan is not None and orphan not in committed:
                fs.delete(path)
                while len(folder) >= len(root) and fs.delete_folder_if_empty(folder):
                    folder = folder.rpartition("/")[0]
    if not committed:
        fs.delete_folder_if_empty(paths.absolute(RUNS))
