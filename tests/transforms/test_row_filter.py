from __future__ import annotations

import pickle
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import AuthorKind, DateSource, RejectCode, SourceFormat
from schemas.errors import RecordError, UsageError
from schemas.records import Agency, Article, Author, Quality
from transforms.row_filter import RowFilter

ARTICLE = Article(
    article_id="a1",
    work_id="w1",
    source_sha256="",
    content_sha256="",
    source_uri="pages/bridge.html",
    source_format=SourceFormat.HTML,
    charset="utf-8",
    host="bay-post.example",
    url=None,
    canonical_url=None,
    publisher=None,
    headline='The "Iron" Bridge',
    alternative_headline=None,
    standfirst=None,
    description=None,
    body="The bridge is closed.",
    authors=(Author("Ana Ruiz", AuthorKind.PERSON), Author("Desk", AuthorKind.STAFF)),
    byline=None,
    dateline=None,
    dateline_country=None,
    agencies=(Agency("Example News Agency", "ENA", None),),
    section=None,
    keywords=("harbour", "bridges"),
    published_at=datetime(2026, 3, 1, 12, tzinfo=timezone.utc),
    modified_at=None,
    published_raw=None,
    published_source=DateSource.META,
    published_precision=None,
    published_confidence=0.9,
    published_timezone=None,
    published_timezone_source=None,
    published_calendar=None,
    fetched_at=None,
    language="en",
    language_confidence=0.98,
    license=None,
    copyright_notice=None,
    word_count=42,
    lead_image_url=None,
    is_accessible_for_free=True,
    quality=Quality(symbol_share=0.05),
    normalizations=(),
    text_fingerprint="f",
    published_month="2026-03",
)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "  \n",
        "word_count >= 42",
        "word_count = 42.0 and 41 < word_count and -1 < 0",
        'language == "en" AND NOT language != "en"',
        "language in ('de', 'en')",
        'language not in ["de"]',
        'source_format in ("html") and source_format == "html"',
        'published_source == "meta"',
        "length(body) == 21 and length(keywords) == 2 and length(authors) > 1",
        'lower(headline) == "the \\"iron\\" bridge"',
        '"Bridge" in headline and "harbour" in keywords and not ("boats" in keywords)',
        '"Ana Ruiz" in authors.name and "staff" in authors.kind and "Example News Agency" in agencies.name',
        "byline is null and headline is not null",
        "quality.symbol_share < .1 or quality.symbol_share < 0.1",
        'published_at >= "2026-03-01" and published_at < "2026-03-01T13:30:00+01:00"',
        '"2026-03-01T12:00:00Z" == published_at',
        "is_accessible_for_free",
        "is_accessible_for_free == true and not false",
        'word_count < 10 or language == "en" and word_count > 40',
        "byline == 'x' or true",
        "not (byline == 'x' and false)",
    ],
)
def test_what_holds_is_kept(expression: str) -> None:
    RowFilter(expression).check(ARTICLE)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("word_count >= 100", "'word_count >= 100' does not hold: word_count is 42"),
        ('word_count > 1 and language == "de" and false', "'language == \"de\"' does not hold: language is 'en'"),
        ("byline == 'x'", "\"byline == 'x'\" is unknown: byline is null"),
        ("not byline == 'x'", "\"not byline == 'x'\" is unknown: byline is null"),
        ("quality.digit_share < 1", "'quality.digit_share < 1' is unknown: quality.digit_share is null"),
        ("length(authors) == 0", "'length(authors) == 0' does not hold: authors is a list of 2"),
        ("not is_accessible_for_free", "'not is_accessible_for_free' does not hold: is_accessible_for_free is true"),
        (
            "word_count < 9 or byline in ('x')",
            "\"word_count < 9 or byline in ('x')\" is unknown: word_count is 42, byline is null",
        ),
        ("1 == 2", "'1 == 2' does not hold"),
    ],
)
def test_what_does_not_hold_is_a_reject_that_says_which_part(expression: str, message: str) -> None:
    with pytest.raises(RecordError) as caught:
        RowFilter(expression).check(ARTICLE)
    assert caught.value.code is RejectCode.FILTERED
    assert caught.value.message == message


