"""Tests of transforms.metadata.agreement: how far two titles say the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.metadata.agreement import agreement, fold_title, squeeze


def test_shared_words() -> None:
    assert agreement("Harbour reopens", "Harbour reopens | Example Times") == 0.5
    assert agreement("Harbour reopens", "Storm over hills") == 0.0
    assert agreement("", "Storm") == 0.0


def test_scripts_without_spaces_share_pairs() -> None:
    assert agreement("港が再び開かれたと市が発表した", "港が再び開かれたと市が発表") > 0.8
    assert agreement("港が再び開かれたと市が発表した", "全く別の記事がここにあります今") < 0.2


def test_folding() -> None:
    assert fold_title("“Storm”  –  over") == fold_title('"storm" - OVER')
    assert squeeze("The Example-Times") == squeeze("theexampletimes")


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60))
def test_agreement_is_symmetric_and_bounded(first: str, second: str) -> None:
    assert agreement(first, second) == agreement(second, first)
    assert 0.0 <= agreement(first, second) <= 1.0
