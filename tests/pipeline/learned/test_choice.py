from __future__ import annotations

import hashlib
import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.learned.choice import ENOUGH, FEW, Budget, Candidate, choose

LARGE = Budget(1000, 40)


def candidates(counts: dict[str, int]) -> list[Candidate]:
    made = []
    for site, count in counts.items():
        for number in range(count):
            order = hashlib.sha256(f"{site}{number}".encode()).hexdigest()
            made.append(Candidate(order, site, len(made), 0, 100))
    return made


def sites(chosen: tuple[Candidate, ...]) -> Counter[str]:
    return Counter(each.site for each in chosen)


def test_no_more_of_a_site_than_it_needs() -> None:
    assert sites(choose(candidates({"a": 100, "b": 5}), {}, LARGE)) == {"a": 40, "b": 5}
    assert sites(choose(candidates({"a": 100, "b": 5}), {"a": 30}, LARGE)) == {"a": 10, "b": 5}


def test_a_small_budget_goes_to_the_largest_sites() -> None:
    chosen = sites(choose(candidates({"a": 100, "b": 90, "c": 80, "d": 70}), {}, Budget(2 * ENOUGH + 3, 40)))
    assert chosen == {"a": ENOUGH, "b": ENOUGH, "c": 3}
    chosen = sites(choose(candidates({"a": 100, "b": 90}), {}, Budget(2 * ENOUGH + 3, 40)))
    assert chosen == {"a": ENOUGH + 2, "b": ENOUGH + 1}


def test_of_sites_too_small_to_teach_a_few_are_kept_for_later() -> None:
    many = {f"site{number:03}": FEW - 1 for number in range(200)}
    assert sum(sites(choose(candidates({"a": 10, **many}), {}, LARGE)).values()) == 10 + 30
    assert sites(choose(candidates({"a": 1}), {"a": FEW - 1}, LARGE)) == {"a": 1}


def test_a_site_that_the_lake_knows_is_only_refreshed() -> None:
    chosen = choose(candidates({"a": 800}), {"a": 40}, LARGE)
    assert 60 < len(chosen) < 140


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 60), max_size=8),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), max_size=8),
    st.integers(1, 150),
    st.randoms(use_true_random=False),
)
@settings(derandomize=True, max_examples=80, deadline=None)
def test_the_choice_keeps_the_budget_and_knows_no_order(
    counts: dict[str, int], held: dict[str, int], records: int, rng: random.Random
) -> None:
    every = candidates(counts)
    budget = Budget(records, 40)
    chosen = choose(every, held, budget)
    assert len(chosen) <= records
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= set(every)
    rng.shuffle(every)
    assert choose(every, held, budget) == chosen
