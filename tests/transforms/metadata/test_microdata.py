"""Tests of transforms.metadata.microdata: properties of the article and of nothing else."""

from __future__ import annotations

from lxml import html

from transforms.metadata.microdata import read_microdata


def _read(markup: str, heading: int | None = None) -> list[tuple[str, str, str]]:
    tree = html.document_fromstring(markup)
    elements = [(i, e) for i, e in enumerate(tree.iter("*")) if e.get("itemprop")]
    return [(stated.field, stated.value, stated.source) for stated in read_microdata(elements, heading)]


def test_names_inside_authors() -> None:
    markup = '<p itemprop="author"><a itemprop="name">Jane Roe</a>, <a itemprop="name">John Doe</a></p>'
    assert _read(markup) == [("authors", "Jane Roe", "itemprop:author"), ("authors", "John Doe", "itemprop:author")]


def test_stated_values_win_over_text() -> None:
    markup = '<time itemprop="datePublished" datetime="2021-03-04">yesterday</time><meta itemprop="dateModified" content="2021-03-05">'
    assert _read(markup) == [
        ("published", "2021-03-04", "itemprop:datepublished"),
        ("modified", "2021-03-05", "itemprop:datemodified"),
    ]


def test_videos_and_comments_are_others() -> None:
    markup = (
        '<div itemscope itemtype="https://schema.org/VideoObject"><meta itemprop="datePublished" content="2019-01-01"></div>'
        '<div itemscope itemtype="https://schema.org/Comment"><b itemprop="author">troll77</b></div>'
    )
    assert _read(markup) == []


def test_far_authors_are_of_teasers() -> None:
    markup = "<h1>Storm</h1>" + "<p>x</p>" * 450 + '<b itemprop="author">Jane Roe</b>'
    assert _read(markup, heading=2) == []
    assert len(_read(markup)) == 1
