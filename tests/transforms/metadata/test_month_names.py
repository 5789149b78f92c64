from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.metadata.month_names import MonthNames, fold_name, month_of


@pytest.mark.parametrize(
    ("name", "language", "month"),
    [
        ("Jänner", "de", 1),
        ("MÄRZ", "de-AT", 3),
        ("août", "fr", 8),
        ("aout", "fr", 8),
        ("сентября", "ru", 9),
        ("مهر", "fa", None),
        ("listopadu", "cs", 11),
        ("listopada", "pl", 11),
        ("listopada", "hr", 10),
        ("Minuten", "de", None),
        ("dicembre", None, 12),
        ("dicembre", "und", 12),
    ],
)
def test_names_are_read_in_their_language(name: str, language: str | None, month: int | None) -> None:
    assert month_of(name, language) == month


def test_a_wrongly_stated_language_does_not_lose_the_month() -> None:
    assert month_of("Oktober", "es") == 10


def test_a_language_that_the_file_does_not_name_is_put_to_dateparser() -> None:
    assert "kea" not in MonthNames.load().by_language
    assert month_of("Junhu", "kea") == 6


def test_an_unknown_language_falls_back() -> None:
    assert month_of("marzo", "xx") == 3


def test_every_language_has_twelve_months_or_says_that_it_has_none() -> None:
    for language, names in MonthNames.load().by_language.items():
        assert not names or set(names.values()) <= set(range(1, 13)), language
    assert set(MonthNames.load().by_language["de"].values()) == set(range(1, 13))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=20))
@example("\u2120")  # A sign that takes itself apart into capitals.
def test_folding_is_idempotent(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
