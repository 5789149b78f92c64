"""One writer at a time: the lake's lock, on a disk the kernel's, in an object store a lease.

Before: two runs begin on one lake. After: one has the lock; the other stops with `LakeBusyError`, which says who has it since when.
"""

from __future__ import annotations

import fcntl
import os
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path
from typing import Protocol

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LOCK, LakePaths
from schemas.errors import ConflictError, UsageError
from transforms.storage.lease import Holder, LeaseHeldError, acquire, check_token, holder_json, read_holder
from transforms.storage.lease import give_back as free
from transforms.storage.object_filesystem import ObjectFileSystem
from transforms.storage.object_store import ObjectStore

_PATIENCE = 2.0
"""Seconds."""
_PAUSE = 0.05


class LakeBusyError(ConflictError):
    """Another run is writing to the lake. `holder` says which."""

    def __init__(self, lake: str, holder: Holder) -> None:
        super().__init__(f"the lake {lake} is being written to by {holder}; try again when that run is done")
        self.holder = holder


class Lock(Protocol):
    """A held lock. `token` proves to another process that it is still held; "" where the kernel sees to that."""

    @property
    def token(self) -> str:
        """See above."""

    def release(self) -> None:
        """Gives the lock back; again is fine."""

    def hand_over(self, seconds: float) -> None:
        """Leaves the lock for so long to whoever has its token; `give_back` frees it. Raises UsageError where that can't be."""


class DiskLock:
    """A lock on the folder itself: it ends with the process however that ends. The file beside it only tells others who has it."""

    token = ""

    def __init__(self, paths: LakePaths) -> None:
        """Raises LakeBusyError, or OSError where the folder can't be opened."""
        self._name = Path(paths.absolute(LOCK))
        self._handle: int | None = os.open(paths.root, os.O_RDONLY | os.O_DIRECTORY)
        if not _lock(self._handle):
            os.close(self._handle)
            raise LakeBusyError(paths.root, self._holder()) from None
        try:
            self._name.write_bytes(holder_json(uuid.uuid4().hex))
        except OSError:
            os.close(self._handle)
            raise

    def _holder(self) -> Holder:
        try:
            since = datetime.fromtimestamp(self._name.stat().st_mtime, timezone.utc)
            return read_holder(self._name.read_bytes(), since)
        except OSError:
            return Holder("this machine", 0, None)

    def release(self) -> None:
        """Gives the lock back; again is fine."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            try:
                self._name.unlink(missing_ok=True)
            finally:
                os.close(handle)

    def hand_over(self, seconds: float) -> None:
        """Can't be: the kernel's lock ends with the process."""
        raise UsageError(
            f"the lake {self._name.parent}: lies on a disk; a job that is not waited for needs one in a bucket"
        )


def _lock(handle: int) -> bool:
    """Whether the lock could be had within `_PATIENCE`: the processes of a run that was killed just now take a moment to end."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > until:
                return False
            time.sleep(_PAUSE)
        else:
            return True


def lock_store(store: ObjectStore, paths: LakePaths) -> Lock:
    """The lock of a lake in an object store. Raises LakeBusyError."""
    try:
        return acquire(store, paths.absolute(LOCK))
    except LeaseHeldError as error:
        raise LakeBusyError(paths.root, error.holder) from None
    except PermissionError as error:
        raise UsageError(str(error)) from error


def give_back(fs: FileSystem, paths: LakePaths, token: str) -> None:
    """Frees a lock that was handed over with its `token`; one that is another's by now stays."""
    if isinstance(fs, ObjectFileSystem):
        free(fs.store, paths.absolute(LOCK), token)


def check_lock(fs: FileSystem, paths: LakePaths, token: str) -> None:
    """Raises LeaseLostError where the lock is no longer that of `token`: whoever has it now may have undone this run."""
    if isinstance(fs, ObjectFileSystem):
        check_token(fs.store, paths.absolute(LOCK), token)
