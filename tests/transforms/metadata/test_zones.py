"""Tests of transforms.metadata.zones: whose clock a time is read from."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from schemas.codes import ZoneSource
from transforms.metadata.zones import StatedTime, ZoneRules, country_of, page_zone, stated_zone


@pytest.mark.parametrize(
    ("written", "name", "hours"),
    [
        ("Z", "UTC", 0),
        ("+00:00", "UTC", 0),
        ("+01:00", "+01:00", 1),
        ("-0530", "-05:30", -5.5),
        ("GMT+2", "+02:00", 2),
        ("UTC -03:00", "-03:00", -3),
        ("EST", "-05:00", -5),
        ("cest", "+02:00", 2),
        ("−05:00", "-05:00", -5),
        ("ET", "America/New_York", -4),
    ],
)
def test_stated_zones(written: str, name: str, hours: float) -> None:
    found = stated_zone(written)
    assert found is not None
    assert found[1] == name
    assert datetime(2021, 7, 4, 12, tzinfo=found[0]).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("written", [None, "", "XYZ", "IST", "AST", "+99:99", "+14:01", "-02:75"])
def test_unknown_and_ambiguous_zones(written: str | None) -> None:
    assert stated_zone(written) is None


@pytest.mark.parametrize(
    ("addresses", "host", "locales", "country"),
    [
        (["DE"], "example.at", [], "DE"),
        (["Germany"], "example.com", [], "DE"),
        (["US"], "example.de", [], None),
        ([], "www.example.co.uk", [], "GB"),
        ([], "example.io", [], None),
        ([], "example.com.co", [], "CO"),
        ([], "example.com", ["en", "de_AT"], "AT"),
        ([], "example.com", ["en_GB", "en-US"], None),
        ([], "example.com", ["zh-Hant-TW"], "TW"),
        ([], "example.us", ["de_DE"], None),
        ([], None, [], None),
    ],
)
def test_countries(addresses: list[str], host: str | None, locales: list[str], country: str | None) -> None:
    assert country_of(addresses, host, locales) == country


def test_zone_of_a_time_that_states_none() -> None:
    local = datetime(2021, 3, 4, 23, 30)
    east = StatedTime(datetime(2021, 3, 5, 9, tzinfo=timezone.utc), timedelta(hours=2))
    summer = StatedTime(datetime(2021, 8, 5, 9, tzinfo=timezone.utc), timedelta(hours=3))
    machine = StatedTime(datetime(2021, 3, 5, 9, tzinfo=timezone.utc), timedelta(0))

    def told(stated: list[StatedTime], country: str | None) -> tuple[str, ZoneSource] | None:
        zone = page_zone(local, stated, country)
        return (zone.name, zone.source) if zone else None

    assert told([east], "DE") == ("+02:00", ZoneSource.PAGE)
    assert told([summer, machine], "DE") == ("Europe/Berlin", ZoneSource.COUNTRY)
    assert told([summer], None) == ("+03:00", ZoneSource.PAGE)
    assert told([east, summer], None) == ("+02:00", ZoneSource.PAGE)
    assert told([machine], None) is None


def test_every_zone_of_the_rules_exists() -> None:
    rules = ZoneRules.load()
    for name in {*rules.countries.values(), *rules.regions.values()}:
        assert ZoneInfo(name).key == name
    assert all(len(code) == 2 and code.isupper() for code in (*rules.countries, *rules.country_names.values()))
    assert set(rules.country_names.values()) <= set(rules.countries)
