"""Measures how much of a text is repetition: "a bb a bb c" -> the pair "a bb" comes twice and takes up 6 of 7 characters.

N-grams that come twice are made of shorter ones that do, so each length only looks at what is left of the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_Numbers = npt.NDArray[np.int64]


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
    """Gopher's top and duplicate n-grams of `words`. Exact; linear but for the sorting of what is repeated."""
    number_of = dict(zip(words, count()))  # the last place of each word
    numbers = np.fromiter(map(number_of.__getitem__, words), dtype=np.int64, count=len(words))
    ends = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, words), dtype=np.int64, count=len(words)), out=ends[1:])
    times = np.bincount(numbers, minlength=1)
    ones = np.where(times[numbers] > 1, numbers, -1) if len(words) else numbers
    twos = _joined(ones, 1)
    threes = _joined(twos, 1)
    fours = _joined(threes, 1)
    fives = _joined(fours, 1)
    tens = _joined(fives, 5)
    return Repetition(
        _top(twos, ends, 2),
        _top(threes, ends, 3),
        _top(fours, ends, 4),
        _repeated(fives, ends, 5),
        _repeated(tens, ends, 10),
    )


def _joined(shorter: _Numbers, shift: int) -> _Numbers:
    """The n-grams made of two of `shorter` that begin `shift` words apart: a number for each place, equal for equal ones, -1
    for those that come once."""
    joined = np.full(max(len(shorter) - shift, 0), -1, dtype=np.int64)
    first, second = shorter[: len(joined)], shorter[shift:]
    places = np.flatnonzero((first >= 0) & (second >= 0))
    if not len(places):
        return joined
    pairs = first[places] * (int(shorter.max()) + 1) + second[places]
    # Sorting numbers is several times faster than np.unique with its counts.
    ordered = np.sort(pairs)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(again):
        distinct = again[np.append(True, again[1:] != again[:-1])]
        found = np.minimum(np.searchsorted(distinct, pairs), len(distinct) - 1)
        joined[places] = np.where(distinct[found] == pairs, found, -1)
    return joined


def _top(grams: _Numbers, ends: _Numbers, n: int) -> float | None:
    if not len(grams):
        return None
    places = np.flatnonzero(grams >= 0)
    if not len(places):
        return 0.0
    times = np.bincount(grams[places])
    highest = int(times.max())
    places = places[times[grams[places]] == highest]
    longest = int((ends[places + n] - ends[places]).max())
    # Occurrences that overlap ("no no no") would otherwise count more than there is.
    return min(longest * highest / int(ends[-1]), 1.0)


def _repeated(grams: _Numbers, ends: _Numbers, n: int) -> float | None:
    if not len(grams):
        return None
    covered = np.zeros(len(ends) - 1, dtype=bool)
    seen: set[int] = set()
    places = np.flatnonzero(grams >= 0)
    for place, gram in zip(places.tolist(), grams[places].tolist(), strict=True):
        if gram in seen:
            covered[place : place + n] = True
        seen.add(gram)
    return float(np.diff(ends)[covered].sum()) / int(ends[-1])
