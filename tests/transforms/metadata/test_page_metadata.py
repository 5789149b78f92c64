"""Tests of transforms.metadata.page_metadata: collecting candidates from whole pages."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from schemas.records import Candidate, PageMetadata
from transforms.metadata.page_metadata import collect

PAGE = """<!doctype html><html lang="en-GB"><head>
<title>Harbour reopens after storm | Example Times</title>
<meta property="og:title" content="Harbour reopens"><meta property="og:site_name" content="Example Times">
<meta name="author" content="Jane Roe"><meta property="article:published_time" content="2021-03-04T05:06:07Z">
<meta property="og:locale" content="en_GB"><meta name="news_keywords" content="harbour, storm">
<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Jane Roe">
<meta name="twitter:label2" content="Est. reading time"><meta name="twitter:data2" content="3 minutes">
<link rel="canonical" href="https://example.org/harbour"><link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour reopens after the storm","image":["/a.jpg"],
"publisher":{"@type":"Organization","name":"Example Times"},"isAccessibleForFree":"False","articleSection":"Weather"}</script>
<script type="application/ld+json">{"@type":"WebSite","name":"Example Times Online"}</script>
</head><body><header><h1 class="site-logo"><a href="/">Example Times</a></h1></header>
<main><h1>Harbour reopens after storm</h1><p class="meta">By <a rel="author" href="/authors/roe">Jane Roe</a> |
<time datetime="2021-03-04T05:06:07Z">4 March 2021</time></p><p>The harbour opened again on Thursday.</p></main>
<aside><h1>Hills burn</h1><time datetime="2020-01-01">1 January 2020</time></aside></body></html>"""


def _collect(markup: str, url: str | None = None) -> PageMetadata:
    return collect(html.document_fromstring(markup), url)


def test_whole_page() -> None:
    found = _collect(PAGE, "https://example.org/harbour?x=1")
    assert found.headline == (
        Candidate("Harbour reopens after the storm", "json_ld.NewsArticle"),
        Candidate("Harbour reopens", "og:title"),
        Candidate("Harbour reopens after storm", "h1"),
        Candidate("Hills burn", "h1"),
        Candidate("Harbour reopens after storm | Example Times", "title"),
    )
    assert found.authors == (
        Candidate("Jane Roe", "meta:author"),
        Candidate("Jane Roe", "twitter:data"),
        Candidate("Jane Roe", "rel:author"),
        Candidate("Jane Roe", "visible:by"),
        Candidate("Jane Roe", "visible:link"),
    )
    assert [c.source for c in found.published][:2] == ["article:published_time", "time"]
    assert found.published[1].value == "2021-03-04T05:06:07Z"
    assert found.site_name == (
        Candidate("Example Times Online", "json_ld.WebSite"),
        Candidate("Example Times", "og:site_name"),
    )
    assert found.publisher == (Candidate("Example Times", "json_ld.NewsArticle"),)
    assert found.language == (Candidate("en_GB", "og:locale"), Candidate("en-GB", "html:lang"))
    assert found.url == (
        Candidate("https://example.org/harbour", "link:canonical"),
        Candidate("https://example.org/harbour?x=1", "fetched"),
    )
    assert found.license == (Candidate("https://creativecommons.org/licenses/by/4.0/", "rel:license"),)
    assert found.is_accessible_for_free == (Candidate("False", "json_ld.NewsArticle"),)
    assert found.section == (Candidate("Weather", "json_ld.NewsArticle"),)
    assert found.keywords == (Candidate("harbour, storm", "meta:news_keywords"),)
    assert found.image_url == (Candidate("/a.jpg", "json_ld.NewsArticle"),)
    assert found.article_type == (Candidate("NewsArticle", "json_ld"),)


def test_the_tree_stays_as_it_is() -> None:
    tree = html.document_fromstring(PAGE)
    before = html.tostring(tree)
    assert collect(tree, None) == collect(tree, None)
    assert html.tostring(tree) == before


def test_other_articles_objects_are_left_out() -> None:
    found = _collect(
        "<title>Harbour reopens after storm</title><h1>Harbour reopens after storm</h1>"
        '<script type="application/ld+json">[{"@type":"NewsArticle","headline":"Hills burn","author":"Ann Poe"},'
        '{"@type":"NewsArticle","headline":"Harbour reopens after the storm","author":"Jane Roe"}]</script>'
    )
    assert found.authors == (Candidate("Jane Roe", "json_ld.NewsArticle"),)


def test_video_dates_are_left_out() -> None:
    found = _collect(
        '<script type="application/ld+json">{"@type":"VideoObject","uploadDate":"2019-01-01","datePublished":"2019-01-01"}</script>'
    )
    assert found.published == ()


def test_without_h1_a_subheading_that_agrees() -> None:
    found = _collect(
        "<title>Harbour reopens after storm</title><h2>News</h2><h2>Harbour reopens after storm</h2><p>By Jane Roe</p>"
    )
    assert Candidate("Harbour reopens after storm", "h2") in found.headline
    assert found.authors == (Candidate("Jane Roe", "visible:by"),)


@pytest.mark.parametrize(
    "markup", ["<p>x</p>", "<html></html>", "<h1></h1>", "<!-- x --><p></p>", "<svg><title>icon</title></svg>"]
)
def test_bare_pages_state_nothing(markup: str) -> None:
    assert all(not getattr(_collect(markup), field.name) for field in dataclasses.fields(PageMetadata))


def test_fragments_and_namespaced_language() -> None:
    assert collect(html.fragment_fromstring("<div><h1>Storm</h1></div>"), None).headline == (Candidate("Storm", "h1"),)


def test_huge_pages_are_bounded() -> None:
    found = _collect("<h1>Storm</h1>" + "<time datetime=2021-03-04></time><h1>x</h1><a rel=author>Jane</a>" * 3_000)
    assert len(found.published) <= 60
    assert len(found.headline) <= 42


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    st.lists(
        st.sampled_from(
            [
                "<h1>",
                "</h1>",
                "<p class=author>",
                "By Jane Roe",
                "<time>",
                "3 March 2021",
                "<meta itemprop=author>",
                "<a rel=author href='['>",
                "<script type='application/ld+json'>{",
                "</script>",
                "<br>",
                "&amp;",
            ]
        ),
        max_size=25,
    )
)
def test_any_page_is_read(pieces: list[str]) -> None:
    found = _collect("<body>x" + "".join(pieces))
    for field in dataclasses.fields(PageMetadata):
        for candidate in getattr(found, field.name):
            assert candidate.value == " ".join(candidate.value.split()) != ""
