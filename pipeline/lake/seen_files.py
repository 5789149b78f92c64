"""Remembers in the lake which files its runs have read, by what a listing says of them, so that a run over a million files opens only
the new ones.

Before: the keys of a run's files. After: `_ledger/seen-<hash>.npy`, read with all others by the next run. A shortcut and nothing more:
what is in the lake is told by the runs' own lists of inputs, so these files may be deleted at any time; the next run then opens
every file once more.
"""

from __future__ import annotations

import hashlib
import io

import numpy as np

from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LEDGER, LakePaths
from transforms.listing.seen import NOTHING_SEEN, Keys

_PREFIX, _SUFFIX = "seen-", ".npy"
_MOST_FILES = 8
"""More files than this are merged into one."""


def read_seen(fs: FileSystem, paths: LakePaths) -> Keys:
    """All keys, sorted. A file that can't be read is as if it were not there."""
    found = [_read(fs, f"{paths.absolute(LEDGER)}/{name}") for name in _names(fs, paths)]
    return np.unique(np.concatenate(found)) if found else NOTHING_SEEN


def add_seen(fs: FileSystem, paths: LakePaths, keys: Keys) -> None:
    """Adds the keys of files that the lake holds now. Only the lake's one writer may call it. Raises OSError."""
    names = _names(fs, paths)
    merged = len(names) >= _MOST_FILES
    if merged:
        keys = np.union1d(read_seen(fs, paths), keys)
    if not len(keys):
        return
    content = io.BytesIO()
    np.save(content, keys, allow_pickle=False)
    folder = paths.absolute(LEDGER)
    name = f"{_PREFIX}{hashlib.sha256(content.getvalue()).hexdigest()[:16]}{_SUFFIX}"
    fs.make_folders(folder)
    if name not in names:
        # Under its name only once it is whole: a file that ends early would be read as damaged.
        fs.delete(f"{folder}/{name}.tmp")
        with fs.open_write(f"{folder}/{name}.tmp") as stream:
            stream.write(content.getvalue())
        fs.replace(f"{folder}/{name}.tmp", f"{folder}/{name}")
    for old in names if merged else ():
        if old != name:
            fs.delete(f"{folder}/{old}")


def _names(fs: FileSystem, paths: LakePaths) -> list[str]:
    found = fs.list(paths.absolute(LEDGER))
    return [name for name in found if name.startswith(_PREFIX) and name.endswith(_SUFFIX)]


def _read(fs: FileSystem, path: str) -> Keys:
    try:
        keys = np.load(io.BytesIO(fs.read_bytes(path)), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return NOTHING_SEEN
    return keys if keys.dtype == np.uint64 and keys.ndim == 1 else NOTHING_SEEN
