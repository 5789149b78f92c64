"""Keeps Python's cycle collector out of the work on one record.

Before: a page's thousands of short-lived objects set off collections that look through everything the process holds, 150 ms each.
After: they are freed as they are let go; the few in cycles (BeautifulSoup's tree) are collected, young, once the record is done.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection begins while the block (or the decorated function) lasts. Nests; works from several threads at once."""
    # Only who turned it off turns it on again, so that no order of threads leaves it off.
    paused = gc.isenabled()
    if paused:
        gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


_YOUNG = 20_000
"""Objects made and not freed after which a collection begins; Python's own 700 is reached several times in each record."""


def settle() -> None:
    """Spares what the process holds by now (libraries, rules) all later collections, and makes these rare. Only the first call
    does anything."""
    if gc.get_threshold()[0] != _YOUNG:
        gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
        gc.freeze()
