"""Turns what a form states into an EDTF value, against the day on which it is told.

Before: weekday 7, told on Sunday 23 August 2020. After: "2020-08-23". Never finer than what is written: "two weeks ago" is a
week, "a year ago" a year. Without that day, "August 14" is "XXXX-08-14" and "Sunday" has no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from transforms.temporal.calendar_dates import state_day, state_day_of_month, state_month, state_numeric, state_year
from transforms.temporal.edtf import day_value, first_day, interval_value
from transforms.temporal.grammar import Kind
from transforms.temporal.relative_dates import state_ago, state_near, state_unit, state_weekday, state_weekend
from transforms.temporal.stated import Parts, Told, Written
from transforms.temporal.year_parts import state_century, state_decade, state_half, state_quarter, state_season


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


def _nothing(parts: Parts, told: Told) -> str | None:
    return None


_RESOLVERS: Mapping[Kind, Callable[[Parts, Told], str | None]] = MappingProxyType(
    {
        Kind.DAY: state_day,
        Kind.MONTH: state_month,
        Kind.YEAR: state_year,
        Kind.WEEKDAY: state_weekday,
        Kind.WEEKEND: state_weekend,
        Kind.NEAR: state_near,
        Kind.UNIT: state_unit,
        Kind.AGO: state_ago,
        Kind.QUARTER: state_quarter,
        Kind.HALF: state_half,
        Kind.SEASON: state_season,
        Kind.DECADE: state_decade,
        Kind.CENTURY: state_century,
        Kind.NUMERIC: state_numeric,
        Kind.DAY_OF_MONTH: state_day_of_month,
        Kind.FIXED: _nothing,
        Kind.NOTHING: _nothing,
    }
)
