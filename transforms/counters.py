"""Live counters that cost next to nothing, for the display while a run goes on.

Before: workers count in memory of their own. After: `totals(folder)` sums what all of them have counted so far.

Each thread of each process writes to a small memory-mapped file of its own, so that no increment needs a lock and a
display in another process can read along. They are for eyes only: a bundle that a runner tries again is counted again.
The figures of the summary and the manifest come from the rows themselves.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import struct
import tempfile
import threading
from pathlib import Path
from typing import Literal, NamedTuple

CounterName = Literal["files", "bytes", "records", "articles", "rejects", "removed"]


class Totals(NamedTuple):
    """What has been counted so far. `bytes` are bytes of input files as they lie on disk, `removed` stretches."""

    files: int = 0
    bytes: int = 0
    records: int = 0
    articles: int = 0
    rejects: int = 0
    removed: int = 0


_INDEX: dict[str, int] = {name: index for index, name in enumerate(Totals._fields)}
_CELLS = struct.Struct(f"={len(_INDEX)}q")
_SUFFIX = ".counters"


class _Cells(threading.local):
    """This thread's cells for each folder; every `Counters` of the same folder shares them."""

    def __init__(self) -> None:
        self.of: dict[str, memoryview] = {}


_CELLS_OF_THREAD = _Cells()


def _forget_cells() -> None:
    """A forked child must not write into its parent's cells: two processes would overwrite each other's counts."""
    global _CELLS_OF_THREAD
    _CELLS_OF_THREAD = _Cells()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_cells)


class Counters:
    """Counts into `folder`; hand it to DoFns, it pickles as the folder's name. An empty name counts nothing."""

    __slots__ = ("folder",)

    def __init__(self, folder: str = "") -> None:
        self.folder = folder

    def add(self, name: CounterName, amount: int = 1) -> None:
        """Adds `amount` to a counter of this thread; about 0.2 µs. Raises KeyError for a name that doesn't exist."""
        index = _INDEX[name]
        if not self.folder:
            return
        cells = _CELLS_OF_THREAD.of
        try:
            cells[self.folder][index] += amount
        except KeyError:
            cells[self.folder] = _open_cells(self.folder)
            cells[self.folder][index] += amount


def totals(folder: str) -> Totals:
    """The sums over all workers so far; zeros where the folder is empty, missing or `""`."""
    sums = [0] * len(_INDEX)
    for path in Path(folder).glob(f"*{_SUFFIX}") if folder else ():
        # A file may be half made, or gone with its folder at the end of the run: then it counts nothing this time.
        with contextlib.suppress(OSError, struct.error):
            for index, count in enumerate(_CELLS.unpack_from(path.read_bytes())):
                sums[index] += count
    return Totals(*sums)


def _open_cells(folder: str) -> memoryview:
    """Fresh zeroed cells in a new file of `folder`.

    On a worker that can't reach the folder (another machine, a full disk) the cells are plain memory: a display that
    lags is no reason to fail a run.
    """
    try:
        descriptor, _ = tempfile.mkstemp(suffix=_SUFFIX, dir=folder)
        try:
            # Written, not truncated to size: a hole that a full disk can't fill later would end the worker by SIGBUS.
            if os.write(descriptor, bytes(_CELLS.size)) < _CELLS.size:
                return memoryview(bytearray(_CELLS.size)).cast("q")
            return memoryview(mmap.mmap(descriptor, _CELLS.size)).cast("q")
        finally:
            os.close(descriptor)
    except OSError:
        return memoryview(bytearray(_CELLS.size)).cast("q")
