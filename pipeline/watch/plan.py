"""Which of the listed files may be read now, and which have to be still first: pure functions of what two looks saw.

Before: a look at 12:00:00 with `a.html`, changed an hour ago, and `b.html`, changed two seconds ago.
After: `a.html` is ready; `b.html` waits, and the next look is worth while in three seconds.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from transforms.listing.place import Place

SECOND = 1_000_000_000
_SOONEST = 50_000_000
"""Nanoseconds between two looks, at least."""


class Stillness(NamedTuple):
    """How long a file must not have changed before it is read, in nanoseconds: `settle`, and `moved` for one whose entry was changed
    after its content (`[watch] settle` and `settle_moved`)."""

    settle: int
    moved: int


class Look(NamedTuple):
    """A file as it was seen: `since` is when it was first seen so (nanoseconds), `changing` that an earlier look saw it otherwise."""

    size: int
    modified: int
    since: int
    changing: bool = False


class Known(NamedTuple):
    """What is remembered between two looks, by path. `waiting` are files that were not still; `refused` are those that a run has
    dealt with and the lake's list of seen files doesn't tell (they can't be opened, or their time is too coarse): they are left
    alone until `since`."""

    waiting: Mapping[str, Look] = {}
    refused: Mapping[str, Look] = {}


class Plan(NamedTuple):
    """`ready` are the oldest of the files that may be read, at most as many as asked for, out of `ready_files` with `ready_bytes`.
    `known` is for the next look, which is worth while after `wake_after` nanoseconds even if nothing else comes (None: nothing waits)."""

    ready: tuple[Place, ...]
    ready_files: int
    ready_bytes: int
    known: Known
    wake_after: int | None

    @property
    def waiting_files(self) -> int:
        """Files that are not still yet."""
        return len(self.known.waiting)


NOTHING_KNOWN = Known()


def plan_poll(
    previous: Known,
    listed: Iterable[Place],
    now: int,
    stillness: Stillness,
    *,
    at_most: int,
    entry_changed: Callable[[Place], int] = lambda place: 0,
) -> Plan:
    """What to do with the files that a look at `now` found and that the lake doesn't have; `listed` is gone through once.

    A file is ready when its last change is `stillness.settle` ago and no earlier look saw it otherwise; else when it has stayed as
    it is for that long, by looks. `entry_changed` gives the time (nanoseconds) at which the entry of a file on a disk was changed: where that
    is later than the change of its content, the file was moved here, or its writer was done with it, and `stillness.moved` is
    enough. An object with a version is whole. A file that can't be asked (size -1) has to be seen for as long as any.
    """
    waiting: dict[str, Look] = {}
    refused: dict[str, Look] = {}
    wakes: list[int] = []
    count = size = 0

    def ready() -> Iterable[Place]:
        nonlocal count, size
        for place in listed:
            before = previous.refused.get(place.path)
            if before is not None and _same(before, place) and now < before.since:
                refused[place.path] = before
                continue
            look = _look(previous.waiting.get(place.path), place, now)
            left = _left(place, look, now, stillness, entry_changed)
            if left > 0:
                waiting[place.path] = look
                wakes.append(left)
                continue
            count += 1
            size += max(0, place.size)
            yield place

    chosen = heapq.nsmallest(at_most, ready(), key=_age)
    wake = max(_SOONEST, min(wakes)) if wakes else None
    return Plan(tuple(chosen), count, size, Known(waiting, refused), wake)


def _age(place: Place) -> tuple[int, str]:
    return place.modified, place.path


def _same(look: Look, place: Place) -> bool:
    return (look.size, look.modified) == (place.size, place.modified)


def _look(before: Look | None, place: Place, now: int) -> Look:
    if before is None:
        return Look(place.size, place.modified, now)
    if not _same(before, place):
        return Look(place.size, place.modified, now, changing=True)
    return before._replace(since=min(before.since, now))


def _left(place: Place, look: Look, now: int, stillness: Stillness, entry_changed: Callable[[Place], int]) -> int:
    """Nanoseconds until the file is still, if nothing happens to it; 0 or less when it is."""
    if place.version:
        return 0
    left = stillness.settle - (now - look.since)
    if place.size < 0 or left <= 0:
        return left
    if not look.changing:
        # A time in the future tells nothing: then it is the looks that count.
        left = min(left, stillness.settle - (now - place.modified)) if place.modified <= now else left
    if left > 0 and place.size:
        changed = entry_changed(place)
        if place.modified < changed <= now:
            left = min(left, stillness.moved - (now - changed))
    return left


def cut(places: Iterable[Place], max_files: int, max_bytes: int) -> tuple[tuple[Place, ...], ...]:
    """`places` in batches, in their order: none with more files or bytes than these, but for a single larger file."""
    batches: list[tuple[Place, ...]] = []
    batch: list[Place] = []
    size = 0
    for place in places:
        if batch and (len(batch) >= max_files or size + max(0, place.size) > max_bytes):
            batches.append(tuple(batch))
            batch, size = [], 0
        batch.append(place)
        size += max(0, place.size)
    return (*batches, tuple(batch)) if batch else tuple(batches)


def refuse(known: Known, places: Iterable[Place], until: Callable[[Place], int]) -> Known:
    """`known` with files that a run has dealt with and that are left alone for a while."""
    more = {place.path: Look(place.size, place.modified, until(place)) for place in places}
    return known._replace(refused={**known.refused, **more}) if more else known
