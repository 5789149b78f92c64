"""Reads the dates that stand in addresses and file names.

Before: "https://example.org/2021/mar/04/harbour". After: "04 Mar 2021". Only the path counts: a query's date is the reader's.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_DAY = re.compile(
    r"(?:^|[/_\-.=])((?:19|20)\d\d)[/_\-]?(0[1-9]|1[0-2]|(?<=[/_\-])[1-9](?=[/_\-]))[/_\-]?(0[1-9]|[12]\d|3[01]|(?<=[/_\-])[1-9](?=[/_\-]))(?=[/_\-.]|$|\D)"
)
_NAMED = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(\d{1,2})/", re.IGNORECASE
)
_MONTH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")


def url_date(url: str) -> tuple[str, bool] | None:
    """The date in a URL's path as "2021-03-04", or "2021-03" and False where it has no day; None without one."""
    try:
        path = urlsplit(url).path[:1_000]
    except ValueError:
        return None
    match = _DAY.search(path)
    if match:
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}", True
    match = _NAMED.search(path)
    if match:
        return f"{match[3]} {match[2].title()} {match[1]}", True
    match = _MONTH.search(path)
    if match:
        return f"{match[1]}-{match[2]}", False
    return None


def file_date(name: str) -> str | None:
    """The date in a file's own name, "2021-03-04" for "wire/2021-03-04_harbour.txt"; None without one, and for a container's record."""
    if "#" in name:
        return None
    match = _DAY.search(name.rpartition("/")[2][:300])
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else None
