from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.ngrams import Repetition, repetition


def _top(words: list[str], n: int) -> float | None:
    grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    if not grams:
        return None
    times = Counter(grams)
    highest = max(times.values())
    if highest == 1:
        return 0.0
    longest = max(len("".join(gram)) for gram, count in times.items() if count == highest)
    return min(longest * highest / len("".join(words)), 1.0)


def _repeated(words: list[str], n: int) -> float | None:
    grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    if not grams:
        return None
    covered = {i + k for i, gram in enumerate(grams) if gram in grams[:i] for k in range(n)}
    return sum(len(words[i]) for i in covered) / len("".join(words))


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(["a", "bb", "ccc", "d"]), max_size=60))
def test_equals_the_plain_definition(words: list[str]) -> None:
    found = repetition(words)
    assert found == Repetition(
        pytest.approx(_top(words, 2)),
        pytest.approx(_top(words, 3)),
        pytest.approx(_top(words, 4)),
        pytest.approx(_repeated(words, 5)),
        pytest.approx(_repeated(words, 10)),
    )


def test_a_pair_that_comes_twice() -> None:
    assert repetition(["a", "bb", "a", "bb", "c"]).top_2gram == pytest.approx(6 / 7)


def test_what_overlaps_counts_once() -> None:
    found = repetition(["no"] * 40)
    assert found.top_2gram == 1.0
    assert found.repeated_5gram == pytest.approx(39 / 40)


def test_too_few_words() -> None:
    assert repetition([]) == Repetition(None, None, None, None, None)
    assert repetition(["one", "two"]).top_3gram is None
