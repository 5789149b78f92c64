"""EDTF values: how they are written, which are valid, which days they span."""

from __future__ import annotations

from datetime import date

import pytest

from transforms.temporal.edtf import (
    century_value,
    decade_value,
    first_day,
    interval_value,
    is_edtf,
    last_day,
    month_value,
    week_value,
    year_value,
)


@pytest.mark.parametrize(
    "value",
    [
        "2019-12-03", "2019-12", "2019", "2020-W34", "2020-W53", "2019-22", "2019-35", "2019-41", "199X", "18XX", "-0145",
        "2015/2018", "2019-05/2019-07", "2020-08-10/2020-08-12", "XXXX-08-14", "XXXX-02-29", "XXXX-12", "0079",
    ],
)  # fmt: skip
def test_valid_values(value: str) -> None:
    assert is_edtf(value)


@pytest.mark.parametrize(
    "value",
    [
        "", "2019-13", "2019-02-29", "2019-00", "2019-20", "2019-25", "2019-37", "2019-W54", "2021-W53", "19X", "1XXX", "2019-12-3",
        "2018/2015", "2018/2018", "2018/", "2015/2016/2017", "XXXX-02-30", "XXXX", "2019-12-03T10:00", "Sunday",
    ],
)  # fmt: skip
def test_invalid_values(value: str) -> None:
    assert not is_edtf(value)


def test_writing() -> None:
    assert month_value(2020, 8) == "2020-08"
    assert year_value(-145) == "-0145"
    assert year_value(79) == "0079"
    assert week_value(date(2021, 1, 1)) == "2020-W53"
    assert decade_value(1995) == "199X"
    assert century_value(19) == "18XX"
    assert interval_value("2015", "2015") == "2015"


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-35", date(2020, 7, 1), date(2020, 9, 30)),
        ("2020-41", date(2020, 7, 1), date(2020, 12, 31)),
        ("2019-24", date(2019, 12, 1), date(2020, 2, 29)),
        ("2020-W34", date(2020, 8, 17), date(2020, 8, 23)),
        ("199X", date(1990, 1, 1), date(1999, 12, 31)),
        ("18XX", date(1800, 1, 1), date(1899, 12, 31)),
        ("2015/2018", date(2015, 1, 1), date(2018, 12, 31)),
    ],
)
def test_days_of_a_value(value: str, first: date, last: date) -> None:
    assert first_day(value) == first
    assert last_day(value) == last


@pytest.mark.parametrize("value", ["-0145", "XXXX-08-14"])
def test_values_without_a_known_day(value: str) -> None:
    assert first_day(value) is None
    assert last_day(value) is None
