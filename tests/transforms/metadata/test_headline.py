"""Tests of transforms.metadata.headline: one headline out of many stated titles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import Candidate, PageMetadata, SuppliedFields
from transforms.metadata.headline import HeadlineChoice, choose_headline, site_names, strip_site
from transforms.metadata.rules import MetadataRules

RULES = MetadataRules.load()
STORM = "Storm closes the old harbour"


def _choose(*headlines: tuple[str, str], site: str = "", url: str = "") -> HeadlineChoice:
    metadata = PageMetadata(
        headline=tuple(Candidate(value, source) for source, value in headlines),
        site_name=(Candidate(site, "og:site_name"),) if site else (),
        url=(Candidate(url, "og:url"),) if url else (),
    )
    return choose_headline(metadata, SuppliedFields())


def test_news_object_first() -> None:
    chosen = _choose(("json_ld.NewsArticle", STORM), ("og:title", "Harbour shut"), ("h1", "Harbour shut by wild storm"))
    assert chosen == HeadlineChoice(STORM, "json_ld.NewsArticle", "Harbour shut by wild storm")


def test_heading_first_on_other_pages() -> None:
    chosen = _choose(("json_ld.BlogPosting", "Storm: what to know"), ("og:title", "Storm: what to know"), ("h1", STORM))
    assert (chosen.headline, chosen.source) == (STORM, "h1")


def test_sharing_headline_where_all_else_is_one() -> None:
    chosen = _choose(
        ("json_ld.NewsArticle", STORM), ("og:title", "Harbour: the night of the storm"), ("h1", STORM), ("title", STORM)
    )
    assert chosen.headline == "Harbour: the night of the storm"
    assert chosen.alternative == STORM


@pytest.mark.parametrize(
    "title",
    [
        f"{STORM} | Example Times",
        f"{STORM} - Weather - Example Times",
        f"{STORM} – example-times.org",
        f"{STORM} · The Example Times",
        f"Example Times | {STORM}",
        f"Example Times: {STORM}",
    ],
)
def test_site_names_are_cut(title: str) -> None:
    stated = PageMetadata(
        headline=(Candidate(title, "title"),),
        site_name=(Candidate("Example Times", "og:site_name"),),
        url=(Candidate("https://www.example-times.org/storm", "og:url"),),
    )
    chosen = choose_headline(stated, SuppliedFields())
    # "Weather" is cut only where another source confirms the rest.
    assert chosen.headline in (STORM, f"{STORM} - Weather")


def test_unknown_tails_are_cut_where_another_source_confirms() -> None:
    assert _choose(("og:title", f"{STORM}-Politicsㅣ例報"), ("meta:headline", STORM)).headline == STORM
    assert _choose(("title", f"{STORM} | Somebody"), ("h1", STORM)).headline == STORM


@pytest.mark.parametrize(
    "title",
    [
        "Harbour: storm closes the old quay",
        "Ex-minister returns - and stays",
        "Interview | The storm and I",
        "Example wins the cup",
    ],
)
def test_dashes_inside_headlines_stay(title: str) -> None:
    assert _choose(("og:title", title), site="Example Times").headline == title


def test_logo_like_and_teaser_headings_are_passed_over() -> None:
    chosen = _choose(
        ("og:title", STORM),
        ("h1", "Example Times"),
        ("h1", STORM),
        ("h1", "Storm closes a harbour again"),
        site="Example Times",
    )
    assert chosen.headline == STORM


def test_same_words_are_spelt_as_stated() -> None:
    assert (
        _choose(("json_ld.Article", "Weather: storm ahead"), ("h1", "Weather : storm ahead")).headline
        == "Weather: storm ahead"
    )


def test_supplied_wins_and_nothing_gives_none() -> None:
    supplied = SuppliedFields(headline=" Harbour  reopens ")
    metadata = PageMetadata(headline=(Candidate(STORM, "h1"),))
    assert choose_headline(metadata, supplied).headline == "Harbour reopens"
    assert choose_headline(PageMetadata(), SuppliedFields()) == HeadlineChoice(None, None, None)


def test_site_names_from_hosts() -> None:
    metadata = PageMetadata(url=(Candidate("https://www.example-times.co/a", "og:url"),))
    assert site_names(metadata, SuppliedFields(publisher="The Times")) == (
        "The Times",
        "example-times.co",
        "example-times",
    )


def test_overlong_titles_are_no_headlines() -> None:
    assert _choose(("title", "word " * 500)).headline is None


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(alphabet="ab |-:–Times", max_size=60))
def test_stripping_is_idempotent(title: str) -> None:
    once = strip_site(title, ("Times", "times.example"), (), RULES)
    assert strip_site(once, ("Times", "times.example"), (), RULES) == once
    assert once in title


def test_an_h1_of_a_part_gives_way_to_the_agreed_title() -> None:
    stated = (("og:title", STORM), ("h1", "Day 7"), ("h1", "Day 8"), ("title", f"{STORM} | Example Times"))
    assert _choose(*stated, site="Example Times").headline == STORM
    assert _choose(("og:title", "Sharing line"), ("h1", STORM), ("title", "Quite another title")).headline == STORM


def test_an_h1_keeps_its_own_marks() -> None:
    assert _choose(("og:title", "A guide to… plants"), ("h1", "A guide to: plants")).headline == "A guide to: plants"


def test_a_headline_written_for_search_gives_way_to_the_heading() -> None:
    searched = "Harbour closed: everything on the storm in numbers"
    stated = (("json_ld.NewsArticle", searched), ("og:title", STORM), ("h1", STORM), ("title", searched))
    assert _choose(*stated).headline == STORM
    near = "Storm closes old harbour"
    nearly = (("json_ld.NewsArticle", near), ("og:title", STORM), ("h1", STORM), ("title", near))
    assert _choose(*nearly).headline == near


def test_two_kickers_leave_the_headline() -> None:
    quote = "«We have never seen such waves»"
    assert _choose(("og:title", f"The harbour closes: {quote}"), ("h1", f"Storm night - {quote}")).headline == quote
    one = f"The harbour closes: {quote}"
    assert _choose(("og:title", one), ("h1", f"Our harbour closes: {quote}"), ("title", one)).headline != quote


def test_a_kicker_in_the_heading_is_told_by_the_agreed_title() -> None:
    agreed = (("og:title", "Klara Coffee House"), ("title", "Klara Coffee House"))
    assert _choose(*agreed, ("h1", "Get to know Klara Coffee House")).headline == "Klara Coffee House"
    assert _choose(("og:title", "Klara Coffee House"), ("h1", "Get to know Klara Coffee House")).source == "h1"


def test_the_fuller_of_two_titles_that_begin_alike() -> None:
    longer = f"{STORM}, and two piers"
    assert _choose(("og:title", longer), ("h1", STORM), ("title", longer)).headline == longer
    sharing = (("og:title", STORM), ("twitter:title", STORM), ("title", STORM))
    assert _choose(*sharing, ("h1", longer)).headline == longer
    assert _choose(("og:title", f"{STORM}."), ("h1", STORM), ("title", f"{STORM}.")).headline == STORM


def test_a_cut_sharing_title_is_passed_over() -> None:
    cut = "Storm, storm warnings and storm damage…"
    sharing = (("og:title", cut), ("twitter:title", cut), ("title", cut))
    assert _choose(*sharing, ("h1", "Storm: warnings and damage")).source == "h1"
    whole = (("og:title", "Storm damage"), ("twitter:title", "Storm damage"), ("title", "Storm damage"))
    assert _choose(*whole, ("h1", "Storm: warnings and damage")).source == "og:title"


def test_a_witness_decides_between_heading_and_sharing_title() -> None:
    shared = (("og:title", "Storm: look!"), ("twitter:title", "Storm: look!"), ("title", "Storm: look!"))
    assert _choose(*shared, ("h1", STORM)).source == "og:title"
    assert _choose(*shared, ("h1", STORM), ("itemprop:headline", STORM)).source == "h1"
    apart = (("og:title", "Storm: look!"), ("h1", STORM), ("title", STORM))
    assert _choose(*apart).source == "h1"
    assert _choose(*apart, ("meta:parsely-title", "Storm: look!")).headline == "Storm: look!"


def test_microdata_heads_a_page_without_h1_if_stated_once() -> None:
    assert _choose(("og:title", "Hello"), ("itemprop:headline", STORM)).headline == STORM
    teasers = (("itemprop:headline", STORM), ("itemprop:headline", "Storm opens a new harbour"))
    assert _choose(("og:title", "Hello"), *teasers).headline == "Hello"


def test_capitals_are_set_right_where_another_source_knows() -> None:
    assert _choose(("h1", STORM.upper()), ("og:title", f"{STORM} again")).headline == f"{STORM} again"
    assert _choose(("h1", STORM.upper()), ("og:title", "Something else entirely")).headline == STORM.upper()


def test_sections_and_addresses_behind_a_bar_are_cut() -> None:
    metadata = PageMetadata(
        headline=(Candidate(f"{STORM} | Weather desk", "h1"),),
        section=(Candidate("Weather Desk", "article:section"),),
    )
    assert choose_headline(metadata, SuppliedFields()).headline == STORM
    path = "https://www.example.org/opinion/storm-closes-the-harbour"
    assert _choose(("h1", f"{STORM} | Opinion"), url=path).headline == STORM
    assert _choose(("h1", f"{STORM} | Example.net")).headline == STORM
    assert _choose(("h1", f"{STORM} | Gallery")).headline == f"{STORM} | Gallery"
    assert _choose(("h1", f"{STORM} - Example.net")).headline == f"{STORM} - Example.net"


def test_a_bar_and_a_name_that_begins_like_the_host() -> None:
    url = "https://www.harbourview.example/storm"
    assert _choose(("h1", f"{STORM} | Harbourview Travel and Leisure"), url=url).headline == STORM
    assert _choose(("h1", f"{STORM} - Harbourview Travel and Leisure"), url=url).headline.endswith("Leisure")  # type: ignore[union-attr]


def test_a_news_object_keeps_the_tail_that_sharing_confirms() -> None:
    tailed = f"{STORM} - The latest"
    stated = (("json_ld.NewsArticle", tailed), ("og:title", tailed), ("h1", STORM), ("title", tailed))
    assert _choose(*stated).headline == tailed
