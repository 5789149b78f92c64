"""Turns days of the Persian, Islamic, Buddhist and Japanese calendars into Gregorian ones.

Before: 14 Esfand 1399. After: 4 March 2021. Arithmetic only, no tables: the Persian calendar by its 33-year cycle (right for the
years 1178 to 1633, which are 1799 to 2254), the Islamic one by the tabular (civil) rule, which differs by a day or two
from what is proclaimed after the sight of the moon.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from schemas.codes import Calendar

_PERSIAN_EPOCH = 226_894
"""The ordinal day (1 January of the year 1 is 1) before 1 Farvardin 1 of the 33-year rule."""

_ISLAMIC_EPOCH = 227_015
"""The ordinal day of 1 Muharram 1: 16 July 622, Julian."""


def persian_to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Persian (Solar Hijri) one. Raises ValueError for a month or day that the year hasn't."""
    leap = (25 * year + 11) % 33 < 8
    longest = 31 if month <= 6 else 30 if month <= 11 or leap else 29
    if not 1 <= month <= 12 or not 1 <= day <= longest:
        raise ValueError(f"no day of the Persian calendar: {year}-{month}-{day}")
    before = 31 * (month - 1) if month <= 7 else 30 * (month - 1) + 6
    return date.fromordinal(_PERSIAN_EPOCH + 365 * (year - 1) + (8 * year + 21) // 33 + before + day)


def islamic_to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian day of an Islamic (Hijri) one by the tabular rule. Raises ValueError for a month or day out of range."""
    if not 1 <= month <= 12 or not 1 <= day <= 30:
        raise ValueError(f"no day of the Islamic calendar: {year}-{month}-{day}")
    before = 29 * (month - 1) + month // 2
    return date.fromordinal(_ISLAMIC_EPOCH - 1 + 354 * (year - 1) + (3 + 11 * year) // 30 + before + day)


def buddhist_to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian day of a date in the Buddhist era as Thailand counts it, 543 years ahead."""
    return date(year - 543, month, day)


TO_GREGORIAN: Mapping[Calendar, Callable[[int, int, int], date]] = MappingProxyType(
    {
        Calendar.GREGORIAN: date,
        Calendar.PERSIAN: persian_to_gregorian,
        Calendar.ISLAMIC: islamic_to_gregorian,
        Calendar.BUDDHIST: buddhist_to_gregorian,
        Calendar.JAPANESE: date,
        Calendar.ROC: date,
    }
)
"""(year, month, day) → Gregorian day. Years of an era (Japanese, Republic of China) are made Gregorian where the era is read."""
