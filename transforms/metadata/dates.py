"""Chooses the date of publication among all that a record states.

Before: `<time>` "2025-12-19", JSON-LD datePublished "2025-12-18T21:05:00Z". After: 2025-12-18 21:05 UTC from json_ld.
Order of places measured on article fixtures of fundus and WCXB: JSON-LD article, JSON-LD page, published meta tags,
microdata, the URL, other JSON-LD, `<time>`, a line near the heading, the text's own lines, the date of modification, the file's
name, HTTP's Last-Modified. What other places say raises or lowers the confidence (configs/metadata.toml, `[dates.places]`), measured there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from urllib.parse import urlsplit

from schemas.codes import DatePrecision, DateSource, ZoneSource
from schemas.records import Candidate
from transforms.metadata.date_forms import find_date_expressions, parse_date, read_date
from transforms.metadata.date_moment import ParsedDate
from transforms.metadata.date_places import file_date, url_date
from transforms.metadata.date_rules import DateRules
from transforms.metadata.rules import ARTICLE, PAGE, MetadataRules
from transforms.metadata.zones import StatedTime, Zone, country_of, page_zone

__all__ = [
    "ChosenDate",
    "DateContext",
    "ParsedDate",
    "choose_modified",
    "choose_published",
    "file_date",
    "find_date_expressions",
    "parse_date",
    "url_date",
]

_MODIFIED = 20
"""What is added to the rank of a place that states the last change."""

_MAX_STATEMENTS = 60
_SAME_DAY = timedelta(hours=36)
"""Two statements agree within this: a local day against a moment in UTC, or the day that went to print against the day online."""

_WIDEST = {DatePrecision.MONTH: timedelta(days=31), DatePrecision.YEAR: timedelta(days=366)}


class ChosenDate(NamedTuple):
    """A chosen date with the text it was read from, the kind of place that stood in, and what told the zone of its time.

    `zone_source` is None where only a day is stated; ASSUMED where nothing tells the zone, so that UTC is taken.
    """

    date: ParsedDate
    raw: str
    source: DateSource
    zone_source: ZoneSource | None = None

    @property
    def timezone(self) -> str | None:
        """The name of the zone whose clock shows the time as written; None where only a day is stated."""
        return (self.date.zone or "UTC") if self.zone_source else None


@dataclass(frozen=True, slots=True)
class DateContext:
    """What helps to read a record's dates: BCP 47 language, URL, when it was fetched (UTC), and the lines of the text.

    `countries` are those that the page states for its publisher, `locales` its language tags, `dateline` is the date that stands in
    the dateline, `file_name` the record's name, `last_modified` HTTP's header.
    """

    language: str | None = None
    url: str | None = None
    fetched_at: datetime | None = None
    date_lines: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    dateline: str | None = None
    file_name: str | None = None
    last_modified: str | None = None


class _Statement(NamedTuple):
    """One place's date: rank and position order it; `place` is a key of `[dates.places]`, `name` the candidate's source."""

    rank: int
    position: int
    raw: str
    place: str
    source: DateSource
    name: str = ""


class _Read(NamedTuple):
    statement: _Statement
    date: ParsedDate


def choose_published(
    published: Sequence[Candidate], modified: Sequence[Candidate], supplied: str | None, context: DateContext
) -> ChosenDate | None:
    """The date of publication: the first statement in the measured order that can be read and isn't in the future.

    A date more than a day after `context.fetched_at` is refused; without it one after `last_year_without_fetch`. What the container
    states (`supplied`) comes first. A time without a zone is in the zone that the page uses or its publisher's country's, else UTC.
    """
    return _choose(_statements(published, modified, supplied, context), context)


def choose_modified(modified: Sequence[Candidate], supplied: str | None, context: DateContext) -> ChosenDate | None:
    """The date of the last change as stated, by the same order."""
    return _choose(_stated(modified, supplied), context)


def _choose(all_statements: Iterable[_Statement], context: DateContext) -> ChosenDate | None:
    statements = sorted(all_statements, key=lambda s: s[:2])[:_MAX_STATEMENTS]
    readable = [_Read(s, date) for s in statements if (date := read_date(s.raw, context.language))]
    if not readable:
        return None
    stated = [_stated_time(read.date) for read in readable if read.date.has_time and read.date.zone]
    country: str | None = None
    if any(read.date.has_time and read.date.zone is None for read in readable):
        country = country_of(context.countries, _host(context.url), context.locales)
    rules = DateRules.load()
    reads = []
    zones: dict[_Statement, Zone] = {}
    for read in readable:
        zone = _zone_for(read.date, stated, country)
        date = _in_zone(read.date, zone) if zone else read.date
        if not _is_future(date, context, rules):
            reads.append(_Read(read.statement, date))
            if zone:
                zones[read.statement] = zone
    reads = _without_changes(reads, rules)
    for first in reads:
        statement, date = _finer(first, reads)
        confidence = _confidence(statement, date, reads, rules)
        if confidence >= rules.least:
            zone = zones.get(statement)
            told = None if not date.has_time else zone.source if zone else _told(date)
            return ChosenDate(date._replace(confidence=confidence), statement.raw, statement.source, told)
    return None


def _finer(chosen: _Read, reads: Sequence[_Read]) -> _Read:
    """The same day with its time, where the one that was chosen states only the day and another place of the page knows more."""
    if chosen.date.precision is not DatePrecision.DAY or chosen.statement.rank > _MODIFIED:
        return chosen
    for other in reads:
        place, date = other.statement.place, other.date
        if place in ("modified", "time_far") or other.statement.rank > _MODIFIED or not date.has_time:
            continue
        if (date.at + date.offset).date() == chosen.date.at.date():
            return other
    return chosen


def _is_future(date: ParsedDate, context: DateContext, rules: DateRules) -> bool:
    if context.fetched_at is None:
        return date.at.year > rules.last_year_without_fetch
    return date.at > context.fetched_at + timedelta(days=1)


def _stated(candidates: Sequence[Candidate], supplied: str | None) -> Iterator[_Statement]:
    rules = MetadataRules.load()
    if supplied:
        yield _Statement(-1, 0, supplied, "supplied", DateSource.META)
    for position, candidate in enumerate(candidates):
        rank, place, source = _rank(candidate.source, rules)
        yield _Statement(rank, position, candidate.value, place, source, candidate.source)


def _statements(
    published: Sequence[Candidate], modified: Sequence[Candidate], supplied: str | None, context: DateContext
) -> Iterator[_Statement]:
    yield from _stated(published, supplied)
    in_url = url_date(context.url) if context.url else None
    if in_url:
        yield _Statement(4 if in_url[1] else 10, 0, in_url[0], "url", DateSource.URL)
    for position, line in enumerate(context.date_lines):
        yield _Statement(9, position, line, "text", DateSource.TEXT)
    if context.dateline:
        dated = _with_year(context.dateline, in_url, context.language)
        if dated:
            yield _Statement(9, len(context.date_lines), dated, "dateline", DateSource.TEXT)
    for change in _stated(modified, None):
        yield change._replace(rank=_MODIFIED + change.rank, place="modified")
    in_name = file_date(context.file_name) if context.file_name else None
    if in_name:
        yield _Statement(40, 0, in_name, "file", DateSource.FILE)
    if context.last_modified:
        yield _Statement(41, 0, context.last_modified, "last_modified", DateSource.FILE)
    if context.fetched_at:
        yield _Statement(42, 0, f"{context.fetched_at:%Y-%m-%d}", "fetched", DateSource.FILE)


def _rank(source: str, rules: MetadataRules) -> tuple[int, str, DateSource]:
    if source.startswith("json_ld."):
        rank = {ARTICLE: 0, PAGE: 1}.get(rules.type_rank(source[len("json_ld.") :]), 5)
        return rank, "json_ld" if rank < 5 else "json_ld_other", DateSource.JSON_LD
    if source.startswith("itemprop:"):
        return 3, "itemprop", DateSource.META
    if source == "time":
        return 6, "time", DateSource.TIME
    if source == "time:far":
        return 11, "time_far", DateSource.TIME
    if source == "visible:month":
        return 8, "visible", DateSource.TEXT
    if source.startswith("visible:"):
        return 7, "visible", DateSource.TEXT
    return 2, "meta", DateSource.META


def _with_year(dateline: str, in_url: tuple[str, bool] | None, language: str | None) -> str | None:
    """A dateline's date with its year. "March 3" alone gets the URL's year, if the URL states the same month; else it has none."""
    if read_date(dateline, language):
        return dateline
    if in_url is None or (month := read_date(in_url[0], None)) is None:
        return None
    dated = f"{dateline.strip(' ,.')} {month.at.year}"
    found = read_date(dated, language)
    return dated if found and found.at.month == month.at.month else None


def _without_changes(reads: list[_Read], rules: DateRules) -> list[_Read]:
    """`reads` with those at the end of their kind that say "date" and mean the last change.

    A tag of a general name ("dc.date") that has the moment of a stated change counts as that change where a place that a reader
    sees, or a better one, states an earlier day.
    """
    changes = {read.date.at.date() for read in reads if read.statement.place == "modified"}
    general = {
        read.statement
        for read in reads
        if read.statement.name in rules.general_names
        and read.date.at.date() in changes
        and any(
            other.statement.rank < _MODIFIED
            and other.statement.place != "time_far"
            and other.date.precision not in _WIDEST
            and other.date.at < read.date.at - _SAME_DAY
            for other in reads
        )
    }
    return [r for r in reads if r.statement not in general] + [r for r in reads if r.statement in general]


def _confidence(statement: _Statement, date: ParsedDate, reads: Sequence[_Read], rules: DateRules) -> float:
    """How sure a date is, 0 to 1: its place's share, raised by each other place that agrees, lowered where one disagrees."""
    if statement.place == "modified" or statement.rank > _MODIFIED:
        return round(rules.places[statement.place] * date.confidence, 4)
    agreeing: set[str] = set()
    others: set[str] = set()
    for other in reads:
        place = other.statement.place
        if place in (statement.place, "modified", "time_far") or other.statement.rank > _MODIFIED:
            continue
        others.add(place)
        if _agree(date, other.date):
            agreeing.add(place)
    share = rules.places[statement.place]
    if agreeing:
        share = max(share, rules.agreement["two" if len(agreeing) > 1 else "one"])
    if others - agreeing:
        share *= rules.agreement["contradicted" if agreeing else "alone_contradicted"]
    return round(share * date.confidence, 4)


def _agree(one: ParsedDate, other: ParsedDate) -> bool:
    apart = abs(one.at - other.at)
    return apart <= max(_WIDEST.get(one.precision, _SAME_DAY), _WIDEST.get(other.precision, _SAME_DAY))


def _told(date: ParsedDate) -> ZoneSource:
    return ZoneSource.STATED if date.zone else ZoneSource.ASSUMED


def _stated_time(date: ParsedDate) -> StatedTime:
    return StatedTime(date.at, date.offset)


def _zone_for(date: ParsedDate, stated: Sequence[StatedTime], country: str | None) -> Zone | None:
    if date.zone or not date.has_time:
        return None
    return page_zone(date.at.replace(tzinfo=None), stated, country)


def _in_zone(date: ParsedDate, zone: Zone) -> ParsedDate:
    """The moment at which a clock in `zone` shows what `date` says."""
    at = date.at.replace(tzinfo=zone.zone).astimezone(timezone.utc)
    return date._replace(at=at, zone=zone.name, offset=date.at - at)


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None
