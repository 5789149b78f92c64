"""Decides which words of a run are a name and of what type: a linear model over a hashed table, solved exactly.

Before: run "Foreign Minister Lena Orlova". After: O O person-begin person-inside.
The table is configs/names/model.npy, made by benchmarks/train_name_model.py from openly licensed texts; its rows are those of
transforms/entities/name_features.py, its columns the seven labels.
"""

from __future__ import annotations

import importlib.resources
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.entities.name_features import (
    COMMON_BITS,
    ROLES,
    Role,
    Surrounding,
    combination_rows,
    common_bit,
    neighbour_rows,
    word_rows,
)
from transforms.entities.name_runs import Run, gaps_of, runs_of
from transforms.entities.name_words import NameWords, WordClass
from transforms.entities.tokens import Tokens

LABELS = ("O", "B-person", "I-person", "B-organization", "I-organization", "B-place", "I-place")
_SINGLE = (0, 1, 3, 5)
"""The labels that a name of one word, or none, can have."""
_CACHED_WORDS = 50_000
_EDGE = "\n"
# Where the words of the roles SELF, BEFORE, BEFORE_2, AFTER and AFTER_2 stand, counted from the token in a text with two edges.
_AROUND = np.array([2, 1, 0, 3, 4])
_KIND_COLUMNS = np.array(
    [
        Surrounding.HERE,
        Surrounding.BEFORE,
        Surrounding.TWO_BEFORE,
        Surrounding.AFTER,
        Surrounding.TWO_AFTER,
        Surrounding.LAST,
        Surrounding.FIRST,
    ]
)
_NO_ROWS = (0,)
"""A row whose scores nobody asks for: a sum needs one at least."""
_WORD_COLUMNS = np.array([Surrounding.WORD_BEFORE, Surrounding.WORD, Surrounding.WORD_AFTER])
_WORD_ROLES = np.array([Role.BEFORE, Role.SELF, Role.AFTER])


@dataclass(slots=True)
class WordCache:
    """What the model knows of each word seen lately, in one language: its class, and its scores in each role.

    Made once per process and language; forgotten when it is full, so memory stays bounded. It holds nothing but what the
    model says of a word, so results don't depend on it. Threads may share it: arrays are replaced by longer ones, never shortened,
    and a word is in `places` only once all the rest of it is there.
    """

    language: str
    places: dict[str, int]
    kinds: npt.NDArray[np.uint32]
    hashes: npt.NDArray[np.uint32]
    scores: npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class NameModel:
    """`table[row]` are the scores of the seven labels, in whole steps; `common` has a bit for each usual lower-case word."""

    table: npt.NDArray[np.int8]
    common: npt.NDArray[np.uint8]
    words: NameWords
    caches: dict[str, WordCache] = field(default_factory=dict, compare=False)
    learning: threading.Lock = field(default_factory=threading.Lock, compare=False)

    @staticmethod
    def load() -> NameModel:
        """The built-in model (cached)."""
        return _load()

    def kind(self, word: str, language: str) -> WordClass:
        """The class of a token; the edge of a text is `NONE`."""
        if word == _EDGE:
            return WordClass.NONE
        return self._kind(word, language, common_bit(word.lower(), language))

    def _kind(self, word: str, language: str, bit: int) -> WordClass:
        return self.words.classify(word, language, bool(self.common[bit >> 3] >> (bit & 7) & 1))

    def known(self, words: Sequence[str], language: str) -> tuple[WordCache, list[int]]:
        """The cache of a language with all of `words` in it, and their places there."""
        cache = self.caches.get(language)
        if cache is None or len(cache.places) > _CACHED_WORDS:
            cache = self.caches[language] = _empty_cache(language)
        found = list(map(cache.places.get, words))
        if None in found:
            with self.learning:
                self._learn(cache, words)
            return cache, list(map(cache.places.__getitem__, words))
        return cache, found  # type: ignore[return-value]

    def _learn(self, cache: WordCache, words: Sequence[str]) -> None:
        new = [word for word in dict.fromkeys(words) if word not in cache.places]
        start = len(cache.places)
        end = start + len(new)
        if end > len(cache.kinds):
            more = max(end, 2 * len(cache.kinds)) - len(cache.kinds)
            cache.kinds = np.concatenate([cache.kinds, np.zeros(more, np.uint32)])
            cache.hashes = np.concatenate([cache.hashes, np.zeros(more, np.uint32)])
            cache.scores = np.concatenate([cache.scores, np.zeros((more, ROLES, len(LABELS)), np.int16)])
        kinds: list[int] = []
        hashes: list[int] = []
        rows: list[int] = []
        sizes: list[int] = []
        language = cache.language
        for word in new:
            folded = word.lower()
            bit = common_bit(folded, language)
            kind = WordClass.NONE if word == _EDGE else self._kind(word, language, bit)
            kinds.append(kind)
            hashes.append(bit)
            # A word in lower case that is no small word stands beside runs, never in them.
            if word[0].islower() and word != "s" and kind != WordClass.PARTICLE:
                by_role = (_NO_ROWS, *neighbour_rows(folded, language), _NO_ROWS, _NO_ROWS)
            else:
                by_role = word_rows(word, kind, language)
            for each in by_role:
                sizes.append(len(each))
                rows += each
        cache.kinds[start:end] = kinds
        cache.hashes[start:end] = hashes
        firsts = np.cumsum(np.array(sizes, np.int64)) - np.array(sizes, np.int64)
        sums = np.add.reduceat(self.table[np.array(rows)], firsts, axis=0, dtype=np.int16)
        cache.scores[start:end] = sums.reshape(len(new), ROLES, len(LABELS))
        cache.places.update(zip(new, range(start, end), strict=True))

    def scores(self, rows: RunRows) -> npt.NDArray[np.float32]:
        """The scores of each token of each run, in order: (tokens, labels)."""
        by_word = rows.cache.scores[rows.words, np.arange(ROLES)].sum(axis=1, dtype=np.float32)
        total: npt.NDArray[np.float32] = self.table[rows.combinations].sum(axis=1, dtype=np.float32) + by_word
        return total