def test_long_values_are_cut() -> None:
    with pytest.raises(RecordError) as caught:
        RowFilter("body == ''").check(replace(ARTICLE, body="x" * 5000))
    assert caught.value.message.endswith("body is '" + "x" * 59 + "…")


@pytest.mark.parametrize(
    ("expression", "reason", "character"),
    [
        ("word_cont > 3", "no such column word_cont; did you mean word_count?", 1),
        ("true and quality.symbol_shar < 1", "quality has no field symbol_shar; did you mean symbol_share?", 10),
        ("headline.text == ''", "headline is a text and has no fields", 1),
        ("run_id == ''", "run_id is not known before the row is written", 1),
        ("language", "a condition is expected; language is a text", 1),
        ("word_count > 'a'", "these can't be compared: word_count is a number, 'a' a text", 1),
        ("authors == 'a'", "these can't be compared: authors is a list of structs, 'a' a text", 1),
        ("true > false", "> needs an order; true or false has none", 1),
        ("1 < word_count < 3", "comparisons can't be chained; join two with `and`", 16),
        ("word_count < 1e999", "1e999 is too large for a number", 14),
        ("word_count > -1e309", "1e309 is too large for a number", 15),
        ("language in ('en', 3)", "the list must hold a text only, as language is", 20),
        ("language in (host)", "a list holds numbers or texts only", 14),
        (
            "word_count in keywords",
            "`in` looks for a text in a text or in a list of texts; keywords is a list of texts",
            15,
        ),
        ("lenth(body) > 3", "no such function lenth; there are length, lower", 1),
        ("length(word_count) > 3", "length() takes a list of structs or a list of texts or a text, not a number", 8),
        ("published_at > 'soon'", 'a time is written as "2026-03-01" or "2026-03-01T12:30:00+01:00", not \'soon\'', 16),
        ("body == 'abc", "the text that begins here has no end", 9),
        ("word_count > 3; true", "';' is not understood", 15),
        ("word_count >", "a column, a number or a text is expected, not the end", 13),
        ("word_count > 3 word_count", "'word_count' is not expected here", 16),
        ("(word_count > 3", "`)` is expected, not the end", 16),
        ("byline is nul", "`null` is expected after `is`, not 'nul'", 11),
        ("byline not 'x'", "`in` is expected after `not`, not \"'x'\"", 12),
        ("word_count > -byline", "a number is expected after `-`, not 'byline'", 15),
        ("__import__('os').system('x')", "'.' is not expected here", 17),
        ("(" * 60 + "true" + ")" * 60, "nested deeper than 40 levels", 42),
        ("not " * 60 + "true", "nested deeper than 40 levels", 165),
    ],
)
def test_a_bad_expression_is_one_line_that_says_where(expression: str, reason: str, character: int) -> None:
    with pytest.raises(UsageError) as caught:
        RowFilter(expression)
    assert str(caught.value) == f"filter.expression: {reason} (at character {character} of {expression[:200]!r})"


def test_an_endless_expression_is_refused() -> None:
    with pytest.raises(UsageError, match="allowed: up to 4,000"):
        RowFilter("true and " * 1000 + "true")


def test_a_filter_travels_to_workers() -> None:
    kept = pickle.loads(pickle.dumps(RowFilter("word_count > 3")))
    kept.check(ARTICLE)
    assert kept == RowFilter("word_count > 3")


_WORDS = [
    "word_count",
    "language",
    "'en'",
    "3",
    "and",
    "or",
    "not",
    "in",
    "is",
    "null",
    "==",
    "<",
    "(",
    ")",
    "[",
    ",",
    ".",
    "-",
]


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(_WORDS), max_size=9).map(" ".join)))
def test_any_text_is_a_filter_or_a_usage_error(expression: str) -> None:
    with suppress(UsageError, RecordError):
        RowFilter(expression).check(ARTICLE)
