"""Tests of transforms.metadata.date_places: dates in addresses and file names."""

from __future__ import annotations

import pytest

from transforms.metadata.date_places import file_date, url_date


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


def test_file_names() -> None:
    assert file_date("wire/2021-03-04_harbour.txt") == "2021-03-04"
    assert file_date("harbour_20210304.html.gz") == "2021-03-04"
    assert file_date("2021-03-04/harbour.txt") is None
    assert file_date("crawl-20210304.warc.gz#17") is None
