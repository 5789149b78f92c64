"""Tests of transforms.describe: the article's row from a cleaned document."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from schemas.codes import (
    Action,
    AuthorKind,
    Calendar,
    Category,
    DatePrecision,
    DateSource,
    Field,
    Normalization,
    Payload,
    Scope,
    SourceFormat,
)
from schemas.records import (
    Author,
    Candidate,
    CleanedDocument,
    Dateline,
    PageMetadata,
    ParsedDocument,
    RawDocument,
    RemovedSpan,
    SuppliedFields,
)
from transforms.describe import (
    DescribeRules,
    Description,
    date_language,
    describe,
)
from transforms.metadata.address import choose_canonical_url
from transforms.metadata.keywords import choose_keywords
from transforms.metadata.publisher import choose_publisher

RULES = DescribeRules.load()
BODY = (
    "The president called for the expansion of ties with the neighbouring country on Tuesday.\n"
    "He met the foreign minister in the capital and said that both sides would work together."
)


NO_METADATA = PageMetadata()


def _document(metadata: PageMetadata = NO_METADATA, **raw: Any) -> ParsedDocument:
    source = RawDocument(
        source_uri="in/a.txt", name="a.txt", format=SourceFormat.TEXT, payload=Payload.TEXT, raw=b"raw bytes"
    )
    return ParsedDocument(replace(source, **raw), "utf-8", "text", (), metadata)


def _describe(parsed: ParsedDocument | None = None, **cleaned: Any) -> Description:
    document = CleanedDocument(parsed or _document(), BODY, (), (Normalization.NBSP,), "fingerprint")
    return describe(replace(document, **cleaned), RULES)


def test_plain_text_with_dateline() -> None:
    article = _describe(
        headline="President Urges Expansion of Ties",
        byline="Jane Roe",
        dateline=Dateline("TEHRAN (Tasnim) –", "TEHRAN", "Tasnim"),
        date_lines=("Tuesday, 3 March 2021",),
        copyright_lines=("© 2021 Example Media. All rights reserved.",),
        license_lines=("This work is licensed under a Creative Commons Attribution 4.0 International License.",),
    ).article
    assert article.headline == "President Urges Expansion of Ties"
    assert (article.dateline, article.dateline_country) == ("TEHRAN", "IR")
    assert [agency.as_written for agency in article.agencies] == ["Tasnim"]
    assert article.authors == (Author("Jane Roe", AuthorKind.PERSON),)
    assert article.byline == "Jane Roe"
    assert article.license == "CC-BY-4.0"
    assert article.copyright_notice is not None
    assert article.copyright_notice.startswith("© 2021 Example Media")
    assert article.published_at == datetime(2021, 3, 3, tzinfo=timezone.utc)
    assert article.published_raw == "Tuesday, 3 March 2021"
    assert (article.published_source, article.published_precision) == (DateSource.TEXT, DatePrecision.DAY)
    assert (article.published_timezone, article.published_timezone_source) == (None, None)
    assert article.published_calendar is Calendar.GREGORIAN
    assert article.published_month == "2021-03"
    assert article.language == "en"
    assert article.word_count == 30
    assert article.normalizations == (Normalization.NBSP,)
    assert article.text_fingerprint == "fingerprint"


def test_nothing_known_is_null() -> None:
    article = _describe().article
    unknown = (
        "host url canonical_url publisher headline alternative_headline standfirst description byline dateline dateline_country "
        "section published_at modified_at published_raw published_precision published_confidence fetched_at license "
        "published_timezone published_timezone_source published_calendar copyright_notice lead_image_url is_accessible_for_free published_month"
    )
    assert [name for name in unknown.split() if getattr(article, name) is not None] == []
    assert (article.authors, article.agencies, article.keywords) == ((), (), ())
    assert article.published_source is DateSource.NONE
    assert article.quality.link_density is None


def test_identity_depends_on_name_and_bytes_only() -> None:
    article = _describe().article
    assert article.source_sha256 == hashlib.sha256(b"raw bytes").hexdigest()
    assert article.article_id == hashlib.sha256(f"a.txt\0{article.source_sha256}".encode()).hexdigest()[:32]
    assert article.work_id == hashlib.sha256(b"a.txt").hexdigest()[:32]
    elsewhere = _describe(_document(source_uri="/mnt/a.txt"), headline="Another").article
    assert elsewhere.article_id == article.article_id
    assert _describe(_document(raw=b"other")).article.article_id != article.article_id
    assert article.content_sha256 == hashlib.sha256(f"\n{BODY}".encode()).hexdigest()
    assert elsewhere.content_sha256 == hashlib.sha256(f"Another\n{BODY}".encode()).hexdigest()


def test_versions_of_one_page_are_one_work() -> None:
    first = _document(
        PageMetadata(url=(Candidate("https://example.org/a?utm_source=x", "link:canonical"),)), name="1.html"
    )
    second = _document(url="https://m.example.org/a#top", name="2.html")
    one, two = _describe(first).article, _describe(second).article
    assert one.work_id == two.work_id
    assert (one.canonical_url, one.host, one.url) == ("https://example.org/a", "example.org", None)
    assert two.url == "https://m.example.org/a#top"


def test_page() -> None:
    metadata = PageMetadata(
        headline=(
            Candidate("Ties expand", "json_ld.NewsArticle"),
            Candidate("Ties expand | Example Times", "og:title"),
        ),
        description=(Candidate("A summary.", "og:description"),),
        published=(Candidate("2021-03-31T23:30:00-02:00", "json_ld.NewsArticle"),),
        modified=(Candidate("2021-04-02", "article:modified_time"),),
        authors=(Candidate("Jane Roe", "json_ld.NewsArticle"),),
        site_name=(Candidate("Example Times", "og:site_name"),),
        section=(Candidate("https://example.org/world", "article:section"), Candidate("World", "article:section")),
        keywords=(Candidate("ties, Visit, TIES", "meta:keywords"),),
        license=(Candidate("https://creativecommons.org/licenses/by-sa/4.0/", "rel:license"),),
        image_url=(Candidate("/a.jpg", "og:image"),),
        is_accessible_for_free=(Candidate("False", "json_ld.NewsArticle"),),
    )
    article = _describe(_document(metadata, url="https://example.org/world/ties"), headline="ignored for pages").article
    assert article.headline == "Ties expand"
    assert article.publisher == "Example Times"
    # Partitions are months in UTC: half past eleven at night, two hours west, is April.
    assert article.published_at == datetime(2021, 4, 1, 1, 30, tzinfo=timezone.utc)
    assert article.published_month == "2021-04"
    assert article.modified_at == datetime(2021, 4, 2, tzinfo=timezone.utc)
    assert article.section == "World"
    assert article.keywords == ("ties", "Visit")
    assert article.license == "CC-BY-SA-4.0"
    assert article.lead_image_url == "https://example.org/a.jpg"
    assert article.is_accessible_for_free is False
    assert article.description == "A summary."


def test_future_dates_are_refused_by_the_fetch_time() -> None:
    metadata = PageMetadata(published=(Candidate("2031-01-01", "json_ld.NewsArticle"), Candidate("2021-03-04", "time")))
    fetched = datetime(2021, 3, 5, tzinfo=timezone.utc)
    article = _describe(_document(metadata, fetched_at=fetched)).article
    assert article.published_at == datetime(2021, 3, 4, tzinfo=timezone.utc)
    assert article.fetched_at == fetched


def test_container_fields_win() -> None:
    supplied = SuppliedFields(
        headline="Supplied", authors=("Ann Poe",), published="2020-01-02", publisher="Wire", keywords=("b", "a", "B"),
        section="World", description="Short.", standfirst="Intro.", url="https://example.org/x", license="CC BY 4.0",
        image_url="https://example.org/i.png",
    )  # fmt: skip
    metadata = PageMetadata(
        headline=(Candidate("Page", "h1"),), published=(Candidate("2021-03-04", "json_ld.NewsArticle"),)
    )
    article = _describe(_document(metadata, supplied=supplied)).article
    assert (article.headline, article.publisher, article.section) == ("Supplied", "Wire", "World")
    assert (article.description, article.standfirst, article.license) == ("Short.", "Intro.", "CC-BY-4.0")
    assert article.authors == (Author("Ann Poe", AuthorKind.PERSON),)
    assert article.keywords == ("b", "a")
    assert article.published_month == "2020-01"
    assert (article.url, article.canonical_url, article.host) == (
        "https://example.org/x",
        "https://example.org/x",
        "example.org",
    )
    assert article.lead_image_url == "https://example.org/i.png"


def test_removed_rows_keep_their_order() -> None:
    spans = tuple(
        RemovedSpan(Field.BODY, start, start + 2, "ab", "share.x", Category.SHARE, Scope.GLOBAL, Action.REMOVED, 7)
        for start in (3, 9)
    )
    article, removed, *_ = _describe(removed=spans, date_lines=("3 March 2021",))
    assert [(row.seq, row.start, row.end, row.text, row.body_offset) for row in removed] == [
        (0, 3, 5, "ab", 7),
        (1, 9, 11, "ab", 7),
    ]
    assert {(row.article_id, row.language, row.published_month) for row in removed} == {
        (article.article_id, "en", "2021-03")
    }


def test_staff_and_agencies_name_nobody() -> None:
    article = _describe(byline="Staff, Agencies").article
    assert article.byline == "Staff, Agencies"
    assert article.authors == ()
    assert article.agencies == ()


def test_a_reporter_in_the_dateline_is_the_author() -> None:
    dateline = Dateline("本报北京3月4日电（记者 王小明）", "北京", None, "3月4日")
    article = _describe(dateline=dateline).article
    assert (article.byline, article.authors) == ("王小明", (Author("王小明", AuthorKind.PERSON),))
    assert _describe(dateline=dateline, byline="李红").article.byline == "李红"


def test_agencies_from_every_line() -> None:
    article = _describe(
        dateline=Dateline("QUITO (Example Wire) –", "QUITO", "Example Wire"),
        license_lines=(
            "All Content by Mehr News Agency is licensed under a Creative Commons Attribution 4.0 International License.",
        ),
    ).article
    # An agency that no rule knows stays as written.
    assert [agency.as_written for agency in article.agencies] == ["Example Wire", "Mehr News Agency"]


@pytest.mark.parametrize(
    ("stated", "fetched", "chosen"),
    [
        ([("/a", "link:canonical")], "https://example.org/b", "https://example.org/a"),
        (
            [("https://example.org/", "link:canonical"), ("https://example.org/a", "og:url")],
            None,
            "https://example.org/a",
        ),
        ([("https://example.org/", "og:url")], None, "https://example.org/"),
        ([("#main", "json_ld.NewsArticle")], None, None),
        ([], "https://example.org/b", "https://example.org/b"),
    ],
)
def test_canonical_url(stated: list[tuple[str, str]], fetched: str | None, chosen: str | None) -> None:
    metadata = PageMetadata(url=tuple(Candidate(*candidate) for candidate in stated))
    assert choose_canonical_url(metadata, SuppliedFields(), fetched) == chosen


def test_stated_language_is_a_hint_for_dates_only() -> None:
    english = PageMetadata(language=(Candidate("en_GB", "og:locale"),))
    assert date_language("en", english, SuppliedFields()) == "en-GB"
    assert date_language("de", english, SuppliedFields()) == "de"
    assert date_language("und", english, SuppliedFields()) == "en-GB"
    assert date_language("und", PageMetadata(), SuppliedFields()) is None


def test_keywords_and_publishers() -> None:
    listed = PageMetadata(
        keywords=(Candidate("a, b", "article:tag"), Candidate("c", "article:tag"), Candidate("d", "meta:keywords"))
    )
    assert choose_keywords(listed, SuppliedFields()) == ("a, b", "c")
    assert choose_keywords(PageMetadata(keywords=(Candidate("雨、風", "meta:keywords"),)), SuppliedFields()) == (
        "雨",
        "風",
    )
    named = PageMetadata(site_name=(Candidate("example.org", "twitter:domain"), Candidate("Example", "og:site_name")))
    assert choose_publisher(named, SuppliedFields()) == "Example"


def test_lone_surrogates_have_identities() -> None:
    assert len(_describe(_document(name="a\udcff.txt"), headline="x\udcff").article.content_sha256) == 64


def test_rules_travel_to_workers() -> None:
    assert describe(CleanedDocument(_document(), BODY, (), (), "f"), pickle.loads(pickle.dumps(RULES))) == describe(
        CleanedDocument(_document(), BODY, (), (), "f"), RULES
    )
