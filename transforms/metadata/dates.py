"""Chooses the date of publication among all that a record states.

Before: `<time>` "2025-12-19", JSON-LD datePublished "2025-12-18T21:05:00Z". After: 2025-12-18 21:05 UTC from json_ld.
Order of sources measured on article fixtures of fundus and WCXB: JSON-LD article, JSON-LD page, published meta tags,
microdata, the URL, other JSON-LD, `<time>`, a line near the heading, the date of modification.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from schemas.codes import DateSource
from schemas.records import Candidate
from transforms.metadata.date_forms import ParsedDate, find_date_expressions, parse_date
from transforms.metadata.rules import ARTICLE, PAGE, MetadataRules

__all__ = [
    "ChosenDate",
    "DateContext",
    "ParsedDate",
    "choose_modified",
    "choose_published",
    "find_date_expressions",
    "parse_date",
    "url_date",
]

_URL_DAY = re.compile(
    r"(?:^|[/_\-.=])((?:19|20)\d\d)[/_\-]?(0[1-9]|1[0-2]|(?<=[/_\-])[1-9](?=[/_\-]))[/_\-]?(0[1-9]|[12]\d|3[01]|(?<=[/_\-])[1-9](?=[/_\-]))(?=[/_\-.]|$|\D)"
)
_URL_NAMED = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(\d{1,2})/", re.IGNORECASE
)
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")


class ChosenDate(NamedTuple):
    """A chosen date with the text it was read from and the kind of place that stood in."""

    date: ParsedDate
    raw: str
    source: DateSource


def url_date(url: str) -> tuple[str, bool] | None:
    """The date in a URL's path as "2021-03-04", or "2021-03" and False where it has no day; None without one."""
    try:
        path = urlsplit(url).path[:1_000]
    except ValueError:
        return None
    match = _URL_DAY.search(path)
    if match:
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}", True
    match = _URL_NAMED.search(path)
    if match:
        return f"{match[3]} {match[2].title()} {match[1]}", True
    match = _URL_MONTH.search(path)
    if match:
        return f"{match[1]}-{match[2]}", False
    return None


@dataclass(frozen=True, slots=True)
class DateContext:
    """What helps to read a record's dates: BCP 47 language, URL, when it was fetched (UTC), and the lines of the text."""

    language: str | None = None
    url: str | None = None
    fetched_at: datetime | None = None
    date_lines: tuple[str, ...] = ()


def choose_published(
    published: Sequence[Candidate], modified: Sequence[Candidate], supplied: str | None, context: DateContext
) -> ChosenDate | None:
    """The date of publication: the first candidate in the measured order that can be read and isn't in the future.

    A date more than a day after `context.fetched_at` is refused; without it only absurd years are. What the container
    states (`supplied`) comes first.
    """
    rules = MetadataRules.load()
    ranked: list[tuple[int, int, str, DateSource]] = []
    if supplied:
        ranked.append((-1, 0, supplied, DateSource.META))
    for position, candidate in enumerate(published):
        rank, source = _rank(candidate.source, rules)
        ranked.append((rank, position, candidate.value, source))
    in_url = url_date(context.url) if context.url else None
    if in_url:
        ranked.append((4 if in_url[1] else 9, 0, in_url[0], DateSource.URL))
    ranked.extend((8, i, line, DateSource.TEXT) for i, line in enumerate(context.date_lines))
    for position, candidate in enumerate(modified):
        rank, source = _rank(candidate.source, rules)
        ranked.append((20 + rank, position, candidate.value, source))
    ranked.sort(key=lambda entry: entry[:2])
    for _, _, raw, source in ranked:
        parsed = parse_date(raw, language=context.language, source=source)
        if parsed and not _in_future(parsed, context.fetched_at):
            return ChosenDate(parsed, raw, source)
    return None


def choose_modified(modified: Sequence[Candidate], supplied: str | None, context: DateContext) -> ChosenDate | None:
    """The date of the last change as stated, by the same order."""
    return choose_published(modified, (), supplied, DateContext(context.language, None, context.fetched_at))


def _in_future(parsed: ParsedDate, fetched_at: datetime | None) -> bool:
    return fetched_at is not None and parsed.at > fetched_at + timedelta(days=1)


def _rank(source: str, rules: MetadataRules) -> tuple[int, DateSource]:
    if source.startswith("json_ld."):
        rank = rules.type_rank(source[len("json_ld.") :])
        return {ARTICLE: 0, PAGE: 1}.get(rank, 5), DateSource.JSON_LD
    if source.startswith("itemprop:"):
        return 3, DateSource.META
    if source == "time":
        return 6, DateSource.TIME
    if source == "time:far":
        return 10, DateSource.TIME
    if source.startswith("visible:"):
        return 7, DateSource.TEXT
    return 2, DateSource.META
