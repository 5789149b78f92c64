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


def stories_of(sketches: Sequence[Sketch], limits: StoryLimits) -> tuple[int, ...]:
    """For each article the number of its story: the index of the first article that belongs to it.

    Versions are followed from one to the next, so the first and the last of a story may have little in common.
    """
    story = list(range(len(sketches)))
    sets = [frozenset(sketch) for sketch in sketches]

    def root(index: int) -> int:
        while story[index] != index:
            index = story[index]
        return index

    for index, sketch in enumerate(sketches):
        own = sets[index]
        for earlier in range(index):
            # What is counted among the smallest of both is in both: most pairs are told apart by this alone.
            if len(own & sets[earlier]) < limits.same_share * max(len(own), len(sets[earlier]), 1):
                continue
            first, second = sorted((root(earlier), root(index)))
            if first != second and resemblance(sketches[earlier], sketch, limits) >= limits.same_share:
                story[second] = first
    return tuple(root(index) for index in range(len(sketches)))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")
