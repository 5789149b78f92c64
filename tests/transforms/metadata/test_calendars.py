"""Tests of transforms.metadata.calendars: days known in two calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.metadata.calendars import buddhist_to_gregorian, islamic_to_gregorian, persian_to_gregorian


@pytest.mark.parametrize(
    ("convert", "day", "gregorian"),
    [
        (persian_to_gregorian, (1357, 11, 22), date(1979, 2, 11)),
        (persian_to_gregorian, (1370, 1, 1), date(1991, 3, 21)),
        (persian_to_gregorian, (1399, 12, 30), date(2021, 3, 20)),
        (persian_to_gregorian, (1400, 1, 1), date(2021, 3, 21)),
        (persian_to_gregorian, (1403, 1, 1), date(2024, 3, 20)),
        (persian_to_gregorian, (1404, 1, 1), date(2025, 3, 21)),
        (islamic_to_gregorian, (1, 1, 1), date(622, 7, 19)),
        (islamic_to_gregorian, (1442, 7, 20), date(2021, 3, 4)),
        (islamic_to_gregorian, (1442, 9, 1), date(2021, 4, 13)),
        (islamic_to_gregorian, (1445, 1, 1), date(2023, 7, 19)),
        (buddhist_to_gregorian, (2564, 3, 4), date(2021, 3, 4)),
    ],
)
def test_known_days(convert: Callable[[int, int, int], date], day: tuple[int, int, int], gregorian: date) -> None:
    assert convert(*day) == gregorian


@pytest.mark.parametrize("day", [(1400, 12, 30), (1400, 7, 31), (1400, 13, 1), (1400, 0, 1), (1400, 1, 0)])
def test_days_that_the_persian_calendar_has_not(day: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no day of the Persian calendar"):
        persian_to_gregorian(*day)


@pytest.mark.parametrize("day", [(1442, 13, 1), (1442, 1, 31)])
def test_days_that_the_islamic_calendar_has_not(day: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no day of the Islamic calendar"):
        islamic_to_gregorian(*day)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.integers(1200, 1600), st.integers(1, 11))
def test_months_follow_one_another(year: int, month: int) -> None:
    for convert, lengths in ((persian_to_gregorian, {30, 31}), (islamic_to_gregorian, {29, 30})):
        assert (convert(year, month + 1, 1) - convert(year, month, 1)).days in lengths


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.integers(1200, 1600))
def test_years_follow_one_another(year: int) -> None:
    assert (persian_to_gregorian(year + 1, 1, 1) - persian_to_gregorian(year, 12, 29)).days in (1, 2)
    assert (islamic_to_gregorian(year + 1, 1, 1) - islamic_to_gregorian(year, 1, 1)).days in (354, 355)
