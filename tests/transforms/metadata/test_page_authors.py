"""Tests of transforms.metadata.page_authors: names under the article."""

from __future__ import annotations

import pytest
from lxml import html

from transforms.metadata.page_authors import find_page_author
from transforms.metadata.page_metadata import collect
from transforms.metadata.rules import MetadataRules


def _found(body: str) -> str | None:
    elements = list(
        html.document_fromstring(f"<html><body><h1>Storm</h1><p>It rained.</p>{body}</body></html>").iter("*")
    )
    return find_page_author(elements, 0, MetadataRules.load())


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<h2>Written by</h2><div>Jane Roe</div>", "Jane Roe"),
        ("<div><span>by </span><p><a href='/authors/jane-roe'>Jane Roe</a></p></div>", "Jane Roe"),
        ("<a href='/authors/jane-roe'>Jane Roe</a><i>x</i><a href='/authors/jane-roe'>Jane Roe</a>", "Jane Roe"),
        ("<a href='/authors/jane-roe'>Jane Roe</a><a href='/authors/ann-poe'>Ann Poe</a>", None),
        ("<p style='text-align: right'><strong>Jane Roe</strong></p>", "Jane Roe"),
        ("<p style='text-align: right'>See the whole list</p>", None),
        ("<p style='text-align: left'>Jane Roe</p>", None),
        ("<p><em>Jane Roe</em></p>", "Jane Roe"),
        ("<p><em>EX-Redaktion</em></p>", "EX-Redaktion"),
        ("<p>See <em>Jane Roe</em></p>", None),
        ("<p><em>All the rain of the year</em></p>", None),
        ("<a href='https://creativecommons.example/licenses/by/4.0'>Free Licence</a>", None),
        ("<h2>Written by</h2><div>Example News Agency</div>", None),
    ],
)
def test_one_name_on_the_whole_page(body: str, name: str | None) -> None:
    assert _found(body) == name


def test_only_where_nobody_but_the_outlet_is_named() -> None:
    below = "<h2>Written by</h2><div>Jane Roe</div>"
    outlet = "<meta property='og:site_name' content='Example'><meta name='author' content='{}'>"
    for stated, expected in (("Example", ["visible:page"]), ("Ann Poe", [])):
        filler = "<p>It rained.</p>" * 40
        page = f"<html><head>{outlet.format(stated)}</head><body><h1>Storm</h1>{filler}{below}</body></html>"
        metadata = collect(html.document_fromstring(page), None)
        assert [c.source for c in metadata.authors if c.value == "Jane Roe"] == expected
