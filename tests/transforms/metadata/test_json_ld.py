"""Tests of transforms.metadata.json_ld: reading and mending JSON-LD."""

from __future__ import annotations

import json
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.metadata.json_ld import fold_text, read_json_ld
from transforms.metadata.rules import ARTICLE, OTHER, PAGE, MetadataRules

RULES = MetadataRules.load()


def test_graph_with_references() -> None:
    script = json.dumps(
        {
            "@graph": [
                {"@type": "WebPage", "@id": "#page", "name": "Harbour reopens | Example Times"},
                {
                    "@type": ["Thing", "NewsArticle"],
                    "headline": "Harbour &amp; port reopen",
                    "author": [{"@id": "#roe"}, {"@type": "Organization", "name": "Example Wire"}],
                    "datePublished": "2021-03-04T05:06:07Z",
                    "isAccessibleForFree": False,
                },
                {"@type": "Person", "@id": "#roe", "name": "Jane Roe"},
            ]
        }
    )
    page, article, person = read_json_ld([script], RULES)
    assert (page.rank, article.rank, person.rank) == (PAGE, ARTICLE, OTHER)
    assert article.type == "NewsArticle"
    assert article.headline == ("Harbour & port reopen",)
    assert article.authors == ("Jane Roe",)
    assert article.author_organizations == ("Example Wire",)
    assert article.published == ("2021-03-04T05:06:07Z",)
    assert article.is_accessible_for_free == ("false",)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Storm, closes harbour",}',
        '<!-- {"@type": "NewsArticle", "headline": "Storm, closes harbour"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Storm, closes harbour"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Storm,\n closes\tharbour"};',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Storm, closes harbour&quot;}",
        '{"@type": "NewsArticle", "headline": "Storm, closes harbour", "x": "C:\\dir"}',
        '{"@type": "WebSite"} {"@type": "NewsArticle", "headline": "Storm, closes harbour"}',
        '{"@type": "NewsArticle", "headline": "Storm, closes harbour"} } broken',
        '{"@type": "NewsArticle", "headline": "Storm, closes harbour", "image": {"url": "a", "width": [1, 2], "na',
        '{"@type": "NewsArticle", "headline": "Storm, closes harbour", "name": "The "old" harbour, "closed"", "x": ""}',
    ],
)
def test_broken_scripts_are_mended(script: str) -> None:
    assert [s.headline for s in read_json_ld([script], RULES) if s.rank == ARTICLE] == [("Storm, closes harbour",)]


def test_a_script_that_is_cut_off_keeps_its_whole_members() -> None:
    script = '{"@graph": [{"@type": "WebSite"}, {"@type": "Article", "headline": "One, {two", "author": {"name": "Jane Roe"}, "da'
    article = read_json_ld([script], RULES)[-1]
    assert (article.headline, article.authors) == (("One, {two",), ("Jane Roe",))
    assert read_json_ld(['{"@type": "Arti'], RULES) == ()
    assert read_json_ld(["[" * 50_000 + '{"a": 1,'], RULES) == ()


@given(st.text(alphabet='{}[]",:\\ a1\n', max_size=120))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_mending_never_fails(script: str) -> None:
    read_json_ld([script, '{"@type": "Article", "headline": "' + script], RULES)


