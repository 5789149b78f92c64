"""Tests of transforms.word_count: words in any script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.word_count import word_count


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
    assert word_count(text) == words


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80))
def test_lines_add_up(first: str, second: str) -> None:
    assert word_count(f"{first}\n{second}") == word_count(first) + word_count(second)
