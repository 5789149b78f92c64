"""Days, months and years as the calendar names them, those of the Persian and Islamic calendars included.

Before: month 8, day 14, told on 23 August 2020. After: "2020-08-14".
"""

from __future__ import annotations

from datetime import date, timedelta

from schemas.codes import Calendar
from transforms.metadata.calendars import TO_GREGORIAN
from transforms.temporal.direction import Direction
from transforms.temporal.edtf import day_value, interval_value, month_value, year_value
from transforms.temporal.stated import Parts, Told, number, plausible, stated_year

UPCOMING_DAYS = 150
"""A day of the year without anything that says past or future is the coming one where it is at most so many days off: what is
further off is written with its year, and what lies behind is not."""

UPCOMING_DAYS_OF_PAST = 60
"""So many days where the verb is past: "was moved to 12 November", told on the 3rd, is the coming one too."""


def state_day(parts: Parts, told: Told) -> str | None:
    """A day, or the days of one month ("March 3-5"); without a year by `told`, without a day to count from "XXXX-08-14". Raises ValueError for
    31 February."""
    for calendar in (Calendar.PERSIAN, Calendar.ISLAMIC):
        month = number(parts, f"{calendar.value}month")
        if month is not None:
            return _other_day(parts, told, calendar, month)
    holiday = number(parts, "holiday")
    month, day = divmod(holiday, 100) if holiday else (int(parts["month"]), int(parts["day"]))
    year = stated_year(parts, told)
    last = number(parts, "day2")
    if year is None:
        if told.day is None:
            date(2000, month, day)
            value = f"XXXX-{month:02d}-{day:02d}"
            return value if last is None else interval_value(value, f"XXXX-{month:02d}-{last:02d}")
        year = _year_of_day(month, day, told.day, told.direction)
    first = date(year, month, day)
    if last is None:
        return day_value(first)
    return interval_value(day_value(first), day_value(first.replace(day=last))) if last > day else None


def _year_of_day(month: int, day: int, told_on: date, direction: Direction) -> int:
    date(2000, month, day)  # 31 February is of no year
    year = told_on.year
    behind = (month, day) < (told_on.month, told_on.day)
    if (month, day) == (told_on.month, told_on.day):
        return year
    if behind:
        days = (date(year, month, min(day, 28)) - told_on).days
        # "will open on January 12", told in December: next year. Told a month after it: an earlier plan of this year.
        return year + 1 if direction is Direction.FUTURE and days < -60 else year
    days = (date(year, month, min(day, 28)) - told_on).days
    if direction is Direction.FUTURE:
        return year
    return year if days <= (UPCOMING_DAYS_OF_PAST if direction is Direction.PAST else UPCOMING_DAYS) else year - 1


def _other_day(parts: Parts, told: Told, calendar: Calendar, month: int) -> str | None:
    """A day or month of another calendar; a month is an interval of Gregorian days."""
    day, year = number(parts, "day"), number(parts, "anyyear")
    to_gregorian = TO_GREGORIAN[calendar]
    if year is None:
        if told.day is None or day is None:
            return None
        about = told.day.year - 621 if calendar is Calendar.PERSIAN else round((told.day.year - 622) * 1.0307)
        days = [to_gregorian(about + off, month, day) for off in (-2, -1, 0, 1, 2)]
        if told.direction is Direction.FUTURE:
            return day_value(min(found for found in days if found >= told.day))
        return day_value(max(found for found in days if found <= told.day + timedelta(days=30)))
    if year < 1200:
        return None
    if day is not None:
        return day_value(to_gregorian(year, month, day))
    following = to_gregorian(year + month // 12, month % 12 + 1, 1)
    return interval_value(day_value(to_gregorian(year, month, 1)), day_value(following - timedelta(days=1)))


def state_month(parts: Parts, told: Told) -> str | None:
    """A month; without a year the latest, the next where the words say so, or that of `step` ("last September")."""
    if "persianmonth" in parts:
        return _other_day(parts, told, Calendar.PERSIAN, int(parts["persianmonth"]))
    month, year = int(parts["month"]), stated_year(parts, told)
    if not 1 <= month <= 12:
        return None
    if year is None:
        if told.day is None:
            return f"XXXX-{month:02d}"
        year, now = told.day.year, told.day.month
        step = number(parts, "step")
        if step is None:
            step = {Direction.FUTURE: 1}.get(told.direction, -1)
            year += (step > 0 and month < now) - (step < 0 and month > now)
        else:
            year += (step > 0 and month <= now) - (step < 0 and month >= now)
    return month_value(plausible(year, told), month)


def state_year(parts: Parts, told: Told) -> str | None:
    """A year, or an interval of two; a Persian one is an interval of days. Raises ValueError for one that news does not name."""
    if (before := number(parts, "bc")) is not None:
        return year_value(int(parts["anyyear"]) * before + (before < 0))
    if "fouryear" in parts:
        return persian_year(int(parts["fouryear"]))
    year = plausible(int(parts["year"]), told)
    last = number(parts, "year2")
    if last is None and (short := number(parts, "shortyear")) is not None:
        last = year // 100 * 100 + short
        last += 100 if last < year and year % 100 >= 90 else 0
    if last is None:
        return year_value(year)
    return interval_value(year_value(year), year_value(plausible(last, told))) if last > year else None


def persian_year(year: int) -> str | None:
    """The days that a year of the Persian calendar spans; None for a number that is none of our times."""
    if not 1200 <= year < 1500:
        return None
    to_gregorian = TO_GREGORIAN[Calendar.PERSIAN]
    return interval_value(
        day_value(to_gregorian(year, 1, 1)), day_value(to_gregorian(year + 1, 1, 1) - timedelta(days=1))
    )


def state_numeric(parts: Parts, told: Told) -> str | None:
    """14/08/2020: a number above 12 is the day, else `told.month_first` decides."""
    a, b = int(parts["day"]), int(parts["day2"])
    if a <= 12 and (b > 12 or told.month_first):
        a, b = b, a
    year = stated_year(parts, told)
    if year is None:
        return state_day({"month": b, "day": a}, told)
    return day_value(date(year, b, a))


def state_day_of_month(parts: Parts, told: Told) -> str | None:
    """ "14日" is the latest 14th, or the coming one, or that of the month before or after."""
    if told.day is None:
        return None
    day, year, month = int(parts["day"]), told.day.year, told.day.month
    if (stated := number(parts, "monthstep")) is not None:
        year, month = divmod(year * 12 + month - 1 + stated, 12)
        return day_value(date(year, month + 1, day))
    step = 1 if told.direction is Direction.FUTURE else -1
    if (day > told.day.day and step < 0) or (day < told.day.day and step > 0):
        year, month = divmod(year * 12 + month - 1 + step, 12)
        month += 1
    return day_value(date(year, month, day))
