"""`copydesk clean`: deletes what interrupted runs left, once it is older than a grace period.

Before: staging folders of killed runs, data files that no manifest names or that a later run replaced. After: the ones older than three days, by the disk's or
store's own clock, are gone. Beside a run that is writing, its staging is left alone, whatever its age.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.lake.age import Ages
from pipeline.lake.filesystem import FileSystem, filesystem_of
from pipeline.lake.lake import lock_lake, open_paths
from pipeline.lake.layout import STAGING, STREAM, LakePaths
from pipeline.lake.lock import LakeBusyError
from pipeline.lake.orphans import delete_orphan, orphans, replaced_files
from pipeline.lake.publish import delete_staging, read_pending
from schemas.errors import UsageError

_GRACE = re.compile(r"(\d{1,6})(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Cleaned(NamedTuple):
    """`deleted` are paths relative to the lake, or with `dry_run` those that would be; `young` were left since they are within the
    grace period, `unfinished` staging folders since the next run will finish them. `busy` says who writes to the lake now."""

    dry_run: bool
    deleted: tuple[str, ...]
    bytes: int
    young: tuple[str, ...]
    unfinished: tuple[str, ...]
    busy: str


def clean(lake_path: str, grace_seconds: float, *, dry_run: bool = False, fs: FileSystem | None = None) -> Cleaned:
    """Collects orphans. Raises UsageError where there is no lake, OSError where the store refuses."""
    paths = open_paths(lake_path)
    files = fs or filesystem_of(paths.root)
    if not (files.is_folder(paths.runs) or files.is_folder(paths.staging)):
        raise UsageError(f"{lake_path}: there is no lake, or no run has been committed to it")
    try:
        lake = None if dry_run else lock_lake(lake_path, files)
        busy = ""
    except LakeBusyError as error:
        lake, busy = None, str(error.holder)
    try:
        return _collect(files, paths, grace_seconds, dry_run=dry_run, busy=busy)
    finally:
        if lake is not None:
            lake.close()


def _collect(fs: FileSystem, paths: LakePaths, grace: float, *, dry_run: bool, busy: str) -> Cleaned:
    ages = Ages(fs, paths)
    deleted: list[str] = []
    young: list[str] = []
    unfinished: list[str] = []
    size = 0
    for path in (*orphans(fs, paths), *replaced_files(fs, paths)):
        age = ages.of(paths.absolute(path))
        if age is None:
            continue
        if age < grace:
            young.append(path)
            continue
        size += fs.size(paths.absolute(path))
        deleted.append(path)
        if not dry_run:
            delete_orphan(fs, paths, path)
    # What a stream has in hand lies there for as long as a window and its lateness, or until the stream is begun again.
    for path in fs.files_below(paths.absolute(STREAM)):
        age = ages.of(path)
        if age is None or age < grace:
            young.append(path.removeprefix(f"{paths.root}/"))
            continue
        size += fs.size(path)
        deleted.append(path.removeprefix(f"{paths.root}/"))
        if not dry_run:
            fs.delete(path)
    # Whose staging folder is whose can't be told, and a run may be reading for days before it writes again.
    for name in () if busy else fs.list(paths.staging):
        staging = f"{STAGING}/{name}"
        age = ages.of_tree(paths.absolute(staging))
        if read_pending(fs, paths, staging) is not None:
            unfinished.append(staging)
        elif age is None or age < grace:
            young.append(staging)
        else:
            size += sum(fs.size(path) for path in fs.files_below(paths.absolute(staging)))
            deleted.append(staging)
            if not dry_run:
                delete_staging(fs, paths, staging)
    return Cleaned(dry_run, tuple(deleted), size, tuple(young), tuple(unfinished), busy)


def parse_grace(given: str) -> int:
    """ "12h" → 43,200 seconds. Raises UsageError."""
    match = _GRACE.fullmatch(given.strip())
    if match is None:
        raise UsageError(f"--grace {given}: must be a number with a unit, such as 90m, 12h or 3d")
    return int(match[1]) * _SECONDS[match[2]]


def cleaned_text(done: Cleaned) -> list[str]:
    """What happened, the deleted paths first."""
    verb = "would delete" if done.dry_run else "deleted"
    lines = [f"{verb} {path}" for path in done.deleted]
    parts = [
        f"{len(done.deleted):,} {verb.replace('delete', 'be deleted') if done.dry_run else verb} ({done.bytes:,} bytes)"
    ]
    if done.young:
        parts.append(f"{len(done.young):,} left: younger than the grace period")
    if done.unfinished:
        parts.append(f"{len(done.unfinished):,} left: whole runs, which the next run finishes")
    if done.busy:
        parts.append(f"staging left alone: {done.busy} is writing")
    return [*lines, ", ".join(parts)]
