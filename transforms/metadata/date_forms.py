"""Reads dates as news writes them.

Before: "Dec 19th 2025, 4:05 pm EST". After: 2025-12-19 21:05 UTC, precision minute.
A date without a zone is taken as UTC, so its day stays as written. Nothing finer than stated is invented: "March 2021"
is 2021-03-01 with precision month. Forms seen on the article fixtures of fundus and WCXB: ISO 8601, RFC 2822, epoch seconds
and milliseconds, "Thu, 09/25/2025", "Dec 19th 2025", "25.04.24", dotted Korean dates; month names of other languages
by `transforms.metadata.month_names`, given the language.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from schemas.codes import DatePrecision, DateSource
from transforms.metadata.date_rules import DateRules
from transforms.metadata.month_names import month_of

MAX_RAW = 200
"""Characters of a raw date that are looked at."""


class ParsedDate(NamedTuple):
    """An aware datetime in UTC, the finest unit stated, and the confidence (0 to 1) that it is what its source claims."""

    at: datetime
    precision: DatePrecision
    confidence: float


_TIME = (
    r"(?:[T\s,;|·•/–—-]|\b(?:at|um|à|às|kl|alle|a las|om|ore|saat|в|г|года|року)\b\.?|\(){0,8}"
    r"(?P<hour>[01]?\d|2[0-4])(?:[:h시時点]|\.(?=\d\d(?!\d|\.)))\s?(?P<minute>[0-5]\d)(?:[:분分]\s?(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?"
    r"\s?(?P<half>[ap]\.?\s?m\b\.?)?\s?(?:Uhr\b\s?)?\(?(?P<zone>Z\b|(?:UTC|GMT)?\s?[+\-−]\d{2}:?\d{2}|(?:UTC|GMT)[+\-−]\d{1,2}\b|[A-Z]{2,4}\b)?"
)
_LETTERS = r"[^\W\d_]"
_FORMS = (
    r"(?P<y1>\d{4})(?P<sep1>[-/.年년])\s?(?P<m1>\d{1,2})[-/.月월]\s?(?P<d1>\d{1,2})(?!\d)[日일.]?(?:\s?\((?:"
    + _LETTERS
    + r"){1,3}\))?",
    r"(?P<d2>\d{1,2})(?:st|nd|rd|th|er|º|ª|°|\.|-?го)?[\s\-/,]{1,2}(?:de\s|of\s|d['’])?(?P<n2>"
    + _LETTERS
    + r"{3,14})\.?,?[\s\-/]{1,2}(?:de\s|del\s|of\s)?(?P<y2>\d{4})(?!\d)",
    r"(?P<n3>" + _LETTERS + r"{3,12})\.?\s{1,2}(?P<d3>\d{1,2})(?:st|nd|rd|th|\.)?,?\s{1,2}(?P<y3>\d{4})(?!\d)",
    r"(?P<a4>\d{1,2})(?P<sep4>[./-])\s?(?P<b4>\d{1,2})(?P=sep4)\s?(?P<y4>\d{4}|\d{2})(?![\d.])",
    r"(?P<d5>\d{1,2})[-\s](?P<n5>" + _LETTERS + r"{3,9})[-\s](?P<y5>\d{2})(?!\d)",
)
_EXPRESSION = re.compile(rf"(?<![\d.])(?:{'|'.join(_FORMS)})(?:{_TIME})?")
_ISO = re.compile(
    r"\s*(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|[+-]\d{2}(?::?\d{2})?)?)?\s*"
)
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?)?\s*")
_EPOCH = re.compile(r"\s*(\d{9,10})(?:\.\d+)?\s*|\s*(\d{13})\s*")
_RFC_2822 = re.compile(
    r"(?:[A-Z][a-z]{2},?\s+)?(\d{1,2})\s+([A-Z][a-z]{2})\s+(\d{4})\s+(\d{2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[A-Z]{1,5})?"
)
# JavaScript's Date.toString: "Thu Mar 04 2021 14:05:09 GMT+0100 (CET)"; C's asctime: "Thu Mar  4 14:05:09 2021".
_ASCTIME = re.compile(
    r"(?:[A-Z][a-z]{2},?\s+)([A-Z][a-z]{2})\s+(\d{1,2})\s+(?:(\d{4})\s+)?(\d{2}):(\d{2}):(\d{2})\s*(?:(?:GMT|UTC)?([+-]\d{4})?[^\d]*)(\d{4})?.*"
)
_MONTH_YEAR = re.compile(
    rf"\s*(?P<n>{_LETTERS}{{3,12}})\.?,?\s(?:de\s)?(?P<y>\d{{4}})\s*|\s*(?P<y2>\d{{4}})[-/.年](?P<m2>\d{{1,2}})月?\s*"
)
_YEAR = re.compile(r"\s*(\d{4})\s*")


_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=1024)
def find_date_expressions(text: str) -> tuple[tuple[str, int], ...]:
    """The stretches of a line that are written like full dates, with the offset of each; at most 8, in 1,000 characters."""
    if not _DIGIT.search(text):
        return ()
    found: list[tuple[str, int]] = []
    for match in _EXPRESSION.finditer(_plain_digits(text[:1_000])):
        found.append((text[match.start() : match.end()].strip(), match.start()))
        if len(found) == 8:
            break
    return tuple(found)


def parse_date(raw: str, *, language: str | None, source: DateSource) -> ParsedDate | None:
    """The date that `raw` states, or None where it states none or an absurd one (before 1600, after 2100).

    `language` is a BCP 47 tag that decides the order of all-numeric dates and names the months; `source` sets the
    confidence. Reads ISO 8601, RFC 2822, epoch seconds and milliseconds, numeric and named-month forms. Idempotent on
    its own ISO output; never looks at the clock.
    """
    return _parse(raw[:MAX_RAW].strip(), language, source)


@lru_cache(maxsize=4096)
def _parse(raw: str, language: str | None, source: DateSource) -> ParsedDate | None:
    rules = DateRules.load()
    trust = rules.confidence[source.value]
    text = _plain_digits(raw)
    try:
        found = _exact(text, rules) or _written(text, language, rules) or _incomplete(text, language, rules)
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    at, precision, certainty = found
    if not rules.first_year <= at.year <= rules.last_year:
        return None
    return ParsedDate(at, precision, round(trust * certainty, 4))


_Found = tuple[datetime, DatePrecision, float]


def _plain_digits(text: str) -> str:
    """Arabic, Persian, Devanagari … digits as ASCII; one character for one, so offsets stay."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)


