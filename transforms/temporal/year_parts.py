"""Quarters, halves and seasons of years; decades and centuries.

Before: "third quarter", told in November 2022. After: "2022-35".
"""

from __future__ import annotations

from transforms.temporal.direction import Direction
from transforms.temporal.edtf import century_value, decade_value, month_value
from transforms.temporal.stated import Parts, Told, number, plausible, stated_year

_SEASON_MONTHS = {21: 3, 22: 6, 23: 9, 24: 12}


def state_quarter(parts: Parts, told: Told) -> str | None:
    """A quarter, of the year stated or the latest that has begun."""
    return _part_of_year(33, int(parts["quarter"]), 3, parts, told)


def state_half(parts: Parts, told: Told) -> str | None:
    """A half of a year, likewise."""
    return _part_of_year(40, int(parts["half"]), 6, parts, told)


def _part_of_year(code: int, number: int, months: int, parts: Parts, told: Told) -> str | None:
    """A quarter or half; without a year the latest that has begun, or the next that has not ended."""
    year = stated_year(parts, told)
    if year is None:
        if told.day is None:
            return None
        year, now = told.day.year, (told.day.month - 1) // months + 1
        ahead = told.direction is Direction.FUTURE
        year += (ahead and number < now) - (not ahead and number > now)
    return month_value(plausible(year, told), code + number - 1)


def state_season(parts: Parts, told: Told) -> str | None:
    """A season by the year in which it begins."""
    season, year = int(parts["season"]), stated_year(parts, told)
    if year is None:
        if told.day is None:
            return None
        begins, year, step = _SEASON_MONTHS[season], told.day.year, number(parts, "step")
        over = told.day.month >= begins + 3
        begun = told.day.month >= begins
        if step is None:
            return None
        year += (step > 0 and begun) - (step < 0 and not over)
        # "this winter" in January, and in April where it is not the coming one, began last year.
        if step == 0 and season == 24 and told.day.month <= (2 if told.direction is Direction.FUTURE else 5):
            year -= 1
    return month_value(plausible(year, told), season)


def state_decade(parts: Parts, told: Told) -> str | None:
    """ "199X" for the 1990s and the '90s; "17XX" for the 1700s."""
    if "decade" in parts:
        year = int(parts["decade"])
        # "the 1700s" are a century, "the 2000s" ten years.
        return century_value(year // 100 + 1) if year % 100 == 0 and year < 2000 else decade_value(year)
    return decade_value(1900 + int(parts["tens"]))


def state_century(parts: Parts, told: Told) -> str | None:
    """ "18XX" for the 19th century."""
    number = int(parts["century"])
    return century_value(number) if 1 <= number <= told.last_year // 100 + 1 else None
