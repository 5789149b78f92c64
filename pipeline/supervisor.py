"""Begins a run again that a record has ended: a library crashed on it, or never came back.

Before: `copydesk ingest` ends by a segmentation fault at the 40,000th page. After: one line says so, the run begins again, and
this page is worked on in a process of its own, where it becomes a reject.
The process forks before anything is loaded: the child does the command, the parent waits, passes signals on and ends as the
child does. What a crash leaves in the lake is undone by the next attempt as by any next run.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, NoReturn

from pipeline.visible import one_line
from transforms.isolation.hung import HUNG
from transforms.isolation.journal import at_work, clear

CRASHES = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE})
ATTEMPTS = 100
"""More records than this that crash a library are no accident."""
_LEASH = 1.0
"""Seconds in which other workers of a run that failed have ended and taken back their notes."""
_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


class Supervision(NamedTuple):
    """`journal` is the folder in which this process notes what it is at, "" where nobody reads it; `deadly` are the notes of the
    records and files that ended earlier attempts."""

    journal: str = ""
    deadly: frozenset[bytes] = frozenset()


_current = Supervision()


def supervision() -> Supervision:
    """How this process is supervised."""
    return _current


def supervise() -> None:
    """Returns in a child process, for each attempt in a new one. The parent stays in here and ends as the last child does.

    Linux only: elsewhere it returns at once, and a crash ends the run.
    """
    global _current
    if sys.platform != "linux":
        return
    with _journal_folder() as journal:
        deadly: frozenset[bytes] = frozenset()
        for _ in range(ATTEMPTS):
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {*_PASSED_ON, signal.SIGCHLD})
            parent, child = os.getpid(), os.fork()
            if not child:
                _die_with(parent)
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                _current = Supervision(journal, deadly)
                return
            status = _wait(child)
            notes = at_work(journal)
            if notes and os.WIFEXITED(status):
                time.sleep(_LEASH)
                notes = at_work(journal)
            if not _was_record(status) or notes <= deadly:
                break
            _say(status, notes - deadly)
            deadly |= notes
            clear(journal)
    _end_as(status)


@contextmanager
def _journal_folder() -> Iterator[str]:
    """A folder that is gone at the end; the child that leaves the block by returning keeps it, as it is the parent's."""
    owner, folder = os.getpid(), tempfile.mkdtemp(prefix="copydesk-journal-")
    try:
        yield folder
    finally:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(HUNG)


def _wait(child: int) -> int:
    """The child's wait status; signals that come meanwhile are passed on."""
    while True:
        info = signal.sigwaitinfo({*_PASSED_ON, signal.SIGCHLD})
        if info.si_signo == signal.SIGCHLD:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return status
        elif info.si_code <= 0:  # what the kernel sends (Ctrl-C on a terminal), the child gets as well
            os.kill(child, info.si_signo)


def _was_record(status: int) -> bool:
    """Whether the process may have ended by what a record did to it: crashed, or given up by its watch."""
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status) in CRASHES
    # 1 is faulthandler's; 3 is that of a run one of whose workers ended. A command that ends by itself leaves no note.
    return os.WEXITSTATUS(status) in (HUNG, 1, 3)


def _say(status: int, notes: frozenset[bytes]) -> None:
    how = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "it or a worker crashed or hung"
    names = one_line(", ".join(note.decode("utf-8", "replace") for note in sorted(notes)), 300)
    again = "the run begins again with it in a process of its own"
    print(f"copydesk: the process ended ({how}) at {names}; {again}", file=sys.stderr, flush=True)


def _end_as(status: int) -> NoReturn:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
        os.kill(os.getpid(), number)
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 3)
