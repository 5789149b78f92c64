"""Keeps one of the names that overlap: the longest, and of equals the one that a list knows.

Before: "Bank of Iran" (chunk), "Iran" (alias)  After: "Bank of Iran".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise

from schemas.entities import FoundName
from transforms.entities.tokens import Tokens


def without_overlaps(found: Iterable[FoundName]) -> list[FoundName]:
    """`found` in order of place, none overlapping another."""
    ordered = sorted(found, key=lambda name: (name.start, -name.end, name.entity is None, name.kind, name.surface))
    if all(one.end <= other.start for one, other in pairwise(ordered)):
        return ordered
    kept: list[FoundName] = []
    starts: list[int] = []
    for name in sorted(ordered, key=lambda name: (name.start - name.end, name.entity is None, name.start)):
        place = bisect_right(starts, name.start)
        if (place and kept[place - 1].end > name.start) or (place < len(kept) and kept[place].start < name.end):
            continue
        kept.insert(place, name)
        starts.insert(place, name.start)
    return kept


def first_token(tokens: Tokens, name: FoundName) -> int:
    """The index of the first token at or after the start of `name`."""
    return bisect_left(tokens.starts, name.start)


def next_token(tokens: Tokens, name: FoundName) -> int:
    """The index of the first token behind `name`; len(tokens.words) where there is none."""
    return bisect_left(tokens.starts, name.end)