def test_mending_takes_time_in_proportion_to_the_script() -> None:
    start = time.process_time()
    for piece in ('"', '\\"', '" ', '",', '{"a":"b" c",', '[{"', '"a" "'):
        read_json_ld(['{"@type": "Article", "x": ' + piece * (200_000 // len(piece))], RULES)
    assert time.process_time() - start < 10  # seconds; squared time would be hours


def test_commas_inside_strings_stay() -> None:
    script = '{"@type": "Article", "headline": "One, }two, ]three",}'
    assert read_json_ld([script], RULES)[0].headline == ("One, }two, ]three",)


def test_other_articles_are_not_this_page() -> None:
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Another story"}]}
    assert [s.type for s in read_json_ld([json.dumps(listed)], RULES)] == ["ItemList"]


def test_main_entity_is_followed() -> None:
    page = {"@type": "WebPage", "mainEntity": {"@type": "http://schema.org/BlogPosting", "headline": "Bread"}}
    assert [(s.type, s.rank) for s in read_json_ld([json.dumps(page)], RULES)] == [
        ("WebPage", PAGE),
        ("BlogPosting", ARTICLE),
    ]


def test_hostile_nesting_is_left_out() -> None:
    assert read_json_ld(["[" * 100_000 + "]" * 100_000], RULES) == ()
    deep: dict[str, object] = {"@type": "Article", "headline": "Deep"}
    for _ in range(60):
        deep = {"@graph": [deep]}
    assert read_json_ld([json.dumps(deep)], RULES) == ()


def test_job_postings_are_no_articles() -> None:
    assert read_json_ld(['{"@type": "JobPosting", "title": "Cook"}'], RULES)[0].rank == OTHER


def test_names_in_long_form() -> None:
    script = '{"@type":"Article","author":{"givenName":"Jane","familyName":"Roe"},"headline":{"@value":"Rain"}}'
    (article,) = read_json_ld([script], RULES)
    assert article.authors == ("Jane Roe",)
    assert article.headline == ("Rain",)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_any_script_is_read_without_error(script: str) -> None:
    read_json_ld([script, '{"@type": "Article", "headline": ' + script], RULES)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(max_size=80))
def test_fold_text_leaves_single_spaces(value: str) -> None:
    folded = fold_text(value)
    assert folded == " ".join(folded.split())
    if "&" not in value and "<" not in value:
        visible = "".join(c for c in value if unicodedata.category(c) != "Cc" or c.isspace())
        assert folded.split() == visible.split()


@pytest.mark.parametrize(
    "address",
    [
        {"@type": "PostalAddress", "addressCountry": "DE"},
        [{"@type": "PostalAddress", "addressCountry": {"@type": "Country", "name": "DE"}}],
        {"@id": "#address"},
    ],
)
def test_the_publishers_country(address: object) -> None:
    script = json.dumps(
        [
            {"@type": "NewsArticle", "publisher": {"@id": "#outlet"}},
            {"@type": "NewsMediaOrganization", "@id": "#outlet", "address": address},
            {"@type": "PostalAddress", "@id": "#address", "addressCountry": "DE"},
        ]
    )
    assert [statement.country for statement in read_json_ld([script], RULES)] == [("DE",), ("DE",), ()]


def test_an_address_without_a_country() -> None:
    script = json.dumps({"@type": "Organization", "address": "1 Harbour Street"})
    assert read_json_ld([script], RULES)[0].country == ()


def test_a_string_that_never_ends_takes_linear_time() -> None:
    # Squared time would be minutes.
    script = '{"@type": "NewsArticle", "headline": "Harbour reopens"}, {"x": "' + '\\"' * 100_000
    assert [statement.headline for statement in read_json_ld([script], RULES)] == [("Harbour reopens",)]


def test_numbers_that_json_does_not_have_state_nothing() -> None:
    script = '{"@type": "NewsArticle", "headline": NaN, "datePublished": -Infinity, "name": "Harbour reopens"}'
    (statement,) = read_json_ld([script], RULES)
    assert (statement.headline, statement.published, statement.name) == ((), (), ("Harbour reopens",))


def test_control_characters_are_no_text() -> None:
    assert fold_text("Harbour\u0000 reopens\u0085 after\x1b storm") == "Harbour reopens after storm"
    assert fold_text("Café\u200d au lait") == "Café\u200d au lait"


def test_a_number_of_thousands_of_digits_leaves_the_rest_of_the_script() -> None:
    script = (
        '{"@type": "NewsArticle", "name": '
        + "9" * 5_000
        + ', "datePublished": 1614866400000, "headline": "Harbour reopens"}'
    )
    (statement,) = read_json_ld([script], RULES)
    assert (statement.headline, statement.published, statement.name) == (("Harbour reopens",), ("1614866400000",), ())
