"""Finds the stretches that stand in a string twice, and chains them: what two copies of a text have in common.

Before: "…abcdefgh…abcXefgh…"  After: (copy, original, length) for "abc" and "efgh", in one chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_EVERY = 4
"""Every how many letters a stretch can begin in the table: bounds its size."""
_MAX_GAP = 1000
"""Letters between two stretches of one chain: leftovers, a paragraph that stands in one copy only."""
_MAX_OVERLAP = 20
"""Letters that two stretches of the original may share: the next paragraph may happen to begin like the one left out."""


class Stretch(NamedTuple):
    """`length` letters from `copy` on stand from `original` on as well, which comes before."""

    copy: int
    original: int
    length: int


def find_stretches(letters: str, gram: int) -> Iterator[Stretch]:
    """The stretches of at least `gram` letters that stand earlier in `letters` too, in order, not overlapping.

    A third copy is told of the first one. Linear.
    """
    known: dict[str, int] = {}
    place = done = 0
    while place + gram <= len(letters):
        original = known.get(letters[place : place + gram])
        if original is None or original + gram > place:
            if original is None and place % _EVERY == 0:
                known[letters[place : place + gram]] = place
            place += 1
            continue
        length = _common_length(letters, original, place, gram)
        back = 0
        most = min(place - max(done, original + length), original)
        while back < most and letters[place - back - 1] == letters[original - back - 1]:
            back += 1
        yield Stretch(place - back, original - back, length + back)
        place = done = place + length


def _common_length(letters: str, original: int, copy: int, length: int) -> int:
    """How many letters from `original` and from `copy` on are the same; `length` of them are known to be."""
    limit = min(copy - original, len(letters) - copy)
    step = 64
    while length < limit:
        step = min(step, limit - length)
        if letters[original + length : original + length + step] == letters[copy + length : copy + length + step]:
            length += step
            step *= 2
        elif step == 1:
            break
        else:
            step //= 2
    return length


def chain(stretches: Iterator[Stretch]) -> list[list[Stretch]]:
    """Stretches in the same order in both copies, without wide gaps. A stray one between doesn't end a run."""
    runs: list[list[Stretch]] = []
    for stretch in stretches:
        for run in reversed(runs[-2:]):
            last = run[-1]
            in_copy = stretch.copy - last.copy - last.length
            in_original = stretch.original - last.original - last.length
            if 0 <= in_copy <= _MAX_GAP and -_MAX_OVERLAP <= in_original <= _MAX_GAP and stretch.original < run[0].copy:
                run.append(stretch)
                break
        else:
            runs.append([stretch])
    return runs
