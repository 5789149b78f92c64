"""Tests of transforms.metadata.dates: choosing the date of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from schemas.codes import DatePrecision, DateSource, ZoneSource
from schemas.records import Candidate
from transforms.metadata.dates import DateContext, choose_modified, choose_published

NOTHING_KNOWN = DateContext()


def _chosen(
    published: Sequence[tuple[str, str]], modified: Sequence[tuple[str, str]] = (), context: DateContext = NOTHING_KNOWN
) -> tuple[str, DateSource]:
    chosen = choose_published([Candidate(*c) for c in published], [Candidate(*c) for c in modified], None, context)
    assert chosen is not None
    return chosen.date.at.strftime("%Y-%m-%d"), chosen.source


def test_order_of_sources() -> None:
    stated = [
        ("3 March 2021", "visible:date"),
        ("2021-03-04", "time"),
        ("2021-03-05", "json_ld.Recipe"),
        ("2021-03-06", "itemprop:datepublished"),
        ("2021-03-07", "article:published_time"),
        ("2021-03-08", "json_ld.WebPage"),
        ("2021-03-09", "json_ld.NewsArticle"),
    ]
    seen = [_chosen(stated[: count + 1]) for count in range(len(stated))]
    assert seen == [
        ("2021-03-03", DateSource.TEXT),
        ("2021-03-04", DateSource.TIME),
        ("2021-03-05", DateSource.JSON_LD),
        ("2021-03-06", DateSource.META),
        ("2021-03-07", DateSource.META),
        ("2021-03-08", DateSource.JSON_LD),
        ("2021-03-09", DateSource.JSON_LD),
    ]


def test_publication_before_update() -> None:
    assert _chosen([("3 March 2021", "visible:date")], [("2021-04-01", "article:modified_time")])[0] == "2021-03-03"
    assert _chosen([], [("2021-04-01", "article:modified_time")]) == ("2021-04-01", DateSource.META)


def test_unreadable_candidates_are_passed_over() -> None:
    assert _chosen([("soon", "json_ld.NewsArticle"), ("2021-03-04", "time")])[0] == "2021-03-04"


def test_the_future_is_refused() -> None:
    fetched = datetime(2021, 3, 5, tzinfo=timezone.utc)
    context = DateContext(fetched_at=fetched)
    assert (
        _chosen([("2031-03-04", "json_ld.NewsArticle"), ("2021-03-05T20:00Z", "time")], context=context)[0]
        == "2021-03-05"
    )
    assert choose_published([Candidate("2021-03-07", "time")], (), None, context) is None


def test_the_far_future_is_refused_without_a_time_of_fetching() -> None:
    assert _chosen([("2099-12-31", "json_ld.NewsArticle"), ("2021-03-05", "time")])[0] == "2021-03-05"
    assert choose_published([Candidate("2099-12-31", "time")], [], None, NOTHING_KNOWN) is None
    assert choose_published([], [], "31 December 2099", NOTHING_KNOWN) is None
    assert choose_modified([Candidate("2099-12-31T23:59:59Z", "article:modified_time")], None, NOTHING_KNOWN) is None
    # Whoever fetched it then knows better than the list.
    later = DateContext(fetched_at=datetime(2050, 1, 2, tzinfo=timezone.utc))
    assert _chosen([("2050-01-01", "time")], context=later)[0] == "2050-01-01"


def test_a_refused_date_does_not_contradict() -> None:
    alone = choose_published([Candidate("2021-03-05", "time")], [], None, NOTHING_KNOWN)
    beside = choose_published(
        [Candidate("2021-03-05", "time"), Candidate("2099-12-31", "json_ld.NewsArticle")], [], None, NOTHING_KNOWN
    )
    other = choose_published(
        [Candidate("2021-03-05", "time"), Candidate("2019-12-31", "visible:date")], [], None, NOTHING_KNOWN
    )
    assert alone is not None
    assert beside is not None
    assert other is not None
    assert beside.date.confidence == alone.date.confidence > other.date.confidence


def test_supplied_wins_and_keeps_its_text() -> None:
    chosen = choose_published([Candidate("2021-03-04", "time")], (), "5 March 2021", DateContext("en"))
    assert chosen is not None
    assert (chosen.raw, chosen.date.at.day, chosen.date.precision) == ("5 March 2021", 5, DatePrecision.DAY)


def test_text_lines_and_urls() -> None:
    lines = DateContext("de", date_lines=("Stand: 14:05 Uhr", "3. März 2021"))
    assert _chosen([], context=lines) == ("2021-03-03", DateSource.TEXT)
    address = DateContext("en", url="https://example.org/news/2021/03/04/harbour")
    assert _chosen([("5 March 2021", "visible:date")], context=address) == ("2021-03-04", DateSource.URL)
    month_only = DateContext("en", url="https://example.org/2021/03/harbour")
    assert _chosen([("5 March 2021", "visible:date")], context=month_only)[1] is DateSource.TEXT
    assert _chosen([], context=month_only) == ("2021-03-01", DateSource.URL)


def test_modified() -> None:
    chosen = choose_modified([Candidate("2021-04-01", "json_ld.NewsArticle")], None, DateContext())
    assert chosen is not None
    assert chosen.date.at.month == 4
    assert choose_modified([], None, DateContext(url="https://example.org/2021/03/04/a")) is None


def _at(published: Sequence[tuple[str, str]], context: DateContext) -> tuple[str, str | None, ZoneSource | None]:
    chosen = choose_published([Candidate(*c) for c in published], (), None, context)
    assert chosen is not None
    return chosen.date.at.isoformat(timespec="minutes")[:16], chosen.timezone, chosen.zone_source


def test_zones_of_times() -> None:
    written = [("2021-03-04 23:30", "article:published_time")]
    german = DateContext("de", url="https://example.de/a")
    assert _at(written, german) == ("2021-03-04T22:30", "Europe/Berlin", ZoneSource.COUNTRY)
    assert _at(written, DateContext("de", url="https://example.com/a")) == (
        "2021-03-04T23:30",
        "UTC",
        ZoneSource.ASSUMED,
    )
    addressed = DateContext("de", url="https://example.com/a", countries=("JP",))
    assert _at(written, addressed) == ("2021-03-04T14:30", "Asia/Tokyo", ZoneSource.COUNTRY)
    beside = [*written, ("2021-03-04T20:00-05:00", "time")]
    assert _at(beside, DateContext("en")) == ("2021-03-05T04:30", "-05:00", ZoneSource.PAGE)
    assert _at([("2021-03-04T23:30+01:00", "time")], german) == ("2021-03-04T22:30", "+01:00", ZoneSource.STATED)


def test_a_day_has_no_zone() -> None:
    for written in ("2021-03-04", "2021-03-04 00:00:00", "2021-03-04T00:00:00Z"):
        found = _at([(written, "json_ld.NewsArticle")], DateContext("de", url="https://example.de/a"))
        assert found == ("2021-03-04T00:00", None, None)


def _confidence(published: Sequence[tuple[str, str]], context: DateContext = NOTHING_KNOWN) -> float:
    chosen = choose_published([Candidate(*c) for c in published], (), None, context)
    assert chosen is not None
    return chosen.date.confidence


def test_agreement_raises_and_disagreement_lowers_the_confidence() -> None:
    stated = ("2021-03-04T23:30Z", "json_ld.NewsArticle")
    alone = _confidence([stated])
    one = _confidence([stated, ("2021-03-05", "time")])
    two = _confidence([stated, ("2021-03-04", "time"), ("2021-03-04", "article:published_time")])
    contradicted = _confidence([stated, ("2021-05-04", "time")])
    mixed = _confidence([stated, ("2021-05-04", "time"), ("2021-03-04", "article:published_time")])
    assert contradicted < alone < one < two <= 1
    assert contradicted < mixed < one
    same_kind = _confidence([stated, ("2021-03-04", "json_ld.WebPage")])
    assert same_kind == alone
    url = DateContext(url="https://example.org/2021/03/harbour")
    assert _confidence([stated], url) == one


def test_a_general_tag_with_the_moment_of_the_change_is_the_change() -> None:
    changed = [("2021-07-05T14:20:08Z", "article:modified_time")]
    general = ("2021-07-05T14:20:08Z", "meta:dc.date")
    assert _chosen([general, ("2021-03-01", "time")], changed) == ("2021-03-01", DateSource.TIME)
    assert _chosen([general], changed) == ("2021-07-05", DateSource.META)
    stated = ("2021-07-05T14:20:08Z", "article:published_time")
    assert _chosen([stated, ("2021-03-01", "time")], changed) == ("2021-07-05", DateSource.META)


def test_datelines() -> None:
    assert _chosen([], context=DateContext("en", dateline="March 3, 2021")) == ("2021-03-03", DateSource.TEXT)
    assert choose_published([], (), None, DateContext("en", dateline="March 3")) is None
    month = DateContext("en", dateline="March 3", url="https://example.org/2021/03/harbour")
    assert _chosen([], context=month) == ("2021-03-03", DateSource.TEXT)
    other = DateContext("en", dateline="March 3", url="https://example.org/2021/04/harbour")
    assert _chosen([], context=other) == ("2021-04-01", DateSource.URL)


def test_the_container_is_the_last_resort() -> None:
    fetched = datetime(2022, 1, 2, tzinfo=timezone.utc)
    header = "Thu, 04 Mar 2021 05:06:07 GMT"
    named = DateContext(file_name="wire/2021-03-03_harbour.txt", last_modified=header, fetched_at=fetched)
    assert _chosen([], context=named) == ("2021-03-03", DateSource.FILE)
    assert _chosen([], context=DateContext(last_modified=header, fetched_at=fetched)) == ("2021-03-04", DateSource.FILE)
    assert choose_published([], (), None, DateContext(fetched_at=fetched)) is None
    assert choose_modified([], None, named) is None


def test_a_day_takes_its_time_from_another_place_that_says_the_same_day() -> None:
    day = ("2021-03-04", "json_ld.NewsArticle")
    same = ("2021-03-04T23:30:00-05:00", "article:published_time")
    assert _at([day, same], DateContext())[0] == "2021-03-05T04:30"
    assert _at([day, ("2021-03-05T10:00:00Z", "article:published_time")], DateContext())[0] == "2021-03-04T00:00"
