"""An open lake: the folder, checked and cleaned of what an interrupted run left, locked against a second writer.

Before: a path. After: `with begin(path) as lake:` …; readers need no lock and go through `pipeline.lake.read`.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from pipeline.lake.filesystem import LocalFileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.recovery import recover
from schemas.errors import UsageError


class Lake:
    """A lake that this process may write to until `close`."""

    def __init__(self, paths: LakePaths, fs: LocalFileSystem, lock: int) -> None:
        self.paths = paths
        self.fs = fs
        self._lock: int | None = lock

    def close(self) -> None:
        """Gives the lock back. What a failed run left in staging goes now or, at the latest, when the next run begins."""
        if self._lock is None:
            return
        os.close(self._lock)
        self._lock = None

    def __enter__(self) -> Lake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._lock is not None and self.fs.exists(self.paths.staging):
                recover(self.fs, self.paths)
        except OSError:
            # The first error is the one to tell; the next run's `begin` cleans up.
            if error is None:
                raise
        finally:
            self.close()


def open_paths(lake_path: str) -> LakePaths:
    """The paths of a lake at a local path or `file://` URI."""
    path = lake_path.removeprefix("file://")
    if "://" in path:
        raise UsageError(f"--lake {lake_path}: only local folders can be a lake so far")
    return LakePaths(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100,PTH111 (no link is resolved)


def begin(lake_path: str, fs: LocalFileSystem | None = None) -> Lake:
    """Opens a lake for writing: makes the folder where there is none, checks that it can be written to, locks it and
    finishes or undoes what an interrupted run left behind.

    Raises UsageError (one line) for a path that can't be a lake, or a lake that another run is writing to.
    """
    files = fs or LocalFileSystem()
    paths = open_paths(lake_path)
    root = Path(paths.root)
    if root.exists() and not root.is_dir():
        raise UsageError(f"--lake {lake_path}: is a file; a lake is a folder")
    try:
        files.make_folders(paths.root)
        lock = os.open(paths.root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise UsageError(f"--lake {lake_path}: can't be made or opened ({error.strerror})") from error
    try:
        try:
            # A lock on the folder itself: it leaves no file behind, and ends with the process however that ends.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(f"--lake {lake_path}: another run is writing to it; wait until it is done") from error
        try:
            files.make_folder(paths.staging)
            recover(files, paths)
        except OSError as error:
            raise UsageError(f"--lake {lake_path}: can't be written to ({error.strerror or error})") from error
    except BaseException:
        os.close(lock)
        raise
    return Lake(paths, files, lock)