def _exact(text: str, rules: DateRules) -> _Found | None:
    match = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        groups = match.groups()
        year, month, day, hour, minute, second = (int(g) if g else None for g in groups[:6])
        fraction = groups[6] if len(groups) == 8 else None
        assert year is not None
        assert month is not None
        assert day is not None
        return _moment(year, month, day, hour, minute, second, groups[-1], rules, fraction=fraction)
    match = _EPOCH.fullmatch(text)
    if match:
        seconds = int(match.group(1)) if match.group(1) else int(match.group(2)) / 1000
        return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds), DatePrecision.SECOND, 1.0
    match = _RFC_2822.fullmatch(text)
    if match:
        d, name, y, h, mi, s, zone = match.groups()
        number = rules.month(name)
        if number:
            return _moment(int(y), number, int(d), int(h), int(mi), int(s) if s else None, zone, rules)
    match = _ASCTIME.fullmatch(text)
    if match:
        name, d, y, h, mi, s, zone, late = match.groups()
        number = rules.month(name)
        if number and (y or late):
            return _moment(int(y or late), number, int(d), int(h), int(mi), int(s), zone, rules)
    return None


def _moment(
    year: int,
    month: int,
    day: int,
    hour: int | None,
    minute: int | None,
    second: int | None,
    zone: str | None,
    rules: DateRules,
    *,
    fraction: str | None = None,
    certainty: float = 1.0,
) -> _Found:
    if hour is None or minute is None:
        return datetime(year, month, day, tzinfo=timezone.utc), DatePrecision.DAY, certainty
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    extra = timedelta(0)
    if hour == 24:
        hour, extra = 0, timedelta(days=1)
    at = datetime(year, month, day, hour, minute, min(second or 0, 59), micro, tzinfo=timezone.utc) + extra
    at -= rules.offset(zone)
    return at, DatePrecision.SECOND if second is not None else DatePrecision.MINUTE, certainty


