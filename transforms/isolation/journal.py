"""Notes at which record or file each thread of work is, where it can be read after the process has died.

Before: a worker that ended by a segmentation fault. After: `at_work(folder)` gives {"story.html"}, the record that it was at.
Each thread writes to a small memory-mapped file of its own; the kernel keeps what was written even when the process is
killed. An empty folder notes nothing.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SIZE = 4096
_LENGTH = struct.Struct("=I")
_LONGEST = _SIZE - _LENGTH.size
_SUFFIX = ".journal"


def note_of(name: str) -> bytes:
    """What the journal holds for a record or file of this name: its first 4,092 bytes in UTF-8."""
    return name.encode("utf-8", "surrogatepass")[:_LONGEST]


class Journal:
    """Writes into `folder`; pickles as the folder's name."""

    __slots__ = ("folder",)

    def __init__(self, folder: str = "") -> None:
        self.folder = folder

    @contextmanager
    def at(self, name: str) -> Iterator[None]:
        """Notes `name` while the block lasts; about 2 µs. What was noted before is noted again afterwards."""
        if not self.folder:
            yield
            return
        page = _page(self.folder)
        (length,) = _LENGTH.unpack_from(page)
        before = bytes(page[_LENGTH.size : _LENGTH.size + length])
        _write(page, note_of(name))
        # No `finally` for what is no ordinary end: an exception that ends the process leaves no note either.
        try:
            yield
        finally:
            _write(page, before)


def at_work(folder: str) -> frozenset[bytes]:
    """The notes of all threads that were at a record or file when their process ended, as `note_of` makes them."""
    found = set()
    for path in Path(folder).glob(f"*{_SUFFIX}"):
        content = path.read_bytes()
        with contextlib.suppress(struct.error):
            (length,) = _LENGTH.unpack_from(content)
            if length:
                found.add(content[_LENGTH.size : _LENGTH.size + length])
    return frozenset(found)


def clear(folder: str) -> None:
    """Forgets all notes, before a new attempt."""
    for path in Path(folder).glob(f"*{_SUFFIX}"):
        path.unlink(missing_ok=True)


def forget() -> None:
    """Takes back the notes of this process: it is about to end for another reason than what it is at."""
    for page in _OPEN:
        _LENGTH.pack_into(page, 0, 0)


_PAGES = threading.local()
_OPEN: list[mmap.mmap] = []
"""The pages of all threads of this process."""


def _page(folder: str) -> mmap.mmap:
    known: dict[tuple[str, int], mmap.mmap] | None = getattr(_PAGES, "of", None)
    if known is None:
        known = _PAGES.of = {}
    key = (folder, os.getpid())
    if key not in known:
        descriptor, _ = tempfile.mkstemp(suffix=_SUFFIX, dir=folder)
        try:
            # Written, not cut to size: a hole that a full disk can't fill later would end the worker by SIGBUS.
            os.write(descriptor, bytes(_SIZE))
            known[key] = mmap.mmap(descriptor, _SIZE)
            _OPEN.append(known[key])
        finally:
            os.close(descriptor)
    return known[key]


def _write(page: mmap.mmap, note: bytes) -> None:
    # The length last: what is read after a death is whole.
    _LENGTH.pack_into(page, 0, 0)
    page[_LENGTH.size : _LENGTH.size + len(note)] = note
    _LENGTH.pack_into(page, 0, len(note))
