"""One worker process of a local run: Beam's own harness, quiet on standard error, deaf to Ctrl-C, and on a leash.

Beam starts it by the command that `leashed` gives. Without it each worker writes its start-up notes to the terminal, prints a
traceback at a Ctrl-C (which a terminal sends to every process), and a parent that is told to stop waits until its
workers have finished their share.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from transforms.isolation.journal import forget

_LOOKS_EVERY = 0.25
"""Seconds between two looks at the leash."""

_leashes: set[str] = set()


@contextlib.contextmanager
def leash() -> Iterator[str]:
    """A leash for workers, as long as the block lasts: an empty file; workers end at once when it is gone."""
    descriptor, path = tempfile.mkstemp(prefix="copydesk-workers-")
    os.close(descriptor)
    _leashes.add(path)
    try:
        yield path
    finally:
        stop_all()


def start_code(leash: str) -> str:
    """What Python is told to run for a worker of this copy of copydesk on that leash."""
    root = str(Path(__file__).parent.parent)
    return f"import sys; sys.path.insert(0, {root!r}); from pipeline.worker import main; main({leash!r})"


@contextlib.contextmanager
def leashed() -> Iterator[str]:
    """The shell command that starts a worker with this Python and this copy of copydesk, as long as the block lasts."""
    with leash() as path:
        # exec: the shell would otherwise stand between the parent and the worker.
        yield f"exec {shlex.quote(sys.executable)} -c {shlex.quote(start_code(path))}"


def stop_all() -> None:
    """Ends all workers of this process within a second; safe in a signal handler, and more than once."""
    while _leashes:
        with contextlib.suppress(OSError):
            os.unlink(_leashes.pop())  # noqa: PTH108 (no imports, no locks: this runs in signal handlers)


def main(leash: str) -> None:
    """Runs the harness until the parent closes its connection or lets the leash go. What it logs goes to the parent."""
    begin(leash)

    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv)


def begin(leash: str) -> None:
    """Puts this process on the leash and makes it a quiet one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # With any handler in place nobody installs one that writes to standard error.
    logging.getLogger().addHandler(logging.NullHandler())
    threading.Thread(target=_watch, args=(leash,), name="leash", daemon=True).start()


def _watch(leash: str) -> None:
    while Path(leash).exists():
        time.sleep(_LOOKS_EVERY)
    forget()
    os._exit(0)
