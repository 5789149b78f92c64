"""Whether two names are one: look-alikes never, spellings always."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.entities.local_id import local_id
from transforms.entities.name_key import name_key
from transforms.entities.person_words import person_words
from transforms.entities.same_name import same_name

PAIRS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "name_pairs.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
APART = [(one, other) for what, one, other in PAIRS if what == "apart"]
SAME = [(one, other) for what, one, other in PAIRS if what == "same"]
NAMES = st.lists(
    st.text(alphabet="abcdeghiklmnorstuvyzśğоваμπال李-'.", min_size=1, max_size=9), min_size=1, max_size=4
).map(" ".join)


def test_there_are_enough_pairs() -> None:
    assert len(APART) >= 200
    assert len(SAME) >= 100
    assert len(set(PAIRS)) == len(PAIRS)


@pytest.mark.parametrize(("one", "other"), APART)
def test_look_alikes_stay_two(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)
    assert local_id(one) != local_id(other)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_are_one(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


def test_most_spellings_have_one_key() -> None:
    """The key only finds candidates, but what it doesn't find is lost."""
    found = sum(name_key(one) == name_key(other) for one, other in SAME)
    assert found >= 0.8 * len(SAME)


@given(NAMES, NAMES)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_the_order_of_two_names_does_not_matter(one: str, other: str) -> None:
    assert same_name(one, other) == same_name(other, one)
    assert same_name(one, one)


@given(NAMES)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_case_and_spaces_do_not_matter(name: str) -> None:
    words = person_words(name)
    if words.plain:
        assert same_name(name, f"  {name} ")
        assert all(word.isascii() and word.isalpha() and word.islower() for word in words.plain)


@given(NAMES)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_one_id_means_one_name(name: str) -> None:
    """Another case is the same id, and never another name."""
    if name.isascii():
        assert local_id(name.upper()) == local_id(name)
        assert same_name(name, name.upper()) or not person_words(name).plain


@pytest.mark.parametrize("name", ["a" * 20000 + "ü", "Ab" * 9000 + "!", "a b " * 9000 + "é", "Aa " * 9000 + "-"])
def test_long_names_take_no_longer_than_they_are(name: str) -> None:
    start = time.process_time()
    person_words(name)
    assert time.process_time() - start < 2.0
