"""Finds what lies in a lake and belongs to no run: left by runs that were killed, or whose answer from the store was lost.

Before: a lake with part-5f…-00000.parquet but no manifest of run 5f…. After: that path. What a run that is being published has
already moved into place is named by its `pending.json` and is no orphan.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.lake.age import CLOCK
from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LEARNED, LOCK, RUNS, STAGING, LakePaths, decisions_path, run_of_part
from pipeline.lake.manifest import manifest_names, read_manifests
from pipeline.lake.publish import read_pending
from schemas.tables import TABLES

_OF_RUN = (".inputs.parquet", ".forgotten.txt")


def orphans(fs: FileSystem, paths: LakePaths) -> tuple[str, ...]:
    """Paths, relative to the lake, of files in the tables, lists, samples and clock readings that belong to no run; sorted.

    The order of the steps matters beside a writer that is publishing: what is listed first was moved before, so its run is
    pending when the pending runs are read next, or its manifest is there when these are read last.
    """
    listed = sorted(_listed(fs, paths))
    pending = set(_pending_moves(fs, paths))
    committed = set(manifest_names(fs, paths))
    return tuple(path for path, run in listed if run not in committed and path not in pending)


def replaced_files(fs: FileSystem, paths: LakePaths) -> tuple[str, ...]:
    """Paths of files that are still there although a later run replaced them: that run could not delete them; sorted.

    Raises ManifestError where a manifest can't be read.
    """
    gone = {path for manifest in read_manifests(fs, paths) for path in manifest.replaces}
    there = {path for path, _ in _listed(fs, paths)} if gone else set()
    return tuple(sorted(gone & there))


def _listed(fs: FileSystem, paths: LakePaths) -> Iterator[tuple[str, str]]:
    """(path, run that it is of) of every file that only a run can vouch for; "" for what none can."""
    for name in fs.list(paths.root):
        if name.startswith((CLOCK, f"{LOCK}.")):
            yield name, ""
    for name in fs.list(paths.runs):
        for ending in _OF_RUN:
            if name.endswith(ending):
                yield f"{RUNS}/{name}", name.removesuffix(ending)
    for name in fs.list(paths.absolute(LEARNED)):
        path = f"{LEARNED}/{name}"
        if name.endswith(".tmp"):
            yield path, ""
        elif name.endswith(".json") and path != decisions_path():
            yield path, name.removesuffix(".json")
    for table in TABLES:
        for absolute in fs.files_below(paths.absolute(table)):
            run = run_of_part(absolute.rpartition("/")[2])
            if run is not None:
                yield absolute.removeprefix(f"{paths.root}/"), run


def _pending_moves(fs: FileSystem, paths: LakePaths) -> Iterator[str]:
    for name in fs.list(paths.staging):
        pending = read_pending(fs, paths, f"{STAGING}/{name}")
        if pending is not None:
            yield from (move.path for move in pending.moves)


def delete_orphan(fs: FileSystem, paths: LakePaths, path: str) -> None:
    """Deletes a file, and the folders above it, inside the lake, that are empty then."""
    fs.delete(paths.absolute(path))
    folder = path.rpartition("/")[0]
    while folder and fs.delete_folder_if_empty(paths.absolute(folder)):
        folder = folder.rpartition("/")[0]
