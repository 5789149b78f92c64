"""The few file operations that the lake is built from, for a disk; `transforms.storage.object_filesystem` has them for object stores.

Before: a call such as `rename_if_absent("a", "b")`. After: "b" holds the bytes of "a", which is gone; or an error, and "b"
is untouched. Paths are absolute strings. Every error is an `OSError`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO, Protocol

from transforms.storage.object_filesystem import ObjectFileSystem
from transforms.storage.stores import is_object, store_of

_BLOCK = 1 << 20


class FileSystem(Protocol):
    """What the lake asks of the place it lies in. Holds no state, so that it can be sent to workers."""

    def exists(self, path: str) -> bool:
        """Whether anything lies at `path`."""

    def is_folder(self, path: str) -> bool:
        """Whether a folder lies at `path`."""

    def size(self, path: str) -> int:
        """Bytes of a file."""

    def list(self, path: str) -> tuple[str, ...]:
        """Names in a folder, sorted; empty where there is no such folder."""

    def files_below(self, path: str) -> tuple[str, ...]:
        """Absolute paths of all files below a folder, sorted."""

    def open_read(self, path: str) -> BinaryIO:
        """A file opened for reading, seekable."""

    def open_write(self, path: str) -> BinaryIO:
        """A new file opened for writing; no file may lie there."""

    def read_bytes(self, path: str) -> bytes:
        """All bytes of a small file."""

    def sha256(self, path: str) -> str:
        """SHA-256 of a file's bytes, hexadecimal."""

    def make_folder(self, path: str) -> None:
        """Makes one folder; an existing one is fine."""

    def make_folders(self, path: str) -> None:
        """Makes a folder and all above it."""

    def fsync_stream(self, stream: BinaryIO) -> None:
        """Makes what was written to an open file durable, at the latest when it is closed."""

    def fsync_folder(self, path: str) -> None:
        """Makes a folder's entries durable."""

    def rename_if_absent(self, source: str, target: str) -> None:
        """Moves a file to a name that must be free; raises FileExistsError where it is taken."""

    def replace(self, source: str, target: str) -> None:
        """Moves a file to a name, also where a file has it."""

    def delete(self, path: str) -> None:
        """Deletes a file; a missing one is fine."""

    def delete_folder_if_empty(self, path: str) -> bool:
        """Deletes an empty folder; False where there is none to delete."""

    def delete_tree(self, path: str) -> None:
        """Deletes a file, or a folder with all below it; a missing one is fine."""


class LocalFileSystem:
    """A POSIX disk. Holds no state, so that it can be sent to workers."""

    def exists(self, path: str) -> bool:
        """Whether anything lies at `path`."""
        return Path(path).exists()

    def is_folder(self, path: str) -> bool:
        """Whether a folder lies at `path`."""
        return Path(path).is_dir()

    def size(self, path: str) -> int:
        """Bytes of a file."""
        return Path(path).stat().st_size

    def list(self, path: str) -> tuple[str, ...]:
        """Names in a folder, sorted; empty where there is no such folder."""
        try:
            return tuple(sorted(entry.name for entry in Path(path).iterdir()))
        except FileNotFoundError:
            return ()

    def files_below(self, path: str) -> tuple[str, ...]:
        """Absolute paths of all files below a folder, sorted; links are not followed."""
        found = [
            str(Path(folder) / name) for folder, _, names in os.walk(path, followlinks=False) for name in sorted(names)
        ]
        return tuple(sorted(found))

    def open_read(self, path: str) -> BinaryIO:
        """A file opened for reading, seekable."""
        return Path(path).open("rb")

    def open_write(self, path: str) -> BinaryIO:
        """A new file opened for writing; its folder must exist and no file may lie there."""
        return Path(path).open("xb")

    def read_bytes(self, path: str) -> bytes:
        """All bytes of a small file."""
        return Path(path).read_bytes()

    def sha256(self, path: str) -> str:
        """SHA-256 of a file's bytes, hexadecimal; read block by block."""
        digest = hashlib.sha256()
        with self.open_read(path) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def make_folder(self, path: str) -> None:
        """Makes one folder; its parent must exist. An existing folder is fine."""
        Path(path).mkdir(exist_ok=True)

    def make_folders(self, path: str) -> None:
        """Makes a folder and all above it."""
        Path(path).mkdir(parents=True, exist_ok=True)

    def fsync_stream(self, stream: BinaryIO) -> None:
        """Forces what was written to an open file onto the disk."""
        stream.flush()
        os.fsync(stream.fileno())

    def fsync_folder(self, path: str) -> None:
        """Forces a folder's entries onto the disk, so that a rename in it survives a power cut."""
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def rename_if_absent(self, source: str, target: str) -> None:
        """Moves a file to a name that must be free; raises FileExistsError where it is taken."""
        try:
            Path(target).hardlink_to(source)
        except FileExistsError:
            raise
        except OSError:
            # A disk without hard links. The lake's lock keeps other writers out between the check and the rename.
            if self.exists(target):
                raise FileExistsError(f"{target} exists") from None
            Path(source).rename(target)
            return
        Path(source).unlink()

    def replace(self, source: str, target: str) -> None:
        """Moves a file to a name, in one step also where a file has it."""
        Path(source).replace(target)

    def delete(self, path: str) -> None:
        """Deletes a file; a missing one is fine."""
        Path(path).unlink(missing_ok=True)

    def delete_folder_if_empty(self, path: str) -> bool:
        """Deletes an empty folder; False where it is missing or not empty."""
        try:
            Path(path).rmdir()
        except OSError:
            return False
        return True

    def delete_tree(self, path: str) -> None:
        """Deletes a file, or a folder with all below it; a missing one is fine."""
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            return
        except NotADirectoryError:
            self.delete(path)


def filesystem_of(root: str) -> FileSystem:
    """What holds the lake at `root`: a disk, or the object store of its scheme. Raises UsageError for an unknown scheme."""
    return ObjectFileSystem(store_of(root)) if is_object(root) else LocalFileSystem()
