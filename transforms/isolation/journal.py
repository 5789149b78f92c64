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


class Page:
    """The file of one thread."""

    __slots__ = ("_length", "_memory")

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        self._length = 0

    def write(self, note: bytes) -> None:
        """What `show` will note."""
        self.hide()
        self._memory[_LENGTH.size : _LENGTH.size + len(note)] = note
        self._length = len(note)

    def show(self) -> None:
        """Notes it: the length comes last, so that what is read after a death is whole."""
        _LENGTH.pack_into(self._memory, 0, self._length)

    def hide(self) -> None:
        """Takes the note back."""
        _LENGTH.pack_into(self._memory, 0, 0)


class Journal:
    """Writes into `folder`; pickles as the folder's name."""

    __slots__ = ("folder",)

    def __init__(self, folder: str = "") -> None:
        self.folder = folder

    def page(self) -> Page | None:
        """This thread's page; None where nobody reads it."""
        return _page(self.folder) if self.folder else None

    @contextmanager
    def at(self, name: str) -> Iterator[None]:
        """Notes `name` while the block lasts. Does not nest."""
        page = self.page()
        if page is None:
            yield
            return
        page.write(note_of(name))
        page.show()
        try:
            yield
        finally:
            page.hide()


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
        page.hide()


_PAGES = threading.local()
_OPEN: list[Page] = []
"""The pages of all threads of this process."""


def _page(folder: str) -> Page:
    known: dict[tuple[str, int], Page] | None = getattr(_PAGES, "of", None)
    if known is None:
        known = _PAGES.of = {}
    key = (folder, os.getpid())
    if key not in known:
        descriptor, _ = tempfile.mkstemp(suffix=_SUFFIX, dir=folder)
        try:
            # Written, not cut to size: a hole that a full disk can't fill later would end the worker by SIGBUS.
            os.write(descriptor, bytes(_SIZE))
            known[key] = Page(mmap.mmap(descriptor, _SIZE))
            _OPEN.append(known[key])
        finally:
            os.close(descriptor)
    return known[key]
