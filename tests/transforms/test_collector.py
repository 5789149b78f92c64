"""Collections wait for the end of a record, and always come back."""

from __future__ import annotations

import gc

import pytest

from transforms.collector import collector_paused, settle, unsettle


def test_no_collection_begins_inside_and_pauses_nest() -> None:
    assert gc.isenabled()
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_exception_ends_the_pause() -> None:
    with pytest.raises(ValueError, match="odd page"), collector_paused():
        raise ValueError("odd page")
    assert gc.isenabled()


def test_who_turned_it_off_before_keeps_it_off() -> None:
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_interleaved_pauses_of_threads_leave_it_on() -> None:
    first, second = collector_paused(), collector_paused()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_settling_makes_collections_rare_until_it_ends() -> None:
    unsettle()
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        settle()
        assert gc.get_threshold()[0] > 10_000
        settled = gc.get_freeze_count()
        assert settled > frozen
        held = [[number] for number in range(100)]
        settle()
        # Threads of other tests may have let go of something that was frozen; nothing may have come to it.
        assert gc.get_freeze_count() <= settled
        assert len(held) == 100
    finally:
        unsettle()
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
    unsettle()
    assert gc.get_threshold() == before
