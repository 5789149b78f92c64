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


_THRESHOLDS = (50_000, 20, 50)
"""Objects made and not freed after which a collection begins; Python's own 700 is reached several times in each record."""
_before = gc.get_threshold()


def settle() -> None:
    """Spares what the process holds by now (libraries, rules) all later collections, and makes these rare; nothing where that is so
    already. 10 to 15 % of a page's time went into walking through compiled rules again and again. Memory is not given up to
    it: text and trees go by reference counts, and what cycles a page leaves are collected after some few pages."""
    global _before
    if gc.get_threshold() != _THRESHOLDS:
        _before = gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)


def unsettle() -> None:
    """Ends what `settle` began: Beam leaves a run's graph, pipes and all, in cycles, which the next `settle` collects."""
    if gc.get_threshold() == _THRESHOLDS:
        gc.unfreeze()
        gc.set_threshold(*_before)
