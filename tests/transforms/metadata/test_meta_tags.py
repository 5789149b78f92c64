"""Tests of transforms.metadata.meta_tags: what `<meta>` tags state."""

from __future__ import annotations

from lxml import html

from transforms.metadata.meta_tags import MetaTag, read_meta_tags
from transforms.metadata.rules import MetadataRules


def _read(markup: str) -> list[MetaTag]:
    return read_meta_tags(
        html.document_fromstring(f"<head>{markup}</head><body>x").findall(".//meta"), MetadataRules.load()
    )


def test_ordered_by_field_and_trust() -> None:
    assert _read(
        '<meta name="twitter:title" content="B"><meta name="Author" content="Jane Roe"><meta property="og:title" content="A">'
        '<meta name="viewport" content="width=1"><meta name="keywords" content="">'
    ) == [
        MetaTag("authors", "Jane Roe", "meta:author"),
        MetaTag("headline", "A", "og:title"),
        MetaTag("headline", "B", "twitter:title"),
    ]


def test_labelled_values() -> None:
    labelled = '<meta name="twitter:label1" content="{}"><meta name="twitter:data1" content="Jane Roe">'
    assert _read(labelled.format("Verfasst von")) == [MetaTag("authors", "Jane Roe", "twitter:data")]
    assert _read(labelled.format("Reading time")) == []


def test_parselys_older_tag_is_an_object() -> None:
    content = '{"title": "Harbour reopens", "pub_date": "2021-03-04", "authors": ["Jane Roe", "John Doe"], "type": "post", "n": 1}'
    assert _read(f"<meta name='parsely-page' content='{content}'>") == [
        MetaTag("authors", "Jane Roe", "meta:parsely-authors"),
        MetaTag("authors", "John Doe", "meta:parsely-authors"),
        MetaTag("headline", "Harbour reopens", "meta:parsely-title"),
        MetaTag("published", "2021-03-04", "meta:parsely-pub-date"),
    ]
    for broken in ("{", "[1]", "[" * 20_000, "null"):
        assert _read(f"<meta name='parsely-page' content='{broken}'>") == []
