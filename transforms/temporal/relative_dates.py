"""Dates that are so far from now, or from the date before them in the text.

Before: "two weeks ago", told on 23 August 2020. After: "2020-W32": as precise as the unit.
"""

from __future__ import annotations

from datetime import date, timedelta

from schemas.codes import Calendar
from transforms.metadata.calendars import TO_GREGORIAN
from transforms.temporal.calendar_dates import persian_year
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
from transforms.temporal.stated import Parts, Told, number


def state_weekday(parts: Parts, told: Told) -> str | None:
    """The latest such day or the coming one; "last" and "next" leave the day itself out."""
    if told.day is None:
        return None
    behind = (told.day.isoweekday() - int(parts["weekday"])) % 7
    step = number(parts, "step")
    if (weeks := number(parts, "weekstep")) is not None:
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


def state_weekend(parts: Parts, told: Told) -> str | None:
    """Saturday and Sunday. From Thursday on "the weekend" is the coming one unless the words say past, before that the last one."""
    if told.day is None:
        return None
    saturday = told.day + timedelta(days=6 - told.day.isoweekday())
    step = number(parts, "step")
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


def state_near(parts: Parts, told: Told) -> str | None:
    """Today, yesterday, tomorrow."""
    return None if told.day is None else day_value(told.day + timedelta(days=int(parts["near"])))


def state_unit(parts: Parts, told: Told) -> str | None:
    """Last week, this month, next year."""
    if told.day is None:
        return None
    if "relative" in parts:
        unit, step = str(parts["relative"]).split()
        return shifted(told.day, unit, int(step))
    return shifted(told.day, str(parts["unit"]), int(parts["step"]))


def shifted(day: date, unit: str, step: int) -> str | None:
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
        return persian_year(about + step)
    return None


def state_ago(parts: Parts, told: Told) -> str | None:
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
    return None if from_day is None else shifted(from_day, unit, step * count)
