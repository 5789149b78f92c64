"""Knows an article by a few hashes of its text, and tells whether two articles are versions of one story.

Before: two bodies, one with a correction added  After: two sketches whose `resemblance` is about .9: one story.
Bottom-k sketches of word runs (A. Broder, "On the resemblance and containment of documents", 1997): the share of common runs
is estimated from the smallest hashes, so that an article costs some bytes however long it is.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Iterable, Sequence

from transforms.cleaning.shapes import count_words
from transforms.learned.thresholds import StoryLimits

Sketch = tuple[int, ...]
"""The smallest hashes of a text's word runs, ascending; 32 bits each. Empty: too little text to be told from others."""

# A word; in scripts without spaces between words (Thai to Myanmar, Chinese, Japanese) a character.
_WORD = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\W_]+")


def sketch_of(lines: Iterable[str], limits: StoryLimits) -> Sketch:
    """The sketch of the running text among `lines`."""
    words: list[str] = []
    for line in lines:
        if count_words(line) >= limits.min_words:
            words += _WORD.findall(line.casefold())
    size = limits.run_words
    runs = {" ".join(words[start : start + size]) for start in range(len(words) - size + 1)}
    return tuple(heapq.nsmallest(limits.runs_kept, {_hash(run) for run in runs}))


def resemblance(one: Sketch, other: Sketch, limits: StoryLimits) -> float:
    """The estimated share of the word runs of both texts that both have, 0 to 1; 0 where one of them has none."""
    common = set(one).intersection(other)
    if not common:
        return 0.0
    smallest = heapq.nsmallest(limits.runs_kept, {*one, *other})
    return sum(value in common for value in smallest) / len(smallest)


class Stories:
    """The articles of one site, one after the other, told by their sketches: `add` says which story each belongs to.

    Versions are followed from one to the next, so the first and the last of a story may have little in common.
    """

    def __init__(self, limits: StoryLimits) -> None:
        self._limits = limits
        self._sketches: list[Sketch] = []
        self._sets: list[frozenset[int]] = []
        self._parents: list[int] = []

    def versions_of(self, sketch: Sketch) -> tuple[int, ...]:
        """The numbers of the articles so far that are versions of this one."""
        own, share = frozenset(sketch), self._limits.same_share
        return tuple(
            number
            for number, other in enumerate(self._sets)
            # What is counted among the smallest of both is in both: most pairs are told apart by this alone.
            if len(own & other) >= share * max(len(own), len(other), 1)
            and resemblance(sketch, self._sketches[number], self._limits) >= share
        )

    def add(self, sketch: Sketch, versions: Sequence[int]) -> None:
        """Adds an article whose `versions_of` are given."""
        number = len(self._parents)
        self._sketches.append(sketch)
        self._sets.append(frozenset(sketch))
        self._parents.append(number)
        roots = sorted({self._root(version) for version in versions})
        for root in [*roots, number]:
            self._parents[root] = (roots or [number])[0]

    def numbers(self) -> tuple[int, ...]:
        """For each article the number of its story: that of the first article that belongs to it."""
        return tuple(self._root(number) for number in range(len(self._parents)))

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            number = self._parents[number]
        return number


def stories_of(sketches: Iterable[Sketch], limits: StoryLimits) -> tuple[int, ...]:
    """For each article the number of its story: the index of the first article that belongs to it."""
    stories = Stories(limits)
    for sketch in sketches:
        stories.add(sketch, stories.versions_of(sketch))
    return stories.numbers()


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")