def _written(text: str, language: str | None, rules: DateRules) -> _Found | None:
    match = _EXPRESSION.search(text)
    if not match:
        return None
    part = match.groupdict()
    certainty = rules.certainty["named_month"]
    if part["y1"]:
        year, month, day = int(part["y1"]), int(part["m1"]), int(part["d1"])
        certainty = rules.certainty["exact"]
        if month > 12 >= day:
            month, day = day, month
    elif part["y4"]:
        year, month, day, certainty = _numeric(part["a4"], part["b4"], part["y4"], part["sep4"], language, rules)
    else:
        number = "2" if part["y2"] else "3" if part["y3"] else "5"
        name, day = part[f"n{number}"], int(part[f"d{number}"])
        year = int(part[f"y{number}"])
        if number == "5":
            year, certainty = _century(year), rules.certainty["two_digit_year"]
        named = rules.month(name) or month_of(name, language)
        if named is None:
            return None
        month = named
    hour = int(part["hour"]) if part["hour"] else None
    half = (part["half"] or "").lower()[:1]
    if hour is not None and half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return _moment(
        year,
        month,
        day,
        hour,
        int(part["minute"]) if part["minute"] else None,
        int(part["second"]) if part["second"] else None,
        part["zone"],
        rules,
        certainty=certainty,
    )


def _century(two_digits: int) -> int:
    """As POSIX has it: 69–99 are 19xx, 00–68 are 20xx."""
    return two_digits + (1900 if two_digits >= 69 else 2000)


def _numeric(
    first: str, second: str, last: str, separator: str, language: str | None, rules: DateRules
) -> tuple[int, int, int, float]:
    """(year, month, day, certainty) of 03/04/2021; a number above 12 can't be the month, dots always put the day first."""
    a, b, year = int(first), int(second), int(last)
    certainty = rules.certainty["named_month"]
    if len(last) == 2:
        year, certainty = _century(year), rules.certainty["two_digit_year"]
    if a > 12 or separator == ".":
        return year, b, a, certainty
    if b > 12:
        return year, a, b, certainty
    month_first = rules.is_month_first(language)
    if a != b:
        # The order is the reader's guess unless the language is one that never puts the month first.
        certainty *= rules.certainty["ambiguous_order"] if month_first or language is None else 0.95
    return (year, a, b, certainty) if month_first else (year, b, a, certainty)


def _incomplete(text: str, language: str | None, rules: DateRules) -> _Found | None:
    certainty = rules.certainty["incomplete"]
    match = _MONTH_YEAR.fullmatch(text)
    if match:
        if match["y2"]:
            return datetime(int(match["y2"]), int(match["m2"]), 1, tzinfo=timezone.utc), DatePrecision.MONTH, certainty
        month = rules.month(match["n"]) or month_of(match["n"], language)
        if month:
            return datetime(int(match["y"]), month, 1, tzinfo=timezone.utc), DatePrecision.MONTH, certainty
        return None
    match = _YEAR.fullmatch(text)
    if match:
        return datetime(int(match.group(1)), 1, 1, tzinfo=timezone.utc), DatePrecision.YEAR, certainty
    return None
