"""Stops a run that goes wrong early: where far more is rejected than `run.max_reject_share` allows, the rest need not be read.

Before: the first thousand records of a worker, of which 900 are rejects (`missing_text`). After: the run ends, nothing of it is visible,
and its last words name the commonest code.
"""

from __future__ import annotations

import contextlib
from collections import Counter

from pipeline.lake.filesystem import FileSystem
from schemas.records import Article, Reject

STOPPED_FILE = "too_many_rejects.txt"
"""Name, inside the staging folder, of what the worker that stopped the run has to say: exceptions lose their type on the way."""

_AFTER_RECORDS = 1000
_LEAST_MARGIN = 0.05


class TooManyRejectsError(Exception):
    """Far more is rejected than allowed."""


def early_share(allowed: float) -> float:
    """The share above which a run is not worth going on: twice what is allowed, but half-way to all at most. What one worker has
    seen so far may be worse than the whole, so a run that is only somewhat over goes on and is judged at its end."""
    return max(min(2 * allowed, (1 + allowed) / 2), min(1.0, allowed + _LEAST_MARGIN))


class RejectGuard:
    """Counts what one worker makes. `where` is the absolute path of STOPPED_FILE."""

    def __init__(self, fs: FileSystem, where: str, allowed: float, after: int = _AFTER_RECORDS) -> None:
        self._fs = fs
        self._where = where
        self._allowed = allowed
        self._limit = early_share(allowed)
        self._after = after
        self._records = 0
        self._codes: Counter[str] = Counter()

    def see(self, row: object) -> None:
        """Takes note of a row; raises TooManyRejectsError."""
        if isinstance(row, Article):
            self._records += 1
            return
        if not isinstance(row, Reject):
            return
        self._records += 1
        self._codes[row.code.value] += 1
        rejects = sum(self._codes.values())
        if self._records < self._after or rejects <= self._limit * self._records:
            return
        code, count = min(self._codes.items(), key=lambda item: (-item[1], item[0]))
        message = (
            f"stopped early: {rejects:,} of the first {self._records:,} records were rejected, {count:,} of them {code}; "
            f"run.max_reject_share = {self._allowed:g}; nothing of this run is visible"
        )
        with contextlib.suppress(FileExistsError), self._fs.open_write(self._where) as stream:
            stream.write(message.encode())
        raise TooManyRejectsError(message)