def shared_scores(
    scores: npt.NDArray[np.float32], words: npt.NDArray[np.int64], share: float
) -> npt.NDArray[np.float32]:
    """The scores with those of each word drawn towards the mean of the same word in the whole article, by type.

    What one sentence says clearly ("Mr Player") so helps where another doesn't ("Player had gone"). `words` are the words'
    places in the cache; `share` is 0 for no change to 1 for the mean alone.
    """
    groups, inverse = np.unique(words, return_inverse=True)
    typed = np.maximum(scores[:, 1::2], scores[:, 2::2])
    kinds = np.column_stack([scores[:, 0], typed])
    sums = np.zeros((len(groups), kinds.shape[1]), np.float32)
    np.add.at(sums, inverse, kinds)
    mean = sums / np.bincount(inverse, minlength=len(groups))[:, None]
    change = share * (mean[inverse] - kinds)
    changed: npt.NDArray[np.float32] = scores + change[:, [0, 1, 1, 2, 2, 3, 3]].astype(np.float32)
    return changed


class RunRows(NamedTuple):
    """What the scores of an article's runs are made of: places of words by role, rows of combinations; (tokens, …)."""

    cache: WordCache
    words: npt.NDArray[np.int64]
    combinations: npt.NDArray[np.uint32]


class Runs(NamedTuple):
    """The runs of an article and what is known of its words: `places` in the cache of all words in runs and of two on either side, with
    two edges before the first word and behind the last; 0 for all others."""

    tokens: Tokens
    gaps: bytes
    runs: tuple[Run, ...]
    cache: WordCache
    places: npt.NDArray[np.int64]


def find_runs(tokens: Tokens, language: str, model: NameModel) -> Runs:
    """Finds the runs and looks up their words and the two on either side of each."""
    lists = model.words
    words = tokens.words
    gaps = gaps_of(tokens, lists.words("abbreviations", language))
    runs = runs_of(words, gaps, lists.words("particles", language), lists.words("leading_particles", language))
    size = len(words)
    # Token i stands at i + 2, so that every token has neighbours.
    asked: list[int] = []
    done = 0
    for first, end in runs:
        asked += range(max(first, done), end + 4)
        done = end + 4
    with_edges = (_EDGE, _EDGE, *words, _EDGE, _EDGE)
    cache, found = model.known([with_edges[place] for place in asked], language)
    places = np.zeros(size + 4, np.int64)
    places[asked] = found
    return Runs(tokens, gaps, runs, cache, places)


