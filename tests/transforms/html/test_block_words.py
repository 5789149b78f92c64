"""Words at the start of a block: which count, and how."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.html.block_words import EDGE, WordWeights, words_of

WORDS = WordWeights({"newsletter": -300, "sign up": -100, "#": 40, "said": 200})


def test_words_and_pairs_are_summed_and_divided_by_the_root_of_their_number() -> None:
    assert WORDS.weigh("Sign up, newsletter!") == pytest.approx(-400 / 3**0.5)
    assert WORDS.weigh("He said") == pytest.approx(200 / 2**0.5)


def test_a_word_counts_once_and_numbers_are_alike() -> None:
    assert WORDS.weigh("12 13 14 15") == WORDS.weigh("1 2 3 4") == 20
    assert words_of("On 3 May, 10am") == ["on", "#", "may", "#"]


def test_only_the_start_counts() -> None:
    assert WORDS.weigh("x" * EDGE + " newsletter") == 0


def test_the_packaged_words_tell_prompts_from_reports() -> None:
    words = WordWeights.load()
    assert words.weigh("Sign up for our newsletter") < -100 < 0 < words.weigh("That would be hard, the minister said")


@settings(derandomize=True, deadline=None)
@given(st.text())
def test_any_text_has_a_finite_weight(text: str) -> None:
    assert abs(WORDS.weigh(text)) < 1e6


@settings(derandomize=True, max_examples=300)
@given(st.text(st.sampled_from(" aZÉéßµªº²½ÿŸ_-7\u0663\u2019\u201cΣσжЖ\u3042.,\0\x85\xa0\x1c\n"), max_size=30))
def test_words_are_the_same_in_every_alphabet(text: str) -> None:
    words = re.findall(r"\w+", text.lower())
    assert words_of(text) == ["#" if re.search(r"\d", word) else word for word in words]
