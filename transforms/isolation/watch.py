"""Ends the work on a record that takes too long, inside the worker and at no cost to the others.

Before: a step that loops for minutes over one page. After: `TooSlowError` is raised inside it at its next Python instruction.
One thread looks twice a second at which record each thread of work is at, and for how much processor time. C code that never
comes back hears no exception, and where it also keeps Python's lock, nothing in the process can act but faulthandler's own
thread. In a run that is supervised such a process ends itself, and the run begins again with the record that its journal names
in isolation.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from schemas.records import RawDocument
from transforms.isolation.hung import HUNG
from transforms.isolation.journal import Journal, note_of
from transforms.isolation.limits import Limits
from transforms.isolation.too_slow import TooSlowError

R = TypeVar("R")

_LOOKS_EVERY = 0.5
_SETTLES = 0.05
"""Seconds in which the watch, if it was just about to raise, has done so."""

_raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc


def _tell(ident: int) -> None:
    _raise_in(ctypes.c_ulong(ident), ctypes.py_object(TooSlowError))


def _untell(ident: int) -> None:
    _raise_in(ctypes.c_ulong(ident), None)


def _clock_of(ident: int) -> Callable[[], float]:
    """The processor time of a thread, readable from another; where the system has no such clock, that of the process."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.process_time
    clock = time.pthread_getcpuclockid(ident)
    return lambda: time.clock_gettime(clock)


class _Work:
    """What one thread is at; written by that thread, but for `told`, by the watch."""

    __slots__ = ("clock", "ident", "source", "spent", "started", "told")

    def __init__(self) -> None:
        self.ident = threading.get_ident()
        self.clock = _clock_of(self.ident)
        self.source: RawDocument | None = None
        """Steps of the same record share one account of time."""
        self.spent = 0.0
        self.started: float | None = None
        """Reading of the clock when the step began; None between two steps."""
        self.told = False


class Watch:
    """The watch over all threads of work of this process; does nothing until it is armed."""

    def __init__(self) -> None:
        self.limits: Limits | None = None
        self._journal = Journal()
        self._own = threading.local()
        self._works: dict[int, _Work] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def arm(self, limits: Limits) -> None:
        """From now on every record has to keep to `limits`. Once for each worker."""
        with self._lock:
            self.limits = limits
            self._journal = Journal(limits.journal)
            # A forked child has the attribute and not the thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="watch over records", daemon=True)
                self._thread.start()

    @contextmanager
    def armed(self, limits: Limits) -> Iterator[None]:
        """Armed as long as the block lasts, and then as before."""
        before = self.limits
        self.arm(limits)
        try:
            yield
        finally:
            with self._lock:
                self.limits = before
                self._journal = Journal(before.journal if before else "")

    def exceeded(self) -> str:
        """What a record that was ended has exceeded, in words."""
        return f"the record took more than {self.limits.seconds if self.limits else 0:g} seconds"

    def run(self, source: RawDocument, work: Callable[[], R]) -> R:
        """`work()`, one step of the record `source`. Raises TooSlowError when the record's steps have taken too long."""
        if self.limits is None:
            return work()
        mine = self._mine()
        if mine.source is not source:
            mine.source, mine.spent = source, 0.0
        try:
            with self._journal.at(record_note(source.name)):
                mine.told = False
                mine.started = mine.clock()
                try:
                    return work()
                finally:
                    self._end(mine)
        finally:
            # Once more: the exception may have come inside the first.
            self._end(mine)

    def read(self, name: str, records: Iterator[R]) -> Iterator[R]:
        """`records` of the file `name`; the journal says when it is being read."""
        if not self._journal.folder:
            yield from records
            return
        note, end = file_note(name), object()
        while True:
            with self._journal.at(note):
                record = next(records, end)
            if record is end:
                return
            yield record  # type: ignore[misc]

    def is_deadly_file(self, name: str) -> bool:
        """Whether a worker died while it read this file, in an earlier attempt of this run."""
        return self._is_deadly(file_note(name))

    def is_deadly_record(self, name: str) -> bool:
        """Whether a worker died while it worked on this record."""
        return self._is_deadly(record_note(name))

    def _is_deadly(self, note: str) -> bool:
        return self.limits is not None and bool(self.limits.deadly) and note_of(note) in self.limits.deadly

    def _end(self, mine: _Work) -> None:
        started, mine.started = mine.started, None
        if started is not None:
            mine.spent += mine.clock() - started
        if mine.told:
            # The exception may be on its way still: it has to arrive here, or not at all.
            time.sleep(_SETTLES)
            _untell(mine.ident)
            mine.told = False

    def _mine(self) -> _Work:
        mine: _Work | None = getattr(self._own, "work", None)
        if mine is None:
            mine = self._own.work = _Work()
            with self._lock:
                self._works[mine.ident] = mine
        return mine

    def _look(self) -> None:
        is_set, stacks = False, None
        while True:
            time.sleep(_LOOKS_EVERY)
            limits = self.limits
            busy = False
            for ident, work in list(self._works.items()):
                started = work.started
                if started is None or limits is None:
                    continue
                busy = True
                try:
                    used = work.spent + work.clock() - started
                except OSError:  # the thread has ended
                    self._works.pop(ident, None)
                    continue
                if used > limits.seconds:
                    # First the mark and then the look at `started`, while `_end` does it the other way round: one of the two
                    # always sees the other.
                    work.told = True
                    if work.started == started:
                        _tell(ident)
                if limits.journal and used > limits.hang_seconds:
                    os._exit(HUNG)
            # If this thread gets no turn until then, a library keeps Python's lock.
            if busy and limits is not None and limits.journal:
                stacks = stacks or open(Path(limits.journal) / "hang.txt", "wb")  # noqa: PTH123, SIM115
                faulthandler.dump_traceback_later(limits.hang_seconds, exit=True, file=stacks)
                is_set = True
            elif is_set:
                faulthandler.cancel_dump_traceback_later()
                is_set = False


def record_note(name: str) -> str:
    """How the journal notes a record; a plain file's has the file's name."""
    return f"record {name}"


def file_note(name: str) -> str:
    """How the journal notes a file that is being read."""
    return f"file {name}"


WATCH = Watch()
"""The one of this process."""
