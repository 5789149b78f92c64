"""What the text states of a date, and what it is told against.

Before: "August 14", told on 23 August 2020. After: `Written` with month 8 and day 14, `Told` with that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from transforms.temporal.direction import Direction
from transforms.temporal.grammar import Kind

Parts = Mapping[str, int | str]
"""The numbers that a form states, by name."""


class Written(NamedTuple):
    """One stated date. `parts` are its numbers by name: year, month, day, weekday, step, unit, count …; a second one for the
    other end of a range has the suffix 2. `last` is the other end where that is a date of its own; `form` is the id of its form."""

    start: int
    end: int
    kind: Kind
    parts: Parts
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


def number(parts: Parts, name: str) -> int | None:
    """The part of that name, None where it is not stated."""
    value = parts.get(name)
    return value if isinstance(value, int) else None


def stated_year(parts: Parts, told: Told) -> int | None:
    """The year that is written or that "of this year", "last year" means; None where neither is."""
    year = number(parts, "year")
    if year is None and (short := number(parts, "shortyear")) is not None:
        year = short + (1900 if short >= 69 else 2000)
    if year is None and (era := number(parts, "era")) is not None:
        year = era + (number(parts, "anyyear") or 1)
    if year is None and (step := number(parts, "yearstep")) is not None and told.day is not None:
        year = told.day.year + step
    return year


def plausible(year: int, told: Told) -> int:
    """`year`, if news would name it. Raises ValueError otherwise."""
    if not told.first_year <= year <= told.last_year:
        raise ValueError(f"no year of the news: {year}")
    return year
