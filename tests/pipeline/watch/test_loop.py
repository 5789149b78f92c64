"""The loop with a clock, a lake and an inbox that are made up: order of runs, pauses, failures, ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from pipeline.summary import Summary
from pipeline.watch.command import exit_code
from pipeline.watch.events import Began, Committed, Compacted, Event, Failed, Polled, Recovered, Waits
from pipeline.watch.loop import Look, Outcome, watch
from pipeline.watch.pace import Pace
from pipeline.watch.plan import SECOND, Known, Stillness, cut, plan_poll
from schemas.errors import ConflictError, UsageError
from transforms.listing.place import Place

PACE = Pace(30, 120, 60)
START = 1_000_000.0


class FakeTime:
    def __init__(self, stop_at: float) -> None:
        self.clock = START
        self.stop_at = START + stop_at
        self.slept: list[float] = []

    def now(self) -> float:
        return self.clock

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock += seconds

    @property
    def stopping(self) -> bool:
        return self.clock >= self.stop_at


class FakeWork:
    """An inbox of files that arrive (seconds after the start) with an age, runs of two files at most, four at one look."""

    def __init__(self, time: FakeTime, arrivals: dict[str, float], costs: float = 1.0) -> None:
        self.time, self.arrivals, self.costs = time, arrivals, costs
        self.lake: list[tuple[str, ...]] = []
        self.idles = 0
        self.problem: Callable[[str], Exception | None] = lambda what: None

    def look(self, known: Known) -> Look:
        self._maybe_fail("look")
        held = {name for batch in self.lake for name in batch}
        listed = [
            Place(name, name, name, 1, int((START + at) * SECOND))
            for name, at in self.arrivals.items()
            if START + at <= self.time.clock
        ]
        fresh = [place for place in listed if place.path not in held]
        plan = plan_poll(known, fresh, int(self.time.clock * SECOND), Stillness(5 * SECOND, SECOND), at_most=4)
        return Look(plan, cut(plan.ready, 2, 1000), len(listed))

    def ingest(self, batch: Sequence[Place], known: Known) -> tuple[Summary | None, Known]:
        self.time.clock += self.costs
        self._maybe_fail("run")
        self.lake.append(tuple(place.name for place in batch))
        return Summary("r", "L", len(batch), len(batch), 0, len(batch), len(batch), 0, 0), known

    def rest(self, *, ingested: bool) -> str:
        self.idles += not ingested
        return "merged" if ingested else ""

    def over(self, summary: Summary) -> bool:
        return summary.files_new == 2

    def is_final(self, error: Exception) -> bool:
        return isinstance(error, UsageError)

    def reason(self, error: Exception) -> str:
        return str(error)

    def _maybe_fail(self, what: str) -> None:
        problem = self.problem(what)
        if problem is not None:
            raise problem


def run(
    arrivals: dict[str, float], stop_at: float = 1e9, until_idle: float | None = None, pace: Pace = PACE
) -> tuple[FakeWork, FakeTime, list[Event], Outcome]:
    time = FakeTime(stop_at)
    work = FakeWork(time, arrivals)
    events: list[Event] = []
    return work, time, events, watch(work, time, pace, [events.append], until_idle)


def test_many_files_become_several_runs_without_a_pause() -> None:
    work, time, events, outcome = run(dict.fromkeys("abcdefghi", -100), until_idle=0)
    assert work.lake == [("a", "b"), ("c", "d"), ("e", "f"), ("g", "h"), ("i",)]
    assert time.slept == []
    assert [(each.files, each.backlog) for each in events if isinstance(each, Began)] == [
        (2, 7),
        (2, 5),
        (2, 3),
        (2, 1),
        (1, 0),
    ]
    assert [each for each in events if isinstance(each, Compacted)] == [Compacted("merged")]
    assert outcome == Outcome(failing=False, over=4)


def test_looks_come_every_so_often_counted_from_the_last_one_and_sooner_for_a_file_that_settles() -> None:
    work, time, events, _ = run({"a": -100, "b": 58}, stop_at=100)
    assert work.lake == [("a",), ("b",)]
    # The first run took a second of the thirty; at 60 the second file was two seconds old.
    assert time.slept[:3] == [29, 30, 3]
    assert next(each for each in events if isinstance(each, Polled)).listed == 1


def test_pauses_grow_when_nothing_comes_and_shrink_at_once() -> None:
    work, time, _, _ = run({"a": 5000}, stop_at=5400)
    before = [pause for pause in time.slept if pause > 31]
    assert max(time.slept) == 120
    assert before == sorted(before)
    assert work.lake == [("a",)]
    assert time.slept[-2:] == [30, 30] or time.slept[-1] <= 30
    assert work.idles > 10


@pytest.mark.parametrize("error", [OSError("disk full"), ConflictError("another has it"), RuntimeError("beam")])
@pytest.mark.parametrize("where", ["look", "run"])
def test_failures_are_tried_again_with_growing_pauses(error: Exception, where: str) -> None:
    time = FakeTime(1e9)
    work = FakeWork(time, {"a": -100})
    left = [9]

    def problem(what: str) -> Exception | None:
        if what == where and left[0]:
            left[0] -= 1
            return error
        return None

    work.problem = problem
    events: list[Event] = []
    outcome = watch(work, time, PACE, [events.append], until_idle=400)
    assert work.lake == [("a",)]
    assert not outcome.failing
    failed = [each for each in events if isinstance(each, Failed)]
    assert [each.again_in for each in failed] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert {each.what for each in failed} == {"conflict" if isinstance(error, ConflictError) else where}
    assert all(str(error) == each.why for each in failed)
    assert sum(isinstance(each, Recovered) for each in events) == 1


def test_usage_errors_end_it() -> None:
    time = FakeTime(1e9)
    work = FakeWork(time, {})
    work.problem = lambda what: UsageError("no such folder")
    with pytest.raises(UsageError, match="no such folder"):
        watch(work, time, PACE, [])


def test_looks_that_take_long_come_less_often() -> None:
    time = FakeTime(1000)
    work = FakeWork(time, {})
    look = work.look

    def slow(known: Known) -> Look:
        time.clock += 20
        return look(known)

    work.look = slow  # type: ignore[method-assign]
    watch(work, time, PACE, [])
    assert set(time.slept) == {60}


def test_it_stops_between_two_runs() -> None:
    work, _, _, outcome = run(dict.fromkeys("abcdef", -100), stop_at=2)
    assert work.lake == [("a", "b"), ("c", "d")]
    assert outcome == Outcome(failing=False, over=2)


def test_until_idle_counts_from_what_came_last() -> None:
    work, time, _, _ = run({"a": -100, "b": 100}, until_idle=150)
    assert work.lake == [("a",), ("b",)]
    assert 250 <= time.clock - START < 300


def test_a_watch_that_ends_while_it_fails_says_so() -> None:
    time = FakeTime(1e9)
    work = FakeWork(time, {"a": -100})
    work.problem = lambda what: OSError("gone") if what == "run" else None
    outcome = watch(work, time, PACE, [], until_idle=10)
    assert outcome.failing
    assert exit_code(outcome, stopped=False) == 3
    assert exit_code(outcome, stopped=True) == 0
    assert exit_code(Outcome(over=1), stopped=False) == 1


def test_a_run_that_brings_nothing_does_not_spin() -> None:
    """A file that the lake never counts as seen must not make the loop look again and again without a pause."""
    time = FakeTime(3600)
    work = FakeWork(time, dict.fromkeys("abcdef", -100))
    nothing = Summary("", "L", 2, 0, 2, 0, 0, 0, 0)
    work.ingest = lambda batch, known: (nothing, known)  # type: ignore[method-assign]
    events: list[Event] = []
    watch(work, time, PACE, [events.append])
    assert sum(isinstance(each, Polled) for each in events) < 130
    assert all(each.seconds >= 30 for each in events if isinstance(each, Waits))
    assert all(each.summary.files_new == 0 for each in events if isinstance(each, Committed))


def test_pace() -> None:
    assert [PACE.pause(quiet) for quiet in (0, 600, 1000, 1e6)] == [30, 30, 50, 120]
    assert Pace(30, 1, 60).pause(1e6) == 30
    assert PACE.retry(1000) == 60
