"""Which files are read at once, which wait for how long, and how they are cut into batches."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.watch.plan import NOTHING_KNOWN, SECOND, Known, Look, Plan, Stillness, cut, plan_poll, refuse
from transforms.listing.place import Place

STILL = Stillness(5 * SECOND, SECOND // 2)
NOON = 1_700_000_000 * SECOND


def place(name: str = "a", age: float = 100, size: int = 10, version: str = "", now: int = NOON) -> Place:
    return Place(f"in/{name}", f"in/{name}", name, size, now - int(age * SECOND), version)


def plan(*listed: Place, previous: Known = NOTHING_KNOWN, now: int = NOON, entry: int = 0, at_most: int = 100) -> Plan:
    return plan_poll(previous, listed, now, STILL, at_most=at_most, entry_changed=lambda _: entry)


def test_an_old_file_is_read_at_once_and_a_fresh_one_waits_no_longer_than_needed() -> None:
    first = plan(place("old"), place("fresh", age=2))
    assert [each.name for each in first.ready] == ["old"]
    assert first.wake_after == 3 * SECOND
    assert first.waiting_files == 1
    later = plan(place("fresh", age=2), previous=first.known, now=NOON + 3 * SECOND)
    assert [each.name for each in later.ready] == ["fresh"]
    assert later.wake_after is None
    assert later.known == NOTHING_KNOWN


def test_a_file_that_moved_between_two_looks_waits_from_the_last_of_them() -> None:
    first = plan(place(age=1, size=10))
    # Half a minute later it is twice as large, and its last change is ten seconds ago: a slow writer.
    now = NOON + 30 * SECOND
    second = plan(place(age=10, size=20, now=now), previous=first.known, now=now)
    assert second.ready == ()
    assert second.wake_after == 5 * SECOND
    third = plan(place(age=10, size=20, now=now), previous=second.known, now=now + 5 * SECOND)
    assert len(third.ready) == 1


def test_a_file_that_keeps_growing_is_not_read() -> None:
    known, now = NOTHING_KNOWN, NOON
    for size in range(1, 50):
        grown = plan(place(age=0.1, size=size, now=now), previous=known, now=now)
        assert grown.ready == ()
        known, now = grown.known, now + 2 * SECOND


def test_a_file_moved_into_place_waits_half_a_second_only() -> None:
    written = place(age=2)
    moved = plan(written, entry=NOON - SECOND // 10)
    assert moved.ready == ()
    assert moved.wake_after == SECOND * 4 // 10
    assert plan(written, previous=moved.known, now=NOON + SECOND // 2, entry=NOON - SECOND // 10).ready == (written,)
    # An entry as old as the content tells nothing, and an empty file may have been made just before it is filled.
    assert plan(written, entry=NOON - 2 * SECOND).ready == ()
    assert plan(place(age=2, size=0), entry=NOON - SECOND).ready == ()


def test_a_time_in_the_future_leaves_it_to_the_looks() -> None:
    ahead = place(age=-3600)
    first = plan(ahead)
    assert first.ready == ()
    assert first.wake_after == 5 * SECOND
    assert plan(ahead, previous=first.known, now=NOON + 5 * SECOND).ready == (ahead,)


def test_a_clock_that_is_set_back_delays_and_loses_nothing() -> None:
    first = plan(place(age=1))
    back = NOON - 3600 * SECOND
    second = plan(place(age=1), previous=first.known, now=back)
    assert second.waiting_files == 1
    assert len(plan(place(age=1), previous=second.known, now=back + 5 * SECOND).ready) == 1


def test_objects_are_whole() -> None:
    assert len(plan(place(age=0, version="etag")).ready) == 1


def test_what_cannot_be_asked_must_be_seen_for_a_while() -> None:
    pipe = Place("in/pipe", "in/pipe", "pipe")
    first = plan(pipe)
    assert first.ready == ()
    assert plan(pipe, previous=first.known, now=NOON + 5 * SECOND).ready == (pipe,)


def test_what_a_run_has_refused_is_left_alone_for_its_time() -> None:
    locked = place("locked")
    known = refuse(NOTHING_KNOWN, [locked], lambda _: NOON + 60 * SECOND)
    assert known.refused == {"in/locked": Look(10, locked.modified, NOON + 60 * SECOND)}
    calm = plan(locked, previous=known, now=NOON + SECOND)
    assert calm.ready == ()
    assert calm.wake_after is None
    assert len(plan(locked, previous=calm.known, now=NOON + 60 * SECOND).ready) == 1
    assert len(plan(locked._replace(size=11), previous=calm.known, now=NOON + SECOND).ready) == 1
    # What is gone is forgotten.
    assert plan(previous=calm.known, now=NOON + SECOND).known == NOTHING_KNOWN


def test_of_many_files_the_oldest_come_first() -> None:
    found = plan(*(place(str(age), age=age) for age in range(20, 40)), at_most=3)
    assert [each.name for each in found.ready] == ["39", "38", "37"]
    assert (found.ready_files, found.ready_bytes) == (20, 200)


@settings(derandomize=True, max_examples=200)
@given(st.lists(st.integers(-1, 50), max_size=30), st.integers(1, 10), st.integers(1, 100))
def test_batches_keep_order_and_bounds(sizes: list[int], max_files: int, max_bytes: int) -> None:
    places = [place(str(number), size=size) for number, size in enumerate(sizes)]
    batches = cut(places, max_files, max_bytes)
    assert [each for batch in batches for each in batch] == places
    for batch in batches:
        assert 1 <= len(batch) <= max_files
        assert len(batch) == 1 or sum(max(0, each.size) for each in batch) <= max_bytes


@settings(derandomize=True, max_examples=200)
@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=4)),
        max_size=12,
    )
)
def test_whatever_happens_a_file_is_ready_once_it_is_left_alone(steps: list[tuple[int, list[tuple[str, int]]]]) -> None:
    """Looks at odd times while files are made and grow; what is never touched within the last five seconds of looks is read."""
    known, now = NOTHING_KNOWN, NOON
    files: dict[str, Place] = {}
    for seconds, changes in steps:
        now += seconds * SECOND
        for name, more in changes:
            files[name] = place(name, age=0, size=files[name].size + more if name in files else more, now=now)
        found = plan(*files.values(), previous=known, now=now)
        for each in found.ready:
            assert now - each.modified >= STILL.settle
        known = found.known
    now += STILL.settle
    assert {each.path for each in plan(*files.values(), previous=known, now=now).ready} == {
        each.path for each in files.values()
    }


@pytest.mark.parametrize(("age", "wake"), [(4.99, 50_000_000), (1, 4 * SECOND)])
def test_looks_are_never_closer_than_a_twentieth_of_a_second(age: float, wake: int) -> None:
    assert plan(place(age=age)).wake_after == wake
