"""What a written date says: a moment, how fine it is, its zone and its calendar.

Before: year 2021, month 3, day 4, hour 14, minute 5, zone "EST". After: 2021-03-04 19:05 UTC, precision minute, zone "-05:00".
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from schemas.codes import Calendar, DatePrecision
from transforms.metadata.calendars import TO_GREGORIAN
from transforms.metadata.zones import stated_zone


class ParsedDate(NamedTuple):
    """An aware datetime in UTC, the finest unit stated, and the confidence (0 to 1) that it is what its source claims.

    `zone` is the stated zone's name ("UTC", "+02:00", "America/New_York"); where it is None, `at` is the clock's own time, as
    if the clock showed UTC. `calendar` is the one that the date was written in, `offset` how far east of UTC the stated zone lay.
    """

    at: datetime
    precision: DatePrecision
    confidence: float
    zone: str | None = None
    calendar: Calendar = Calendar.GREGORIAN
    offset: timedelta = timedelta(0)

    @property
    def has_time(self) -> bool:
        """Whether a time of day is stated."""
        return self.precision in (DatePrecision.SECOND, DatePrecision.MINUTE)


def moment(
    year: int,
    month: int,
    day: int,
    *,
    hour: int | None = None,
    minute: int | None = None,
    second: int | None = None,
    fraction: str | None = None,
    zone: str | None = None,
    certainty: float = 1.0,
    calendar: Calendar = Calendar.GREGORIAN,
) -> ParsedDate:
    """The moment of a written day and time; `certainty` becomes the confidence. Raises ValueError for days that don't exist.

    Midnight to the second, in UTC or no zone, counts as a day alone: that is how machines fill in a time that nobody stated.
    So does a time that no clock shows ("25:61"); hours up to 29 belong to the next day, as broadcasters write them.
    """
    on = TO_GREGORIAN[calendar](year, month, day)
    start = datetime(on.year, on.month, on.day, tzinfo=timezone.utc)
    if hour is None or minute is None or not _is_clock_time(hour, minute, second or 0):
        return ParsedDate(start, DatePrecision.DAY, certainty, None, calendar)
    stated = stated_zone(zone)
    name = stated[1] if stated else None
    if (
        not hour
        and not minute
        and not second
        and not int(fraction or 0)
        and second is not None
        and name in (None, "UTC")
    ):
        return ParsedDate(start, DatePrecision.DAY, certainty, None, calendar)
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    extra = timedelta(days=hour // 24, hours=hour % 24)
    local = start + extra + timedelta(minutes=minute, seconds=min(second or 0, 59), microseconds=micro)
    at = local.replace(tzinfo=stated[0]).astimezone(timezone.utc) if stated else local
    precision = DatePrecision.SECOND if second is not None else DatePrecision.MINUTE
    return ParsedDate(at, precision, certainty, name, calendar, local - at)


def _is_clock_time(hour: int, minute: int, second: int) -> bool:
    """Whether a clock can show it; second 60 is a leap second."""
    return hour < 30 and minute < 60 and second <= 60
