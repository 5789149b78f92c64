"""Tests of transforms.word_count: words in any script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.word_count import has_dense, is_dense, word_count, words_of


def _count(text: str) -> int:
    return word_count(words_of(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("The bridge reopens.", 3),
        ("It's a well-known ex-minister – really.", 5),
        ("— … !", 0),
        ("桥梁重新开放。", 6),
        ("2021年 GDP 增长", 5),
        ("다리가 다시 열렸다", 3),
        ("हिन्दी में समाचार", 3),
        ("ไทย", 3),
        ("one\ntwo\u00a0three", 3),
    ],
)
def test_counts(text: str, words: int) -> None:
    assert _count(text) == words


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80))
def test_lines_add_up(first: str, second: str) -> None:
    assert _count(f"{first}\n{second}") == _count(first) + _count(second)


def test_no_dense_letter_is_missed() -> None:
    dense = [character for character in map(chr, range(0x40000)) if is_dense(character)]
    assert len(dense) > 100_000
    assert all(map(has_dense, dense))
    assert not has_dense("“Über 3 € …” – мост")


def test_lower_case_leaves_letters_digits_and_spaces_what_they_are() -> None:
    for character in map(chr, range(0x110000)):
        lower = character.lower()
        if lower != character:
            assert any(map(str.isalnum, lower)) == character.isalnum()
            assert not any(map(str.isspace, lower))
            assert not is_dense(lower[0])
