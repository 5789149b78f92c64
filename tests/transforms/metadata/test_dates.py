"""Tests of transforms.metadata.dates: choosing the date of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

import pytest

from schemas.codes import DatePrecision, DateSource
from schemas.records import Candidate
from transforms.metadata.dates import DateContext, choose_modified, choose_published, url_date

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


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://example.org/2021/03/04/harbour", ("2021-03-04", True)),
        ("https://example.org/harbour-2021-03-04.html", ("2021-03-04", True)),
        ("https://example.org/20210304/harbour", ("2021-03-04", True)),
        ("https://example.org/2021/3/4/harbour", ("2021-03-04", True)),
        ("https://example.org/2021/mar/04/harbour", ("04 Mar 2021", True)),
        ("https://example.org/2021/03/harbour", ("2021-03", False)),
        ("https://example.org/harbour-103241818", None),
        ("https://example.org/a?d=2021/03/04", None),
        ("http://[broken/2021/03/04/", None),
    ],
)
def test_url_dates(url: str, found: tuple[str, bool] | None) -> None:
    assert url_date(url) == found


def test_modified() -> None:
    chosen = choose_modified([Candidate("2021-04-01", "json_ld.NewsArticle")], None, DateContext())
    assert chosen is not None
    assert chosen.date.at.month == 4
    assert choose_modified([], None, DateContext(url="https://example.org/2021/03/04/a")) is None
