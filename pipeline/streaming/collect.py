"""Holds packs back until their window is due: the stateful step in the middle of a stream.

Before: (one key, pack) in any order, with Beam's watermark. After: an encoded `Pane` for each window that is due.

This is what Beam's windowing does at a GroupByKey, with one difference: what comes after the lateness is not dropped in silence. It lives in the
global window, where no element is ever late for Beam, and keeps its own account (`pipeline.streaming.windows`), driven by one timer.
One key: what is kept are some hundred bytes an input.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.coders import BytesCoder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.utils.timestamp import Timestamp

from pipeline.streaming.pack import Pack, decode, pack_of
from pipeline.streaming.windows import Clock, Due, Fate, Open, Timing, Windows, arrive, fate_of, next_time, pass_time


class Waiting(NamedTuple):
    """A pack and how it arrived."""

    fate: Fate
    pack: Pack


class Pane(NamedTuple):
    """What is committed together, at most: `number` counts the panes of the window that ends at `end`."""

    end: int
    number: int
    timing: Timing
    packs: tuple[Waiting, ...]


def encode_pane(pane: Pane) -> bytes:
    """As JSON."""
    return json.dumps(pane, separators=(",", ":")).encode()


def decode_pane(content: bytes) -> Pane:
    """The pane again."""
    end, number, timing, packs = json.loads(content)
    return Pane(end, number, Timing(timing), tuple(Waiting(Fate(fate), pack_of(pack)) for fate, pack in packs))


def _clock(content: bytes | None) -> Clock:
    if not content:
        return Clock()
    mark, latest, windows = json.loads(content)
    return Clock(mark, latest, tuple(Open(*each) for each in windows))


class Collect(beam.DoFn):
    """(the one key, encoded pack) → encoded `Pane`."""

    CLOCK = ReadModifyWriteStateSpec("clock", BytesCoder())
    WAITING = BagStateSpec("waiting", BytesCoder())
    CLOSE = TimerSpec("close", TimeDomain.WATERMARK)

    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    def process(
        self,
        element: tuple[bytes, bytes],
        clock: Any = beam.DoFn.StateParam(CLOCK),
        waiting: Any = beam.DoFn.StateParam(WAITING),
        close: Any = beam.DoFn.TimerParam(CLOSE),
    ) -> Iterator[bytes]:
        """Keeps the pack, and gives its window's pane where enough waits."""
        pack = decode(element[1])
        now = _clock(clock.read())
        fate = fate_of(now, pack.end, self._windows)
        now, due = arrive(now, pack.end, len(pack.deliveries), self._windows)
        waiting.add(json.dumps(Waiting(fate, pack), separators=(",", ":")).encode())
        if due is not None:
            yield from _panes(waiting, (due,))
        self._keep(now, clock, close)

    @on_timer(CLOSE)  # type: ignore[untyped-decorator]
    def on_close(
        self,
        time: Any = beam.DoFn.TimestampParam,
        clock: Any = beam.DoFn.StateParam(CLOCK),
        waiting: Any = beam.DoFn.StateParam(WAITING),
        close: Any = beam.DoFn.TimerParam(CLOSE),
    ) -> Iterator[bytes]:
        """The watermark has passed the time that was asked for."""
        now, due = pass_time(_clock(clock.read()), time.micros, self._windows)
        if due:
            yield from _panes(waiting, due)
        self._keep(now, clock, close)

    def _keep(self, now: Clock, clock: Any, close: Any) -> None:
        clock.write(json.dumps(now, separators=(",", ":")).encode())
        time = next_time(now, self._windows)
        if time is not None:
            close.set(Timestamp(micros=time))


def _panes(waiting: Any, due: tuple[Due, ...]) -> Iterator[bytes]:
    """The panes that are due; what belongs to none of them goes on waiting."""
    found: dict[int, list[Waiting]] = {each.end: [] for each in due}
    left: list[bytes] = []
    for content in waiting.read():
        fate, pack = json.loads(content)
        each = Waiting(Fate(fate), pack_of(pack))
        if each.pack.end in found:
            found[each.pack.end].append(each)
        else:
            left.append(content)
    waiting.clear()
    for content in left:
        waiting.add(content)
    for pane in due:
        packs = tuple(sorted(found[pane.end], key=lambda each: each.pack.path))
        yield encode_pane(Pane(pane.end, pane.number, pane.timing, packs))
