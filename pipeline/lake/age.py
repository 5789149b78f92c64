"""How old a file of the lake is, by the clock of the disk or store that it lies on: this machine's own may be days off.

Before: a path. After: seconds between the file's last change and now, both as the place itself tells them.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from transforms.storage.object_filesystem import ObjectFileSystem
from transforms.storage.object_store import ObjectPath

CLOCK = "_clock-"
"""What the names of files begin with that are written to read the clock, and are gone at once."""


class Ages:
    """Ages at one moment: that of the first question."""

    def __init__(self, fs: FileSystem, paths: LakePaths) -> None:
        self._fs = fs
        self._paths = paths
        self._now: float | None = None

    def of(self, path: str) -> float | None:
        """Seconds since the file at the absolute `path` was last changed; None where there is none. Raises OSError."""
        changed = _changed(self._fs, path)
        if changed is None:
            return None
        if self._now is None:
            self._now = _read_clock(self._fs, self._paths)
        return self._now - changed

    def of_tree(self, folder: str) -> float | None:
        """That of the file below `folder` that was changed last, or of the empty folder; None where there is nothing."""
        ages = [age for path in self._fs.files_below(folder) if (age := self.of(path)) is not None]
        return min(ages) if ages else self.of(folder)


def _changed(fs: FileSystem, path: str) -> float | None:
    if isinstance(fs, ObjectFileSystem):
        where = ObjectPath.of(path)
        found = fs.store.head(where.bucket, where.key)
        return found.modified.timestamp() if found else None
    try:
        return Path(path).stat().st_mtime
    except FileNotFoundError:
        return None


def _read_clock(fs: FileSystem, paths: LakePaths) -> float:
    probe = paths.absolute(f"{CLOCK}{uuid.uuid4().hex}")
    with fs.open_write(probe):
        pass
    try:
        now = _changed(fs, probe)
    finally:
        fs.delete(probe)
    if now is None:
        raise FileNotFoundError(f"{probe}: is gone, though it was written just now")
    return now