def rows_of_runs(found: Runs) -> RunRows:
    """The rows of every token of the runs; there must be one run at least."""
    tokens, gaps, runs, cache, known = found
    firsts = np.array([run.first for run in runs], np.int64)
    sizes = np.array([run.end - run.first for run in runs], np.int64)
    first = firsts.repeat(sizes)
    length = sizes.repeat(sizes)
    offset = np.arange(len(first)) - (sizes.cumsum() - sizes).repeat(sizes)
    here = first + offset
    words = np.empty((len(here), ROLES), np.int64)
    words[:, : len(_AROUND)] = known[here[:, None] + _AROUND]
    words[:, Role.LAST] = known[first + length + 1]
    words[:, Role.FIRST] = known[first + 2]
    kinds, hashes = cache.kinds, cache.hashes
    gap = np.frombuffer(gaps, np.uint8)
    around = np.empty((len(here), len(Surrounding)), np.uint32)
    around[:, _KIND_COLUMNS] = kinds[words]
    around[:, Surrounding.LEFT] = gap[here]
    around[:, Surrounding.RIGHT] = gap[here + 1]
    # 0 first in its run, 1 inside, 2 last, 3 alone.
    ends = offset == length - 1
    around[:, Surrounding.PLACE] = np.where(offset == 0, ends * 3, 1 + ends)
    around[:, Surrounding.OPENING] = _openings(tokens, here.tolist())
    around[:, Surrounding.LENGTH] = np.minimum(length, 5)
    around[:, _WORD_COLUMNS] = hashes[words[:, _WORD_ROLES]]
    return RunRows(cache, words, combination_rows(around))


def _openings(tokens: Tokens, places: Sequence[int]) -> npt.NDArray[np.uint32]:
    """0 inside a sentence; at its start 1 for a word that the article also has in lower case, 2 for one that it has with a
    capital elsewhere, 3 for others."""
    words, opens = tokens.words, tokens.opens
    inside = {words[place] for place in places if not opens[place]}
    everything = frozenset(words)
    return np.array(
        [
            0 if not opens[place] else 1 if words[place].lower() in everything else 2 if words[place] in inside else 3
            for place in places
        ],
        np.uint32,
    )


def _empty_cache(language: str) -> WordCache:
    size = 1024
    return WordCache(
        language,
        {},
        np.zeros(size, np.uint32),
        np.zeros(size, np.uint32),
        np.zeros((size, ROLES, len(LABELS)), np.int16),
    )


def labels_of_runs(scores: npt.NDArray[np.float32], runs: Sequence[Run]) -> list[list[int]]:
    """`best_labels` of each run; `scores` are those of all their tokens."""
    # Most runs are one word, whose best label needs no search.
    alone = [_SINGLE[best] for best in scores[:, _SINGLE].argmax(axis=1).tolist()]
    rows: list[list[float]] = scores.tolist()
    labels: list[list[int]] = []
    at = 0
    for first, end in runs:
        size = end - first
        labels.append([alone[at]] if size == 1 else best_labels(rows[at : at + size]))
        at += size
    return labels


def best_labels(scores: Sequence[Sequence[float]]) -> list[int]:
    """The best row of labels of one run in which every inside label follows its own kind; the earliest where equal."""
    row = scores[0]
    total = [row[0], row[1], -1e9, row[3], -1e9, row[5], -1e9]
    back: list[tuple[int, int, int, int]] = []
    for row in scores[1:]:
        best = max(total)
        source = total.index(best)
        person = 1 if total[1] >= total[2] else 2
        organization = 3 if total[3] >= total[4] else 4
        place = 5 if total[5] >= total[6] else 6
        back.append((source, person, organization, place))
        total = [
            best + row[0],
            best + row[1],
            total[person] + row[2],
            best + row[3],
            total[organization] + row[4],
            best + row[5],
            total[place] + row[6],
        ]
    label = total.index(max(total))
    labels = [label]
    for source, person, organization, place in reversed(back):
        label = person if label == 2 else organization if label == 4 else place if label == 6 else source
        labels.append(label)
    labels.reverse()
    return labels


@lru_cache(maxsize=1)
def _load() -> NameModel:
    folder = importlib.resources.files("configs").joinpath("names")
    with importlib.resources.as_file(folder.joinpath("model.npy")) as path:
        stored = np.load(path)
    with importlib.resources.as_file(folder.joinpath("common.npy")) as path:
        common = np.load(path)
    if common.size * 8 != 1 << COMMON_BITS:
        raise ValueError(f"configs/names/common.npy has {common.size * 8} bits, not {1 << COMMON_BITS}")
    return NameModel(stored, common, NameWords.load())
