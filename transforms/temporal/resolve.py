"""Turns what a form states into an EDTF value, against the day on which it is told.

Before: weekday 7, told on Sunday 23 August 2020. After: "2020-08-23". Never finer than what is written: "two weeks ago" is a
week, "a year ago" a year. Without that day, "August 14" is "XXXX-08-14" and "Sunday" has no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from schemas.codes import Calendar
from transforms.metadata.calendars import TO_GREGORIAN
from transforms.temporal.direction import Direction
from transforms.temporal.edtf import (
    century_value,
    day_value,
    decade_value,
    first_day,
    interval_value,
    last_day,
    month_value,
    week_value,
    year_value,
)
from transforms.temporal.grammar import Kind

UPCOMING_DAYS = 150
"""A day of the year without anything that says past or future is the coming one where it is at most so many days off: what is
further off is written with its year, and what lies behind is not."""

UPCOMING_DAYS_OF_PAST = 60
"""So many days where the verb is past: "was moved to 12 November", told on the 3rd, is the coming one too."""

_SEASON_MONTHS = {21: 3, 22: 6, 23: 9, 24: 12}


class Written(NamedTuple):
    """One stated date. `parts` are its numbers by name: year, month, day, weekday, step, unit, count …; a second one for the
    other end of a range has the suffix 2. `last` is the other end where that is a date of its own; `form` is the id of its form."""

    start: int
    end: int
    kind: Kind
    parts: Mapping[str, int | str]
    value: str | None = None
    last: Written | None = None
    form: str = ""


class Told(NamedTuple):
    """When and how a date is told: the day, the direction, the value of the date before it in the text, whether 03/04 is
    4 March, the first and last years that count as years where no day stands with them."""

    day: date | None
    direction: Direction
    previous: str | None
    month_first: bool
    first_year: int
    last_year: int


def resolve(written: Written, told: Told) -> str | None:
    """The EDTF value, or None where it has none: no such day, nothing to count from, a year out of range."""
    try:
        if written.last is not None:
            first, last = resolve(written._replace(last=None), told), resolve(written.last, told)
            return _ordered(first, last, written.kind)
        if written.value is not None:
            return written.value
        return _RESOLVERS[written.kind](written.parts, told)
    except (ValueError, OverflowError):
        return None  # 31 February, a year before 1


def _ordered(first: str | None, last: str | None, kind: Kind) -> str | None:
    if first is None or last is None or "/" in first or "/" in last:
        return None
    begin, end = first_day(first), first_day(last)
    if begin is None or end is None:
        # Of an unknown year both must be: month and day compare as text.
        return interval_value(first, last) if first.startswith("XXXX") == last.startswith("XXXX") else None
    if begin > end:
        if kind is Kind.WEEKDAY:
            # "Monday through Thursday", told on a Tuesday: the second follows the first.
            return interval_value(first, day_value(end + timedelta(days=((begin - end).days + 6) // 7 * 7)))
        # "from November to February": the second is of the year after.
        if len(first) >= 7 and first[:4] == last[:4]:
            return interval_value(first, f"{int(last[:4]) + 1:04d}{last[4:]}")
        return None
    return interval_value(first, last)


def _number(parts: Mapping[str, int | str], name: str) -> int | None:
    value = parts.get(name)
    return value if isinstance(value, int) else None


def _stated_year(parts: Mapping[str, int | str], told: Told) -> int | None:
    """The year that is written or that "of this year", "last year" means; None where neither is."""
    year = _number(parts, "year")
    if year is None and (short := _number(parts, "shortyear")) is not None:
        year = short + (1900 if short >= 69 else 2000)
    if year is None and (era := _number(parts, "era")) is not None:
        year = era + (_number(parts, "anyyear") or 1)
    if year is None and (step := _number(parts, "yearstep")) is not None and told.day is not None:
        year = told.day.year + step
    return year


def _plausible(year: int, told: Told) -> int:
    if not told.first_year <= year <= told.last_year:
        raise ValueError(f"no year of the news: {year}")
    return year


# -- days, months, years -------------------------------------------------------------------------------------------


def _day(parts: Mapping[str, int | str], told: Told) -> str | None:
    for calendar in (Calendar.PERSIAN, Calendar.ISLAMIC):
        month = _number(parts, f"{calendar.value}month")
        if month is not None:
            return _other_day(parts, told, calendar, month)
    holiday = _number(parts, "holiday")
    month, day = divmod(holiday, 100) if holiday else (int(parts["month"]), int(parts["day"]))
    year = _stated_year(parts, told)
    last = _number(parts, "day2")
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


def _other_day(parts: Mapping[str, int | str], told: Told, calendar: Calendar, month: int) -> str | None:
    """A day or month of another calendar; a month is an interval of Gregorian days."""
    day, year = _number(parts, "day"), _number(parts, "anyyear")
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


def _month(parts: Mapping[str, int | str], told: Told) -> str | None:
    if "persianmonth" in parts:
        return _other_day(parts, told, Calendar.PERSIAN, int(parts["persianmonth"]))
    month, year = int(parts["month"]), _stated_year(parts, told)
    if not 1 <= month <= 12:
        return None
    if year is None:
        if told.day is None:
            return f"XXXX-{month:02d}"
        year, now = told.day.year, told.day.month
        step = _number(parts, "step")
        if step is None:
            step = {Direction.FUTURE: 1}.get(told.direction, -1)
            year += (step > 0 and month < now) - (step < 0 and month > now)
        else:
            year += (step > 0 and month <= now) - (step < 0 and month >= now)
    return month_value(_plausible(year, told), month)


def _year(parts: Mapping[str, int | str], told: Told) -> str | None:
    if (before := _number(parts, "bc")) is not None:
        return year_value(int(parts["anyyear"]) * before + (before < 0))
    if "fouryear" in parts:
        return _persian_year(int(parts["fouryear"]))
    year = _plausible(int(parts["year"]), told)
    last = _number(parts, "year2")
    if last is None and (short := _number(parts, "shortyear")) is not None:
        last = year // 100 * 100 + short
        last += 100 if last < year and year % 100 >= 90 else 0
    if last is None:
        return year_value(year)
    return interval_value(year_value(year), year_value(_plausible(last, told))) if last > year else None


def _persian_year(year: int) -> str | None:
    if not 1200 <= year < 1500:
        return None
    to_gregorian = TO_GREGORIAN[Calendar.PERSIAN]
    return interval_value(
        day_value(to_gregorian(year, 1, 1)), day_value(to_gregorian(year + 1, 1, 1) - timedelta(days=1))
    )


def _numeric(parts: Mapping[str, int | str], told: Told) -> str | None:
    a, b = int(parts["day"]), int(parts["day2"])
    if a <= 12 and (b > 12 or told.month_first):
        a, b = b, a
    year = _stated_year(parts, told)
    if year is None:
        return _day({"month": b, "day": a}, told)
    return day_value(date(year, b, a))


def _day_of_month(parts: Mapping[str, int | str], told: Told) -> str | None:
    """ "14日" is the latest 14th, or the coming one."""
    if told.day is None:
        return None
    day, year, month = int(parts["day"]), told.day.year, told.day.month
    step = 1 if told.direction is Direction.FUTURE else -1
    if (day > told.day.day and step < 0) or (day < told.day.day and step > 0):
        year, month = divmod(year * 12 + month - 1 + step, 12)
        month += 1
    return day_value(date(year, month, day))


# -- what is relative ----------------------------------------------------------------------------------------------


def _weekday(parts: Mapping[str, int | str], told: Told) -> str | None:
    if told.day is None:
        return None
    behind = (told.day.isoweekday() - int(parts["weekday"])) % 7
    step = _number(parts, "step")
    if (weeks := _number(parts, "weekstep")) is not None:
        monday = told.day - timedelta(days=told.day.isoweekday() - 1)
        return day_value(monday + timedelta(days=7 * weeks + int(parts["weekday"]) - 1))
    if step is None or step == 0:
        ahead = told.direction is Direction.FUTURE if step is None else told.direction is not Direction.PAST
        days = (7 - behind) % 7 if ahead else -behind
    elif step < 0:
        days = -(behind or 7)
    else:
        days = 7 - behind
    return day_value(told.day + timedelta(days=days))


def _weekend(parts: Mapping[str, int | str], told: Told) -> str | None:
    """Saturday and Sunday. From Thursday on "the weekend" is the coming one unless the words say past, before that the last one."""
    if told.day is None:
        return None
    saturday = told.day + timedelta(days=6 - told.day.isoweekday())
    step = _number(parts, "step")
    if step is None:
        early = told.day.isoweekday() <= 5
        past = told.direction is Direction.PAST or (told.direction is Direction.OPEN and told.day.isoweekday() <= 3)
        step = -1 if early and past else 0
    elif step > 0 and told.day.isoweekday() >= 6:
        step = 1
    elif step > 0:
        step = 0 if told.day.isoweekday() <= 3 else 1
    saturday += timedelta(days=7 * step)
    return interval_value(day_value(saturday), day_value(saturday + timedelta(days=1)))


def _near(parts: Mapping[str, int | str], told: Told) -> str | None:
    return None if told.day is None else day_value(told.day + timedelta(days=int(parts["near"])))


def _unit(parts: Mapping[str, int | str], told: Told) -> str | None:
    if told.day is None:
        return None
    if "relative" in parts:
        unit, step = str(parts["relative"]).split()
        return _shifted(told.day, unit, int(step))
    return _shifted(told.day, str(parts["unit"]), int(parts["step"]))


def _shifted(day: date, unit: str, step: int) -> str | None:
    """The unit that lies `step` units from the one that `day` is in. Raises ValueError beyond the year 9999."""
    if unit == "day":
        return day_value(day + timedelta(days=step))
    if unit == "week":
        return week_value(day + timedelta(weeks=step))
    if unit == "month":
        year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
        return month_value(year, month + 1)
    if unit == "quarter":
        year, quarter = divmod(day.year * 4 + (day.month - 1) // 3 + step, 4)
        return month_value(year, 33 + quarter)
    if unit == "year":
        return year_value(date(day.year + step, 1, 1).year)
    if unit == "decade":
        return decade_value(date(day.year + 10 * step, 1, 1).year)
    if unit == "century":
        return century_value(date(day.year + 100 * step, 1, 1).year // 100 + 1)
    if unit == "persianyear":
        about = day.year - 621
        if day < TO_GREGORIAN[Calendar.PERSIAN](about, 1, 1):
            about -= 1
        return _persian_year(about + step)
    return None


def _ago(parts: Mapping[str, int | str], told: Told) -> str | None:
    """So many units before or after now, or (`aim` previous) before or after the date told last in the text."""
    count, unit, step = int(parts["count"]), str(parts["unit"]), int(parts["aim"])
    from_day = told.day
    if parts.get("from") == "previous":
        stated = None if told.previous is None else (first_day if step < 0 else last_day)(told.previous)
        if stated is not None and told.previous is not None:
            if unit == "day" and first_day(told.previous) != last_day(told.previous):
                return None
            from_day = stated
        elif step > 0 or parts.get("needs") == "previous":
            return None
    return None if from_day is None else _shifted(from_day, unit, step * count)


# -- parts of years, spans of years --------------------------------------------------------------------------------


def _quarter(parts: Mapping[str, int | str], told: Told) -> str | None:
    return _part_of_year(33, int(parts["quarter"]), 3, parts, told)


def _half(parts: Mapping[str, int | str], told: Told) -> str | None:
    return _part_of_year(40, int(parts["half"]), 6, parts, told)


def _part_of_year(code: int, number: int, months: int, parts: Mapping[str, int | str], told: Told) -> str | None:
    """A quarter or half; without a year the latest that has begun, or the next that has not ended."""
    year = _stated_year(parts, told)
    if year is None:
        if told.day is None:
            return None
        year, now = told.day.year, (told.day.month - 1) // months + 1
        ahead = told.direction is Direction.FUTURE
        year += (ahead and number < now) - (not ahead and number > now)
    return month_value(_plausible(year, told), code + number - 1)


def _season(parts: Mapping[str, int | str], told: Told) -> str | None:
    """A season by the year in which it begins."""
    season, year = int(parts["season"]), _stated_year(parts, told)
    if year is None:
        if told.day is None:
            return None
        begins, year, step = _SEASON_MONTHS[season], told.day.year, _number(parts, "step")
        over = told.day.month >= begins + 3
        begun = told.day.month >= begins
        if step is None:
            return None
        year += (step > 0 and begun) - (step < 0 and not over)
        # "this winter" in January, and in April where it is not the coming one, began last year.
        if step == 0 and season == 24 and told.day.month <= (2 if told.direction is Direction.FUTURE else 5):
            year -= 1
    return month_value(_plausible(year, told), season)


def _decade(parts: Mapping[str, int | str], told: Told) -> str | None:
    if "decade" in parts:
        year = int(parts["decade"])
        # "the 1700s" are a century, "the 2000s" ten years.
        return century_value(year // 100 + 1) if year % 100 == 0 and year < 2000 else decade_value(year)
    return decade_value(1900 + int(parts["tens"]))


def _century(parts: Mapping[str, int | str], told: Told) -> str | None:
    number = int(parts["century"])
    return century_value(number) if 1 <= number <= told.last_year // 100 + 1 else None


def _nothing(parts: Mapping[str, int | str], told: Told) -> str | None:
    return None


_RESOLVERS: Mapping[Kind, Callable[[Mapping[str, int | str], Told], str | None]] = MappingProxyType(
    {
        Kind.DAY: _day,
        Kind.MONTH: _month,
        Kind.YEAR: _year,
        Kind.WEEKDAY: _weekday,
        Kind.WEEKEND: _weekend,
        Kind.NEAR: _near,
        Kind.UNIT: _unit,
        Kind.AGO: _ago,
        Kind.QUARTER: _quarter,
        Kind.HALF: _half,
        Kind.SEASON: _season,
        Kind.DECADE: _decade,
        Kind.CENTURY: _century,
        Kind.NUMERIC: _numeric,
        Kind.DAY_OF_MONTH: _day_of_month,
        Kind.FIXED: _nothing,
        Kind.NOTHING: _nothing,
    }
)
