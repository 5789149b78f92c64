"""Learns how much single words and pairs of words at the start of a line speak for or against the article, in numpy alone.

    fit_words([Line("Sign up for our newsletter", False, "example.com"), …], WordSettings()) -> {"newsletter": -1.31, …}

A sparse logistic regression (accelerated proximal gradient), so that only some hundred words keep a weight. A line counts
once for a publisher, however many of its pages carry it; words that few publishers use, or that are part of a publisher's
host name, say nothing about others and are left out.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.html.block_words import words_of

Floats = npt.NDArray[np.float64]


class Line(NamedTuple):
    """One line of a page; `is_body`: it is part of the article."""

    text: str
    is_body: bool
    publisher: str


class WordSettings(NamedTuple):
    """`publishers`: how many must use a word; `sparsity` drives small weights to zero, `ridge` shrinks all."""

    publishers: int = 6
    sparsity: float = 2.0
    ridge: float = 0.7
    steps: int = 60


def terms_of(text: str) -> tuple[tuple[str, ...], int]:
    """The words and pairs of words at the start of `text`, each once, in order, and the number of words."""
    words = words_of(text)
    pairs = (" ".join(pair) for pair in itertools.pairwise(words))
    return tuple(dict.fromkeys([*words, *pairs])), len(words)


def fit_words(lines: Iterable[Line], settings: WordSettings) -> dict[str, float]:
    """The weights that are not zero, in logits, by word."""
    kept = _once_a_publisher(lines)
    terms = [terms_of(line.text) for line in kept]
    places = _vocabulary([found for found, _ in terms], [line.publisher for line in kept], settings.publishers)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, (found, count) in enumerate(terms):
        known = [places[term] for term in found if term in places]
        rows += [row] * len(known)
        columns += known
        values += [1 / count**0.5] * len(known)
    share = Counter(line.publisher for line in kept)
    weights = np.array(
        [
            min(1.0, count**0.5 / 5) / share[line.publisher] ** 0.5
            for line, (_, count) in zip(kept, terms, strict=True)
        ]
    )  # fmt: skip
    labels = np.array([line.is_body for line in kept], np.float64)
    found_weights = _descend(
        np.array(rows, np.int64),
        np.array(columns, np.int64),
        np.array(values),
        labels,
        weights / weights.mean(),
        len(places),
        settings,
    )
    return {term: weight for term, place in places.items() if (weight := float(found_weights[place]))}


def _once_a_publisher(lines: Iterable[Line]) -> list[Line]:
    return list(dict.fromkeys(line for line in lines if words_of(line.text)))


def _vocabulary(terms: Sequence[Sequence[str]], publishers: Sequence[str], least: int) -> Mapping[str, int]:
    users: dict[str, set[str]] = {}
    for found, publisher in zip(terms, publishers, strict=True):
        for term in found:
            users.setdefault(term, set()).add(publisher)
    names = {part for publisher in publishers for part in publisher.split(".")}
    common = sorted(
        term for term, used in users.items() if len(used) >= least and names.isdisjoint(term.split(" "))
    )  # fmt: skip
    return {term: place for place, term in enumerate(common)}


def _descend(
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    values: Floats,
    labels: Floats,
    weights: Floats,
    width: int,
    settings: WordSettings,
) -> Floats:
    """Weights of the columns after a fixed number of accelerated steps."""
    count = len(labels)
    steps = 1 / (6 * (np.bincount(columns, values * values * weights[rows], width) / 4 + settings.ridge))
    now = np.zeros(width)
    pace = np.zeros(width)
    base = base_pace = 0.0
    for step in range(settings.steps):
        ahead = now + pace * (step / (step + 3))
        base_ahead = base + base_pace * (step / (step + 3))
        odds = np.bincount(rows, ahead[columns] * values, count) + base_ahead
        errors = weights * (1 / (1 + np.exp(-odds)) - labels)
        moved = ahead - steps * (np.bincount(columns, values * errors[rows], width) + settings.ridge * ahead)
        shrunk = np.sign(moved) * np.maximum(0.0, np.abs(moved) - steps * settings.sparsity)
        base_next = base_ahead - float(errors.sum() / weights.sum()) * 2
        pace, base_pace = shrunk - now, base_next - base
        now, base = shrunk, base_next
    return now
