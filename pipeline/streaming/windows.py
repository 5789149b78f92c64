"""When what waits is committed: fixed windows of event time, with early, on-time and late panes, as a pure state machine.

Before: an input of 12:00:17, windows of a minute, and a watermark that passes 12:01. After: the pane (12:01, 0, on time) with it. Another
input of 12:00:40 that comes now is in pane (12:01, 1, late); one that comes after the lateness is over is too late, and is handed on as
such: nothing is dropped, as Beam's own windows would do without a word.

The mark is the largest time that the watermark is known to have passed. It is told by the timers of windows that hold something,
so a stream in which nothing happens has a mark that is behind the watermark, and lets a straggler in that Beam would have dropped.
Panes are discarding: each holds what came since the one before. Times are microseconds since 1970, `end` is a window's end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from schemas.codes import Code

MICROSECONDS = 1_000_000
NEVER = -(2**62)
"""Before all times."""


class Timing(Code):
    """Why a pane is committed."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"


class Fate(Code):
    """How an input has arrived."""

    IN_TIME = "in_time"
    LATE = "late"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Windows:
    """`size` and `lateness` in microseconds. A window with `early_inputs` waiting inputs is committed before its end, and what comes late as soon as
    `late_inputs` wait, else when the watermark has moved on by another window."""

    size: int
    lateness: int
    early_inputs: int
    late_inputs: int

    def end_of(self, event_time: int) -> int:
        """The end of the window that `event_time` is in; a window holds its start and not its end."""
        return (event_time // self.size + 1) * self.size


class Open(NamedTuple):
    """A window that is remembered: the number of its next pane, how many inputs wait, and whether its on-time pane is over."""

    end: int
    number: int = 0
    waiting: int = 0
    closed: bool = False


class Clock(NamedTuple):
    """What is known of the stream's time. `windows` are in order; `latest` is the last window's end so far."""

    mark: int = NEVER
    latest: int = NEVER
    windows: tuple[Open, ...] = ()

    def window(self, end: int) -> Open:
        """The window that ends then, remembered or not."""
        return next((each for each in self.windows if each.end == end), Open(end, closed=end <= self.mark))


class Due(NamedTuple):
    """A pane to commit: all that waits of this window."""

    end: int
    number: int
    timing: Timing


def fate_of(clock: Clock, end: int, windows: Windows) -> Fate:
    """How an input of the window that ends at `end` arrives now."""
    if end > clock.mark:
        return Fate.IN_TIME
    return Fate.TOO_LATE if end + windows.lateness <= clock.mark else Fate.LATE


def arrive(clock: Clock, end: int, inputs: int, windows: Windows) -> tuple[Clock, Due | None]:
    """`inputs` more wait in a window; a pane where they are enough for one."""
    before = clock.window(end)
    now = before._replace(waiting=before.waiting + inputs)
    clock = _with(clock, now)._replace(latest=max(clock.latest, end))
    enough = windows.late_inputs if now.closed else windows.early_inputs
    if enough and now.waiting >= enough:
        due = Due(end, now.number, Timing.LATE if now.closed else Timing.EARLY)
        return _with(clock, now._replace(number=now.number + 1, waiting=0)), due
    return clock, None


def pass_time(clock: Clock, time: int, windows: Windows) -> tuple[Clock, tuple[Due, ...]]:
    """The watermark has passed `time`: the panes that are due, by window. Windows whose lateness is over are forgotten."""
    mark = max(clock.mark, time)
    due: list[Due] = []
    left: list[Open] = []
    for each in clock.windows:
        now = each
        if each.end <= mark:
            if each.waiting:
                due.append(Due(each.end, each.number, Timing.LATE if each.closed else Timing.ON_TIME))
            now = each._replace(number=each.number + bool(each.waiting), waiting=0, closed=True)
        if now.waiting or now.end + windows.lateness > mark:
            left.append(now)
    return Clock(mark, clock.latest, tuple(left)), tuple(due)


def next_time(clock: Clock, windows: Windows) -> int | None:
    """When to ask again; None where nothing waits and nothing is left to close."""
    times = [each.end if each.end > clock.mark else clock.mark + windows.size for each in clock.windows if each.waiting]
    if clock.latest + windows.lateness > clock.mark:
        times.append(clock.latest + windows.lateness)
    return min(times, default=None)


def _with(clock: Clock, window: Open) -> Clock:
    others = [each for each in clock.windows if each.end != window.end]
    return clock._replace(windows=tuple(sorted([*others, window])))


def windows_of(size_seconds: float, lateness_seconds: float, early_inputs: int, late_inputs: int) -> Windows:
    """The same from settings, in seconds."""
    return replace(
        Windows(0, 0, early_inputs, late_inputs),
        size=int(size_seconds * MICROSECONDS),
        lateness=int(lateness_seconds * MICROSECONDS),
    )
