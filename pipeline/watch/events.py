"""What happens in a watch, as it is told to whoever shows or counts it.

Before: a run has committed. After: `Committed(summary, seconds)` goes to the status line, to the metrics and to standard output.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pipeline.summary import Summary


class Polled(NamedTuple):
    """A look is done. `listed` files are in the inputs, `ready` of them new and still, with `ready_bytes`, `waiting` new and not still."""

    listed: int
    ready: int
    ready_bytes: int
    waiting: int
    seconds: float


class Began(NamedTuple):
    """A run begins over so many files and bytes; `backlog` files with `backlog_bytes` are left for later ones."""

    files: int
    size: int
    backlog: int
    backlog_bytes: int


class Committed(NamedTuple):
    """A run is in the lake, or there was nothing new in its files (`summary.files_new` is 0). `over` says that more was rejected than
    `run.max_reject_share` allows."""

    summary: Summary
    seconds: float
    over: bool


class Compacted(NamedTuple):
    """The small files of many runs were merged; `told` is one line."""

    told: str


class Failed(NamedTuple):
    """A look (`what` is "look") or a run ("run") failed, or another writer has the lake ("conflict"); the next try is in `again_in` seconds.
    `why` is one line."""

    what: str
    why: str
    failures: int
    again_in: float


class Recovered(NamedTuple):
    """What had failed is done."""


class Waits(NamedTuple):
    """Nothing is to be done for so many seconds."""

    seconds: float


class Stopping(NamedTuple):
    """The watch ends after what is under way."""


Event = Polled | Began | Committed | Compacted | Failed | Recovered | Waits | Stopping
Listener = Callable[[Event], None]
