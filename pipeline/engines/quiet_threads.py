"""Keeps the last words of Beam's threads off the terminal.

Before: a run fails, its engine goes, and each thread that spoke with it prints a traceback. After: they go to the log that a failed
run leaves, and the person reads the one line that says why it failed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 3.0
"""Seconds that threads have to end when their engine is gone; a bundle that is still at work is not waited for longer."""
_LOOKS_EVERY = 0.02
_OF_BEAM = ("run_worker", "wait_until_finish", "read_grpc", "read_state", "read_data")
"""How the names of Beam's threads begin that speak with an engine."""
_LOG = logging.getLogger(__name__)


@contextmanager
def quiet_threads() -> Iterator[None]:
    """What a thread of Beam raises is logged and not printed, until the block has ended and those threads are gone."""
    before, known = threading.excepthook, set(threading.enumerate())

    def log(args: threading.ExceptHookArgs) -> None:
        if args.thread is None or not args.thread.name.startswith(_OF_BEAM):
            before(args)
            return
        _LOG.info("thread %s ended by %s: %s", args.thread.name, args.exc_type.__name__, args.exc_value)

    threading.excepthook = log
    try:
        yield
    finally:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and any(
            thread.name.startswith(_OF_BEAM) for thread in set(threading.enumerate()) - known
        ):
            time.sleep(_LOOKS_EVERY)
        # Unless somebody else has taken it meanwhile.
        if threading.excepthook is log:
            threading.excepthook = before
