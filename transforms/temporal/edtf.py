"""Writes dates as EDTF, the Extended Date/Time Format of ISO 8601-2, and says whether a value is one.

Before: the year 2019, month 12. After: "2019-12". The subset that `find_dates` writes, none of it finer than a day:

    2019-12-03   day                2019-22    summer (21 spring … 24 winter)     199X        decade
    2019-12      month              2019-35    third quarter (33 to 36)           19XX        century
    2019         year               2019-41    second half (40, 41)               -0145       146 BC
    2020-W34     ISO 8601 week      2015/2018  interval                           XXXX-08-14  day of an unknown year

Weeks are those of ISO 8601-1, which EDTF itself leaves out. A time of day is not written: EDTF asks for seconds there, which news
never states.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_VALUE = re.compile(
    r"(?P<year>-?\d{4})(?:-W(?P<week>\d{2})|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?|-?\d{3}X|-?\d{2}XX|XXXX-(?P<any_month>\d{2})(?:-(?P<any_day>\d{2}))?"
)
_SUB_YEAR = frozenset((*range(1, 13), *range(21, 25), *range(33, 37), 40, 41))
_LEAP_YEAR = 2000


def day_value(day: date) -> str:
    """ "2019-12-03"."""
    return day.isoformat()


def month_value(year: int, month: int) -> str:
    """ "2019-12"; `month` may also be a code of a season, quarter or half."""
    return f"{year:04d}-{month:02d}"


def year_value(year: int) -> str:
    """ "2019"; the year 1 BC is 0, as ISO 8601 counts."""
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def week_value(day: date) -> str:
    """The ISO week that `day` is in: "2020-W34"."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def decade_value(year: int) -> str:
    """The decade that `year` is in: "199X"."""
    return f"{year // 10:03d}X"


def century_value(number: int) -> str:
    """The first century is 1: the 19th century is "18XX"."""
    return f"{number - 1:02d}XX"


def interval_value(first: str, last: str) -> str:
    """ "2015/2018"; one value where both are the same."""
    return first if first == last else f"{first}/{last}"


def first_day(value: str) -> date | None:
    """The first day of a value of known year, for intervals that of the first part; None before the year 1 and for unknown years."""
    match = _VALUE.fullmatch(value.split("/")[0])
    if match is None or value.startswith(("-", "XXXX", "0000")):
        return None
    if match["year"] is None:
        return date(max(1, int(value.split("/")[0].replace("X", "0"))), 1, 1)
    year = int(match["year"])
    if match["week"]:
        return date.fromisocalendar(year, int(match["week"]), 1)
    part = int(match["month"] or 1)
    if part >= 40:
        part = (part - 40) * 6 + 1
    elif part >= 33:
        part = (part - 33) * 3 + 1
    elif part >= 21:
        part = (3, 6, 9, 12)[part - 21]
    return date(year, part, int(match["day"] or 1))


def last_day(value: str) -> date | None:
    """The last day of a value of known year to the month, season, quarter, half or year; None for what `first_day` has none for."""
    whole = value.split("/")[-1]
    first = first_day(whole)
    match = _VALUE.fullmatch(whole)
    if first is None or match is None:
        return None
    if match["day"]:
        return first
    if match["week"]:
        return first + timedelta(days=6)
    code = int(match["month"] or 0)
    months = 12 if code == 0 else 1 if code <= 12 else 3 if code < 40 else 6
    if match["year"] is None:
        months = 12 * (100 if whole.endswith("XX") else 10)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1) if year <= date.max.year else None


def is_edtf(value: str) -> bool:
    """Whether `value` is one of the forms of the module's table, with real days, and an interval's parts are in order.

    Before: "2019-02-29". After: False.
    """
    parts = value.split("/")
    if len(parts) > 2 or not all(_is_single(part) for part in parts):
        return False
    if len(parts) == 1:
        return True
    first, last = first_day(parts[0]), first_day(parts[1])
    return parts[0] != parts[1] and (first is None or last is None or first <= last)


def _is_single(value: str) -> bool:
    match = _VALUE.fullmatch(value)
    if match is None:
        return False
    try:
        if match["any_month"]:
            date(_LEAP_YEAR, int(match["any_month"]), int(match["any_day"] or 1))
        elif match["week"]:
            date.fromisocalendar(int(match["year"]), int(match["week"]), 1)
        elif match["day"]:
            date(abs(int(match["year"])) or _LEAP_YEAR, int(match["month"]), int(match["day"]))
        elif match["month"]:
            return int(match["month"]) in _SUB_YEAR
    except ValueError:
        return False
    return True
