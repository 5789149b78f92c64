"""The lake's file operations on an object store: no folders, no rename, each object there as a whole or not at all.

Before: `rename_if_absent("s3://b/lake/_staging/x", "s3://b/lake/articles/y")`. After: the store has copied the object and the first
is gone. A folder is what object names share, so making and deleting one is free of effect. What is written goes to a local
temporary file first and up in one put when it is closed; after an exception inside `with` nothing goes up.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import tempfile
from types import TracebackType
from typing import BinaryIO, cast

from transforms.storage.object_store import ObjectPath, ObjectStore

_BLOCK = 8 << 20
_WHOLE = 4 << 20
"""Objects up to this size are read in one request: Parquet's footer and columns lie close together there."""
_READ_AHEAD = 1 << 20
_SPOOLED = 16 << 20


class ObjectFileSystem:
    """An object store behind the names of `LocalFileSystem`; holds no connection, so that it can be sent to workers."""

    def __init__(self, store: ObjectStore) -> None:
        self.store = store

    def exists(self, path: str) -> bool:
        """Whether an object, or any object below it, lies at `path`."""
        where = ObjectPath.of(path)
        return self.store.head(where.bucket, where.key) is not None or self.is_folder(path)

    def is_folder(self, path: str) -> bool:
        """Whether there is an object below `path`."""
        where = ObjectPath.of(path)
        return next(iter(self.store.list(where.bucket, _folder(where.key))), None) is not None

    def size(self, path: str) -> int:
        """Bytes of an object."""
        where = ObjectPath.of(path)
        found = self.store.head(where.bucket, where.key)
        if found is None:
            raise FileNotFoundError(f"{path}: there is no such object")
        return found.size

    def list(self, path: str) -> tuple[str, ...]:
        """Names directly below, sorted; empty where there are none."""
        where = ObjectPath.of(path)
        return tuple(sorted(set(self.store.list_names(where.bucket, _folder(where.key)))))

    def files_below(self, path: str) -> tuple[str, ...]:
        """URIs of all objects below, sorted."""
        where = ObjectPath.of(path)
        root = f"{where.scheme}://{where.bucket}/"
        return tuple(sorted(root + found.key for found in self.store.list(where.bucket, _folder(where.key))))

    def open_read(self, path: str) -> BinaryIO:
        """An object opened for reading, seekable; small ones whole, large ones range by range."""
        where = ObjectPath.of(path)
        content = self._small(where)
        if content is not None:
            return io.BytesIO(content)
        return io.BufferedReader(_Ranges(self.store, where, self.size(path)), _READ_AHEAD)

    def _small(self, where: ObjectPath) -> bytes | None:
        """The whole object, in one request without asking for its size first; None where it is too large for that."""
        content = self.store.read(where.bucket, where.key, 0, _WHOLE + 1)
        return content if len(content) <= _WHOLE else None

    def open_write(self, path: str) -> BinaryIO:
        """A new object; FileExistsError at its end where one has that name by then."""
        return cast(BinaryIO, _Upload(self.store, ObjectPath.of(path)))

    def read_bytes(self, path: str) -> bytes:
        """All bytes of a small object."""
        where = ObjectPath.of(path)
        return self.store.read(where.bucket, where.key)

    def sha256(self, path: str) -> str:
        """SHA-256 of an object's bytes, hexadecimal; read block by block."""
        where = ObjectPath.of(path)
        digest = hashlib.sha256()
        for start in itertools.count(0, _BLOCK):
            block = self.store.read(where.bucket, where.key, start, start + _BLOCK)
            digest.update(block)
            if len(block) < _BLOCK:
                break
        return digest.hexdigest()

    def make_folder(self, path: str) -> None:
        """Nothing: a folder is there with its first object."""

    def make_folders(self, path: str) -> None:
        """Nothing: a folder is there with its first object."""

    def fsync_stream(self, stream: BinaryIO) -> None:
        """Nothing: an object is durable once its put is answered, at the latest when the stream is closed."""

    def fsync_folder(self, path: str) -> None:
        """Nothing: there is none."""

    def rename_if_absent(self, source: str, target: str) -> None:
        """Moves an object to a name that must be free; raises FileExistsError where it is taken.

        Small objects, such as a manifest, are put on the condition that the name is free, which the store itself decides.
        Larger ones are copied inside the store after a look: the lake's lock keeps other writers out in between.
        """
        origin, goal = ObjectPath.of(source), ObjectPath.of(target)
        content = self._small(origin)
        if content is not None:
            self._put_if_absent(goal, content)
        else:
            if self.store.head(goal.bucket, goal.key) is not None:
                raise FileExistsError(f"{target}: exists")
            self.store.copy(origin.bucket, origin.key, goal.key)
        self.store.delete(origin.bucket, [origin.key])

    def _put_if_absent(self, goal: ObjectPath, content: bytes) -> None:
        try:
            self.store.put(goal.bucket, goal.key, io.BytesIO(content), if_absent=True)
        except FileExistsError:
            # The answer to an earlier try may have been lost: what is there is then this very content.
            if self.store.read(goal.bucket, goal.key) != content:
                raise

    def replace(self, source: str, target: str) -> None:
        """Moves an object to a name, also where another has it."""
        origin, goal = ObjectPath.of(source), ObjectPath.of(target)
        self.store.copy(origin.bucket, origin.key, goal.key)
        self.store.delete(origin.bucket, [origin.key])

    def delete(self, path: str) -> None:
        """Deletes an object; a missing one is fine."""
        where = ObjectPath.of(path)
        self.store.delete(where.bucket, [where.key])

    def delete_folder_if_empty(self, path: str) -> bool:
        """False: there is no folder to delete."""
        return False

    def delete_tree(self, path: str) -> None:
        """Deletes an object and all below it; missing ones are fine."""
        where = ObjectPath.of(path)
        below = [found.key for found in self.store.list(where.bucket, _folder(where.key))]
        self.store.delete(where.bucket, [where.key, *below])


class _Ranges(io.RawIOBase):
    """A large object as a stream: each read asks for its range."""

    def __init__(self, store: ObjectStore, where: ObjectPath, size: int) -> None:
        super().__init__()
        self._store, self._where, self._size, self._at = store, where, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        end = min(self._size, self._at + len(view))
        content = self._store.read(self._where.bucket, self._where.key, self._at, end) if end > self._at else b""
        view[: len(content)] = content
        self._at += len(content)
        return len(content)


class _Upload(tempfile.SpooledTemporaryFile[bytes]):
    """Written locally, put into the store when it is closed; not after an exception."""

    def __init__(self, store: ObjectStore, where: ObjectPath) -> None:
        super().__init__(max_size=_SPOOLED)
        self._goal: tuple[ObjectStore, ObjectPath] | None = (store, where)

    def close(self) -> None:
        goal, self._goal = self._goal, None
        try:
            if goal is not None:
                store, where = goal
                store.put(where.bucket, where.key, cast(BinaryIO, self), if_absent=True)
        finally:
            super().close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._goal = None
        self.close()


def _folder(key: str) -> str:
    """The prefix that objects below `key` share."""
    return f"{key}/" if key and not key.endswith("/") else key
