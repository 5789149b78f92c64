"""The account of windows and panes, without Beam."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.streaming.windows import (
    MICROSECONDS,
    NEVER,
    Clock,
    Due,
    Fate,
    Timing,
    Windows,
    arrive,
    fate_of,
    next_time,
    pass_time,
    windows_of,
)

WINDOWS = windows_of(10, 30, 0, 0)
END = 10 * MICROSECONDS


def test_a_window_holds_its_start_and_not_its_end() -> None:
    assert [WINDOWS.end_of(time) for time in (0, END - 1, END, -1)] == [END, END, 2 * END, 0]


def test_an_input_is_in_time_late_or_too_late_by_what_the_watermark_has_passed() -> None:
    marks = [NEVER, END - 1, END, 4 * END - 1, 4 * END]
    expected = [Fate.IN_TIME, Fate.IN_TIME, Fate.LATE, Fate.LATE, Fate.TOO_LATE]
    assert [fate_of(Clock(mark), END, WINDOWS) for mark in marks] == expected


def test_panes_of_a_window_are_numbered() -> None:
    eager = Windows(WINDOWS.size, WINDOWS.lateness, early_inputs=2, late_inputs=1)
    clock, none = arrive(Clock(), END, 1, eager)
    clock, early = arrive(clock, END, 1, eager)
    clock, _ = arrive(clock, END, 1, eager)
    clock, closed = pass_time(clock, END, eager)
    clock, late = arrive(clock, END, 1, eager)
    assert none is None
    assert (early, closed, late) == (
        Due(END, 0, Timing.EARLY),
        (Due(END, 1, Timing.ON_TIME),),
        Due(END, 2, Timing.LATE),
    )


def test_windows_are_forgotten_once_their_lateness_is_over() -> None:
    clock, _ = arrive(Clock(), END, 1, WINDOWS)
    clock, _ = pass_time(clock, END, WINDOWS)
    assert next_time(clock, WINDOWS) == END + WINDOWS.lateness
    clock, due = pass_time(clock, END + WINDOWS.lateness, WINDOWS)
    assert (clock.windows, due, next_time(clock, WINDOWS)) == ((), (), None)


@settings(derandomize=True, max_examples=200)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 300)), max_size=40),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_every_input_is_in_exactly_one_pane(steps: list[tuple[bool, int]], early: int, late: int) -> None:
    windows = windows_of(10, 30, early, late)
    clock, waiting, fired = Clock(), dict[int, int](), list[Due]()
    given_inputs = committed = 0
    for arrives, second in steps:
        time = second * MICROSECONDS
        if arrives:
            end = windows.end_of(time)
            clock, due = arrive(clock, end, 1, windows)
            waiting[end] = waiting.get(end, 0) + 1
            given_inputs += 1
            panes: tuple[Due, ...] = (due,) if due else ()
        else:
            clock, panes = pass_time(clock, time, windows)
        for pane in panes:
            committed += waiting.pop(pane.end)
        fired += panes
    while (time_left := next_time(clock, windows)) is not None:  # the watermark goes to infinity
        clock, panes = pass_time(clock, time_left, windows)
        for pane in panes:
            committed += waiting.pop(pane.end)
        fired += panes
    assert (committed, waiting, clock.windows) == (given_inputs, {}, ())
    on_time = [pane.end for pane in fired if pane.timing is Timing.ON_TIME]
    assert len(on_time) == len(set(on_time))
