"""An open lake: checked and cleaned of what an interrupted run left, locked against a second writer.

Before: a path or URI. After: `with begin(path) as lake:` …; readers need no lock and go through `pipeline.lake.read`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from pipeline.lake.filesystem import FileSystem, filesystem_of
from pipeline.lake.layout import LakePaths
from pipeline.lake.lock import DiskLock, Lock, check_lock, lock_store
from pipeline.lake.recovery import recover
from schemas.errors import UsageError
from transforms.storage.object_filesystem import ObjectFileSystem
from transforms.storage.object_store import ObjectPath
from transforms.storage.stores import is_object


class Lake:
    """A lake that this process may write to until `close`."""

    def __init__(self, paths: LakePaths, fs: FileSystem, lock: Lock) -> None:
        self.paths = paths
        self.fs = fs
        self._lock: Lock | None = lock

    @property
    def lock_token(self) -> str:
        """What proves to another process that this one still has the lake; "" where nothing has to."""
        return self._lock.token if self._lock else ""

    def hand_over(self, seconds: float) -> None:
        """Closes the lake, but leaves its lock to whoever has `lock_token`, for at most `seconds`. Raises UsageError for a lake on a
        disk, LeaseLostError where another has it."""
        lock, self._lock = self._lock, None
        if lock is not None:
            try:
                lock.hand_over(seconds)
            except UsageError:
                lock.release()
                raise

    def close(self) -> None:
        """Gives the lock back. What a failed run left in staging goes now or, at the latest, when the next run begins."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def __enter__(self) -> Lake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._lock is not None and self.fs.exists(self.paths.staging):
                check_lock(self.fs, self.paths, self._lock.token)  # what lies there may be another's by now
                recover(self.fs, self.paths)
        except OSError:
            # The run is in the lake, or its own error is the one to tell; the next run's `begin` cleans up.
            pass
        finally:
            # A lock that can't be given back is no failure of the run: it ends with its lease, or with this process.
            with suppress(OSError):
                self.close()


def open_paths(lake_path: str) -> LakePaths:
    """The paths of a lake at a local path, a `file://`, `s3://` or `gs://` URI. Raises UsageError for any other."""
    if is_object(lake_path):
        try:
            filesystem_of(lake_path)
            ObjectPath.of(lake_path)
        except (UsageError, ValueError) as error:
            raise UsageError(f"--lake {lake_path}: {error}") from error
        return LakePaths(lake_path.rstrip("/"))
    path = lake_path.removeprefix("file://")
    return LakePaths(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100,PTH111 (no link is resolved)


def begin(lake_path: str, fs: FileSystem | None = None) -> Lake:
    """Opens a lake for writing: makes the folder where there is none, checks that it can be written to, locks it and
    finishes or undoes what an interrupted run left behind.

    Raises UsageError (one line) for a path that can't be a lake, LakeBusyError for a lake that another run is writing to.
    """
    lake = lock_lake(lake_path, fs)
    try:
        try:
            lake.fs.make_folder(lake.paths.staging)
            recover(lake.fs, lake.paths)
        except OSError as error:
            raise UsageError(f"--lake {lake_path}: can't be written to ({error.strerror or error})") from error
    except BaseException:
        lake.close()
        raise
    return lake


def lock_lake(lake_path: str, fs: FileSystem | None = None) -> Lake:
    """The lake, locked and otherwise as it is; to be given back with `close`, since leaving a `with` block also cleans up."""
    paths = open_paths(lake_path)
    files = fs or filesystem_of(paths.root)
    try:
        lock = lock_store(files.store, paths) if isinstance(files, ObjectFileSystem) else _lock_folder(files, paths)
    except OSError as error:
        raise UsageError(f"--lake {lake_path}: can't be made or opened ({error.strerror or error})") from error
    return Lake(paths, files, lock)


def _lock_folder(fs: FileSystem, paths: LakePaths) -> Lock:
    root = Path(paths.root)
    if root.exists() and not root.is_dir():
        raise UsageError(f"--lake {paths.root}: is a file; a lake is a folder")
    fs.make_folders(paths.root)
    return DiskLock(paths)
