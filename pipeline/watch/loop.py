"""The loop: look, run what is ready, wait; with everything that touches the world handed in.

Before: an inbox with 12,000 new files. After: three runs of at most 5,000, each committed whole, and a look every 30 seconds from then on.
The lake is the only memory that counts: what is lost with the process is found again by the next look.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from pipeline.summary import Summary
from pipeline.watch.events import (
    Began,
    Committed,
    Compacted,
    Event,
    Failed,
    Listener,
    Polled,
    Recovered,
    Stopping,
    Waits,
)
from pipeline.watch.pace import Pace
from pipeline.watch.plan import NOTHING_KNOWN, SECOND, Known, Plan
from schemas.errors import ConflictError
from transforms.listing.place import Place

_RESTS = 4
"""From the beginning of one look to the next at least so many times what a look takes: of a million files that is nine seconds."""


class Look(NamedTuple):
    """A look's `plan`, its files in `batches`, and how many files the inputs hold."""

    plan: Plan
    batches: Sequence[tuple[Place, ...]]
    listed: int


class Work(Protocol):
    """What a watch does."""

    def look(self, known: Known) -> Look:
        """Lists the inputs. Raises whatever listing raises."""

    def ingest(self, batch: Sequence[Place], known: Known) -> tuple[Summary | None, Known]:
        """Makes a run of those files of a batch that are still as they were listed; None where none is. Raises what a run raises."""

    def rest(self, *, ingested: bool) -> str:
        """All that was ready is ingested, or nothing was: time for upkeep. Gives a line that tells of it, "" for none."""

    def over(self, summary: Summary) -> bool:
        """Whether a run rejected more than is allowed."""

    def is_final(self, error: Exception) -> bool:
        """Whether trying again is no use."""

    def reason(self, error: Exception) -> str:
        """What went wrong, on one line."""


class Time(Protocol):
    """A clock, and a sleep that ends early when the watch is told to stop."""

    def now(self) -> float:
        """Seconds, never going back."""

    def sleep(self, seconds: float) -> None:
        """Waits."""

    @property
    def stopping(self) -> bool:
        """Whether the watch is to end."""


class Outcome(NamedTuple):
    """How a watch ended: whether its last try failed, and how many runs rejected more than allowed."""

    failing: bool = False
    over: int = 0


def watch(
    work: Work, time: Time, pace: Pace, listeners: Sequence[Listener], until_idle: float | None = None
) -> Outcome:
    """Looks and ingests until `time` says stop, or nothing new has come for `until_idle` seconds. Raises what `work` calls final."""
    return _Watch(work, time, pace, listeners, until_idle).run()


class _Watch:
    """The state of one loop."""

    def __init__(
        self, work: Work, time: Time, pace: Pace, listeners: Sequence[Listener], until_idle: float | None
    ) -> None:
        self._work, self._time, self._pace, self._listeners = work, time, pace, listeners
        self._until_idle = until_idle
        self._known = NOTHING_KNOWN
        self._came = time.now()
        """When something new was committed last, or the watch began."""
        self._looked = 0.0
        """Seconds that the last look took."""
        self._failures = 0
        self._over = 0

    def run(self) -> Outcome:
        while not self._time.stopping:
            began = self._time.now()
            more, wake = self._look_and_ingest()
            if more:
                continue
            quiet = self._time.now() - self._came
            if self._until_idle is not None and quiet >= self._until_idle:
                break
            pause = self._pause(quiet, wake, self._time.now() - began)
            if pause > 0 and not self._time.stopping:
                if not self._failures:
                    self._tell(Waits(pause))
                self._time.sleep(pause)
        if self._time.stopping:
            self._tell(Stopping())
        return Outcome(self._failures > 0, self._over)

    def _pause(self, quiet: float, wake: float | None, spent: float) -> float:
        """`spent` are seconds since the last look began: from there the next one is counted, however long a run took."""
        if self._failures:
            pause = self._pace.retry(self._failures)
        else:
            pause = self._pace.pause(quiet)
            if wake is not None:
                pause = min(pause, wake)
            pause = max(pause, self._looked * _RESTS) - spent
        return pause if self._until_idle is None else min(pause, self._until_idle - quiet)

    def _look_and_ingest(self) -> tuple[bool, float | None]:
        """One look and the runs that it asks for. Gives whether more is ready, and the seconds from the look after which a file
        that waits may be still (None: none waits)."""
        what = "look"
        try:
            look = self._look()
            what = "run"
            came = self._came
            for number, batch in enumerate(look.batches):
                if self._time.stopping:
                    return False, None
                self._ingest(batch, look, number)
            self._recover()
            # Without a run that brought something, looking again at once might go on for ever.
            more = look.plan.ready_files > len(look.plan.ready) and self._came > came
            if not more and not self._time.stopping and (told := self._work.rest(ingested=bool(look.batches))):
                self._tell(Compacted(told))
            return more, None if look.plan.wake_after is None else look.plan.wake_after / SECOND
        except ConflictError as error:
            self._fail("conflict", error)
        except Exception as error:
            if self._work.is_final(error):
                raise
            self._fail(what, error)
        return False, None

    def _look(self) -> Look:
        started = self._time.now()
        look = self._work.look(self._known)
        self._known = look.plan.known
        plan = look.plan
        self._looked = self._time.now() - started
        self._tell(Polled(look.listed, plan.ready_files, plan.ready_bytes, plan.waiting_files, self._looked))
        return look

    def _ingest(self, batch: Sequence[Place], look: Look, number: int) -> None:
        done = look.batches[: number + 1]
        files = look.plan.ready_files - sum(map(len, done))
        size = look.plan.ready_bytes - sum(max(0, place.size) for each in done for place in each)
        self._tell(Began(len(batch), sum(max(0, place.size) for place in batch), files, size))
        started = self._time.now()
        summary, self._known = self._work.ingest(batch, self._known)
        self._recover()
        if summary is None:
            return
        over = self._work.over(summary)
        self._over += over
        if summary.files_new:
            self._came = self._time.now()
        self._tell(Committed(summary, self._time.now() - started, over))

    def _fail(self, what: str, error: Exception) -> None:
        self._failures += 1
        self._tell(Failed(what, self._work.reason(error), self._failures, self._pace.retry(self._failures)))

    def _recover(self) -> None:
        if self._failures:
            self._failures = 0
            self._tell(Recovered())

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)
