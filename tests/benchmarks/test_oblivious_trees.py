"""Boosted trees: they learn what is there, the same way every time."""

from __future__ import annotations

import numpy as np

from benchmarks.oblivious_trees import TreeSettings, fit

SETTINGS = TreeSettings(trees=30, depth=2, rate=0.3, ridge=1.0, column_share=1.0)
RANDOM = np.random.default_rng(7)
ROWS = RANDOM.random((400, 3))
EITHER = ((ROWS[:, 0] > 0.5) != (ROWS[:, 1] > 0.3)).astype(np.float64)
ONES = np.ones(400)


def test_it_learns_what_no_single_question_tells() -> None:
    odds = fit(ROWS, EITHER, ONES, SETTINGS, seed=0).predict(ROWS)
    assert ((odds > 0) == (EITHER > 0)).mean() > 0.95


def test_the_same_seed_gives_the_same_forest() -> None:
    first, second = (fit(ROWS, EITHER, ONES, SETTINGS, seed=3).predict(ROWS) for _ in range(2))
    assert first.tolist() == second.tolist()
    assert first.tolist() != fit(ROWS, EITHER, ONES, SETTINGS, seed=4).predict(ROWS).tolist()


def test_weights_decide_between_contradicting_rows() -> None:
    rows = np.zeros((100, 1))
    rows[:50] = 1.0
    labels = np.tile([0.0, 1.0], 50)
    weights = np.where(labels > 0, 9.0, 1.0)
    assert (fit(rows, labels, weights, SETTINGS, seed=0).predict(rows) > 1).all()


def test_a_constant_feature_is_never_asked() -> None:
    rows = np.column_stack([np.ones(400), ROWS[:, 0]])
    forest = fit(rows, (ROWS[:, 0] > 0.5).astype(np.float64), ONES, SETTINGS, seed=0)
    assert {feature for tree in forest.trees for feature in tree.features} == {1}
