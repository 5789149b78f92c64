"""Reads the forms that machines write dates in.

Before: "Thu, 04 Mar 2021 05:06:07 GMT". After: 2021-03-04 05:06:07 UTC, precision second.
ISO 8601 (also compact), RFC 2822, epoch seconds and milliseconds, C's asctime and JavaScript's Date.toString.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from schemas.codes import DatePrecision
from transforms.metadata.date_moment import ParsedDate, moment
from transforms.metadata.date_rules import DateRules

_ISO = re.compile(
    r"\s*(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?\s*"
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


def read_exact(text: str, rules: DateRules) -> ParsedDate | None:
    """The date of a text that is wholly in one of these forms. Raises ValueError for days that don't exist."""
    match = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        groups = match.groups()
        if int(groups[0]) < rules.first_year:
            return None  # perhaps of another calendar
        hour, minute, second = (int(group) if group else None for group in groups[3:6])
        return moment(
            int(groups[0]),
            int(groups[1]),
            int(groups[2]),
            hour=hour,
            minute=minute,
            second=second,
            fraction=groups[6] if len(groups) == 8 else None,
            zone=groups[-1],
        )
    match = _EPOCH.fullmatch(text)
    if match:
        seconds = int(match.group(1)) if match.group(1) else int(match.group(2)) / 1000
        at = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)
        return ParsedDate(at, DatePrecision.SECOND, 1.0, "UTC")
    match = _RFC_2822.fullmatch(text)
    if match:
        d, name, y, h, mi, s, zone = match.groups()
        number = rules.month(name)
        if number:
            second = int(s) if s else None
            return moment(int(y), number, int(d), hour=int(h), minute=int(mi), second=second, zone=zone)
    match = _ASCTIME.fullmatch(text)
    if match:
        name, d, y, h, mi, s, zone, late = match.groups()
        number = rules.month(name)
        if number and (y or late):
            return moment(int(y or late), number, int(d), hour=int(h), minute=int(mi), second=int(s), zone=zone)
    return None
