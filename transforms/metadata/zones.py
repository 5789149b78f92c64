"""Tells the time zone of a written time: the one stated with it, the one that the page uses, the publisher's country's.

Before: "4 March 2021, 23:30" on example.de. After: 2021-03-04 22:30 UTC, zone Europe/Berlin, told by the country.
Zones are those of the IANA time zone database; which abbreviation and country means which is data (configs/zones.toml). A country counts
where its newsrooms keep one time, and is told by the publisher's address, the top-level domain or the page's locale, in this order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from configs.toml import read_toml
from schemas.codes import ZoneSource

_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+\-−])(\d{1,2}):?(\d{2})?")
_LOCALE = re.compile(r"([a-z]{2,3})[-_](?:[A-Za-z]{4}[-_])?([A-Za-z]{2})", re.IGNORECASE)
_SEASON = timedelta(days=30)
"""How far apart two moments of one page may lie for the offset of one to hold for the other, whatever summer time does."""

_WIDEST_OFFSET = 14 * 60
"""Minutes. No clock lies further from Greenwich than that of the Line Islands (+14:00)."""


class StatedTime(NamedTuple):
    """A moment of the page whose zone is stated: in UTC, and how far east of it the clock stood."""

    at: datetime
    offset: timedelta


class Zone(NamedTuple):
    """A zone, its name ("UTC", "+02:00", "Europe/Berlin") and what told it."""

    zone: tzinfo
    name: str
    source: ZoneSource


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """`offsets` are in hours east of Greenwich by abbreviation; `regions` and `countries` name IANA zones."""

    offsets: Mapping[str, float]
    regions: Mapping[str, str]
    countries: Mapping[str, str]
    country_names: Mapping[str, str]
    generic_domains: frozenset[str]
    second_level: frozenset[str]
    worldwide_locales: frozenset[str]

    @staticmethod
    def load() -> ZoneRules:
        """The built-in tables, read once a process."""
        return _load()


def stated_zone(written: str | None) -> tuple[tzinfo, str] | None:
    """The zone that "Z", "+01:00", "GMT+1" or a known abbreviation states, with its name; None for none, unknown ones and
    offsets that no place has ("+99:99")."""
    if not written:
        return None
    text = written.strip()
    match = _OFFSET.fullmatch(text)
    if match:
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > _WIDEST_OFFSET or int(match[3] or 0) > 59:
            return None
        return _fixed(minutes if match[1] == "+" else -minutes)
    rules = ZoneRules.load()
    hours = rules.offsets.get(text.upper())
    if hours is not None:
        return _fixed(round(hours * 60))
    region = rules.regions.get(text.upper())
    return (ZoneInfo(region), region) if region else None


def country_of(addresses: Iterable[str], host: str | None, locales: Iterable[str]) -> str | None:
    """The publisher's country as an ISO 3166-1 code, if the rules have a zone for it.

    `addresses` are countries as the page states them for its publisher ("DE", "Germany"), `host` is the page's, `locales`
    are its language tags ("de_AT").
    """
    rules = ZoneRules.load()
    for address in addresses:
        text = address.strip()
        code = rules.country_names.get(text.lower(), text.upper())
        if len(code) == 2:
            # A stated country without one zone (the United States) rules out the other hints.
            return code if code in rules.countries else None
    labels = (host or "").lower().rstrip(".").split(".")
    if len(labels) > 1 and len(labels[-1]) == 2:
        top = labels[-1]
        if top not in rules.generic_domains or labels[-2] in rules.second_level:
            code = "GB" if top == "uk" else top.upper()
            return code if code in rules.countries else None
    for locale in locales:
        match = _LOCALE.fullmatch(locale.strip())
        if match and f"{match[1]}-{match[2]}".lower() not in rules.worldwide_locales:
            code = match[2].upper()
            if code in rules.countries:
                return code
    return None


def page_zone(local: datetime, stated: Sequence[StatedTime], country: str | None) -> Zone | None:
    """The zone of a time that states none. `local` is the naive time; `stated` are the page's times that state one.

    An offset other than UTC's that the page states within a month of `local` holds for it; else the country's zone does; else
    an offset that all of the page's times share. UTC says nothing: machines write it whatever the newsroom's clock shows.
    """
    offsets = [time for time in stated if time.offset]
    near = [time for time in offsets if abs(time.at + time.offset - local.replace(tzinfo=timezone.utc)) <= _SEASON]
    if near and len({time.offset for time in near}) == 1:
        return _page_offset(near[0].offset)
    if country:
        name = ZoneRules.load().countries[country]
        return Zone(ZoneInfo(name), name, ZoneSource.COUNTRY)
    if offsets and len({time.offset for time in offsets}) == 1:
        return _page_offset(offsets[0].offset)
    return None


def _page_offset(offset: timedelta) -> Zone:
    zone, name = _fixed(round(offset.total_seconds() / 60))
    return Zone(zone, name, ZoneSource.PAGE)


def _fixed(minutes: int) -> tuple[tzinfo, str]:
    if minutes == 0:
        return timezone.utc, "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return timezone(timedelta(minutes=minutes)), f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


@lru_cache(maxsize=1)
def _load() -> ZoneRules:
    table: Any = read_toml("zones.toml")
    publisher = table["publisher"]
    return ZoneRules(
        offsets=table["offsets"],
        regions=table["regions"],
        countries=table["countries"],
        country_names=publisher["names"],
        generic_domains=frozenset(publisher["generic"]),
        second_level=frozenset(publisher["second_level"]),
        worldwide_locales=frozenset(publisher["worldwide_locales"]),
    )
