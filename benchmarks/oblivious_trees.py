"""Gradient-boosted trees whose levels each ask one question, for the logistic loss, in numpy alone.

    fit(rows, labels, weights, TreeSettings(), seed=0) -> Forest

Every level of a tree splits all of its nodes by the same feature and threshold, so that a tree of depth n is n comparisons
and a table of 2 ** n leaves: fast to run, hard to overfit. Each tree sees a random part of rows and columns (seeded).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class TreeSettings(NamedTuple):
    """`rate` shrinks every leaf, `ridge` shrinks leaves of little weight, shares are of rows and columns for each tree."""

    trees: int = 70
    depth: int = 4
    rate: float = 0.12
    ridge: float = 5.0
    bins: int = 24
    row_share: float = 0.5
    column_share: float = 0.4


class Tree(NamedTuple):
    """`leaves` has an entry for each answer pattern; the highest bit is the first level."""

    features: tuple[int, ...]
    thresholds: tuple[float, ...]
    leaves: Floats


class Forest(NamedTuple):
    """Log odds of a row: `base` and one leaf of each tree."""

    base: float
    trees: tuple[Tree, ...]

    def predict(self, rows: Floats) -> Floats:
        """The log odds of each row."""
        odds = np.full(len(rows), self.base)
        for tree in self.trees:
            leaf = np.zeros(len(rows), np.int64)
            for feature, threshold in zip(tree.features, tree.thresholds, strict=True):
                leaf = leaf * 2 + (rows[:, feature] > threshold)
            odds += tree.leaves[leaf]
        return odds


def fit(rows: Floats, labels: Floats, weights: Floats, settings: TreeSettings, seed: int) -> Forest:
    """The forest for rows (blocks, features), labels 0 or 1 and weights."""
    random = np.random.default_rng(seed)
    count, width = rows.shape
    edges = [_edges(rows[:, column], settings.bins) for column in range(width)]
    bins = settings.bins + 1
    binned = np.stack([np.searchsorted(edge, rows[:, column]) for column, edge in enumerate(edges)], axis=1)
    usable = np.arange(bins)[np.newaxis] < np.array([len(edge) for edge in edges])[:, np.newaxis]
    weights = weights / weights.mean()
    mean = float(np.average(labels, weights=weights))
    base = round(float(np.log(mean / (1 - mean))), 3)
    odds = np.full(count, base)
    trees = []
    for _ in range(settings.trees):
        chance = 1 / (1 + np.exp(-odds))
        picked = np.flatnonzero(random.random(count) < settings.row_share)
        columns = np.sort(random.choice(width, max(1, round(settings.column_share * width)), replace=False))
        slopes = (weights * (labels - chance))[picked]
        curves = (weights * chance * (1 - chance))[picked]
        part = binned[np.ix_(picked, columns)]
        leaf = np.zeros(count, np.int64)
        features: list[int] = []
        thresholds: list[float] = []
        for level in range(settings.depth):
            gain = _gains(part, leaf[picked], 1 << level, bins, slopes, curves, settings.ridge)
            gain[~usable[columns]] = -1.0
            place, edge = divmod(int(gain.argmax()), bins)
            column = int(columns[place])
            features.append(column)
            thresholds.append(float(edges[column][edge]))
            leaf = leaf * 2 + (binned[:, column] > edge)
        size = 1 << settings.depth
        up = np.bincount(leaf[picked], slopes, size)
        down = np.bincount(leaf[picked], curves, size)
        leaves: Floats = np.round(settings.rate * up / (down + settings.ridge), 3).astype(np.float64)
        odds += leaves[leaf]
        trees.append(Tree(tuple(features), tuple(thresholds), leaves))
    return Forest(base, tuple(trees))


def _edges(values: Floats, bins: int) -> Floats:
    """At most `bins` thresholds between values, rounded to what a reviewer can read."""
    distinct = np.unique(values)
    if len(distinct) > bins:
        marks = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1]))
        upper = np.clip(np.searchsorted(distinct, marks), 1, len(distinct) - 1)
    else:
        upper = np.arange(1, len(distinct))
    return np.unique(np.round((distinct[upper] + distinct[upper - 1]) / 2, 4))


def _gains(
    part: npt.NDArray[np.int64],
    leaf: npt.NDArray[np.int64],
    leaves: int,
    bins: int,
    slopes: Floats,
    curves: Floats,
    ridge: float,
) -> Floats:
    """How much each split (column, edge) lowers the loss, summed over the leaves."""
    width = part.shape[1]
    cells = ((leaf[:, np.newaxis] * width + np.arange(width)) * bins + part).ravel()
    shape = (leaves, width, bins)
    up = np.bincount(cells, np.repeat(slopes, width), leaves * width * bins).reshape(shape).cumsum(axis=2)
    down = np.bincount(cells, np.repeat(curves, width), leaves * width * bins).reshape(shape).cumsum(axis=2)
    all_up, all_down = up[:, :, -1:], down[:, :, -1:]
    gain = up**2 / (down + ridge) + (all_up - up) ** 2 / (all_down - down + ridge)
    return np.asarray(gain.sum(axis=0))
