"""The clock of a watch, and how it hears that it is to stop: the first SIGINT or SIGTERM ends it after the run under way.

Before: SIGTERM in the middle of a run. After: the run commits, the loop ends. A second signal goes to whoever handled signals before.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SAME = 1.0
"""Seconds within which a second signal is the first one, sent to the whole group and passed on by the supervising process."""


class Clock:
    """See `pipeline.watch.loop.Time`. `request` is safe in a signal handler."""

    def __init__(self) -> None:
        self._stopping = False
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)

    @property
    def stopping(self) -> bool:
        """Whether `request` was called."""
        return self._stopping

    def now(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits, but not beyond `request`."""
        # No Event: its lock may be held by the very thread in which the handler of a signal sets it.
        if not self._stopping:
            select.select([self._reader], [], [], seconds)

    def request(self) -> None:
        """Asks the watch to end."""
        self._stopping = True
        os.write(self._writer, b"\0")

    def close(self) -> None:
        """Gives the pipe back."""
        os.close(self._reader)
        os.close(self._writer)


@contextmanager
def stopped_by_signals(clock: Clock, told: Callable[[], None]) -> Iterator[None]:
    """Passes the first SIGINT or SIGTERM of the block on to `clock` and calls `told`; later ones go to the handlers before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    first: list[float] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if not first:
            first.append(now)
            clock.request()
            told()
        elif now - first[0] >= _SAME:
            handler = before[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)
            else:
                os._exit(128 + number)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
