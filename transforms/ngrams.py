"""Measures how much of a text is repetition: "a bb a bb c" -> the pair "a bb" comes twice and takes up 6 of 7 characters.

N-grams that come twice are made of shorter ones that do, so each length only looks at what is left of the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

_MIXER = np.int64(0x51342543DE82EF95)
"""Makes one number of two, which differs where their order does."""

_Grams = list[list[int]]
"""The n-grams of one length that come more than once: for each the places where it begins, in their order."""


class Repetition(NamedTuple):
    """Shares of the characters of words, 0 to 1; None where there are fewer words than the n-gram has.

    `top`: all occurrences of the most frequent n-gram, of equally frequent ones the longest; 0 where none comes twice.
    `repeated`: what lies in an n-gram that stood in the text before; no character counts twice.
    """

    top_2gram: float | None
    top_3gram: float | None
    top_4gram: float | None
    repeated_5gram: float | None
    repeated_10gram: float | None


def repetition(words: Sequence[str]) -> Repetition:
    """Gopher's top and duplicate n-grams of `words`. Exact; linear but for the sorting of pairs of words."""
    ends = [0, *accumulate(map(len, words))]
    twos = _pairs(words)
    threes = _joined(twos, 1)
    fours = _joined(threes, 1)
    fives = _joined(fours, 1)
    tens = _joined(fives, 5)
    return Repetition(
        _top_share(twos, ends, 2),
        _top_share(threes, ends, 3),
        _top_share(fours, ends, 4),
        _repeated_share(fives, ends, 5),
        _repeated_share(tens, ends, 10),
    )


def _pairs(words: Sequence[str]) -> _Grams:
    """The pairs of words that come more than once."""
    if len(words) < 2:
        return []
    # Python's own hashes say where to look: equal pairs have equal ones, and the words themselves decide.
    hashes = np.fromiter(map(hash, words), dtype=np.int64, count=len(words))
    keys = hashes[:-1] * _MIXER + hashes[1:]
    ordered = np.sort(keys)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(again):
        return []
    places = np.flatnonzero(again[np.minimum(np.searchsorted(again, keys), len(again) - 1)] == keys)
    groups: dict[tuple[str, str], list[int]] = {}
    for place in places.tolist():
        groups.setdefault((words[place], words[place + 1]), []).append(place)
    return [group for group in groups.values() if len(group) > 1]


def _joined(shorter: _Grams, shift: int) -> _Grams:
    """The n-grams made of two of `shorter` that begin `shift` words apart, of which there are more than one."""
    number_at = {place: number for number, places in enumerate(shorter) for place in places}
    groups: dict[tuple[int, int], list[int]] = {}
    for place in [place for place in number_at if place + shift in number_at]:
        groups.setdefault((number_at[place], number_at[place + shift]), []).append(place)
    return [group for group in groups.values() if len(group) > 1]


def _top_share(grams: _Grams, ends: Sequence[int], n: int) -> float | None:
    if len(ends) <= n:
        return None
    highest = max(map(len, grams), default=0)
    longest = max((ends[places[0] + n] - ends[places[0]] for places in grams if len(places) == highest), default=0)
    # Occurrences that overlap ("no no no") would otherwise count more than there is.
    return min(longest * highest / ends[-1], 1.0)


def _repeated_share(grams: _Grams, ends: Sequence[int], n: int) -> float | None:
    if len(ends) <= n:
        return None
    covered = {place + word for places in grams for place in places[1:] for word in range(n)}
    return sum(ends[word + 1] - ends[word] for word in covered) / ends[-1]
