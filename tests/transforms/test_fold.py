"""Folding of single lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fold import fold_characters, fold_letters, fold_line, fold_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("• POST\u00a0A  COMMENT…", "post a comment"),
        ("Read more »", "read more"),
        ("Editor’s Picks:", "editor's picks"),
        ("👉 Read more", "read more"),
        ("***", "***"),
        ("", ""),
        ("SON HABERLER İ", "son haberler i"),
        ("الأكثر قراءة", "الأکثر قراءة"),
    ],
)
def test_fold_line(text: str, expected: str) -> None:
    assert fold_line(text) == expected


def test_persian_and_arabic_letters_are_one() -> None:
    assert fold_letters("كي") == fold_characters("كي") == "کی"


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=80))
def test_fold_characters_keeps_offsets(text: str) -> None:
    assert len(fold_characters(text)) == len(text)
