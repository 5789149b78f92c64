from __future__ import annotations

import pytest

from schemas.codes import Payload, SourceFormat
from schemas.records import Candidate, PageMetadata, ParsedDocument, RawDocument, SuppliedFields
from transforms.learned.site import folder_of, guess_site, site_of


def record(
    name: str = "north/a.html", *, raw: bytes = b"", url: str | None = None, supplied: str | None = None
) -> RawDocument:
    return RawDocument(name, name, SourceFormat.HTML, Payload.HTML, raw, url=url, supplied=SuppliedFields(url=supplied))


def parsed(source: RawDocument, *stated: str) -> ParsedDocument:
    metadata = PageMetadata(url=tuple(Candidate(url, "canonical") for url in stated))
    return ParsedDocument(source, "utf-8", "", (), metadata)


def test_the_host_of_the_address_is_the_site() -> None:
    assert site_of(parsed(record(url="https://www.example.org/a"))) == "example.org"
    assert site_of(parsed(record(supplied="http://m.example.org/a"), "https://other.example/")) == "example.org"
    assert site_of(parsed(record(), "https://Example.org/a", "https://other.example/")) == "example.org"


def test_without_an_address_the_folder_is() -> None:
    assert site_of(parsed(record())) == "north/"
    assert site_of(parsed(record(), "/a/story.html")) == "north/"


@pytest.mark.parametrize(
    ("name", "folder"),
    [("a.txt", "./"), ("x/y/a.txt", "x/y/"), ("x/feed.jsonl#L1", "x/"), ("feed.warc#<urn:a/b>", "./"), ("", "./")],
)
def test_a_record_lies_where_its_container_does(name: str, folder: str) -> None:
    assert folder_of(name) == folder


@pytest.mark.parametrize(
    ("raw", "site"),
    [
        (b'<head><link rel="canonical" href="https://www.example.org/a">', "example.org"),
        (b"<head><link href='https://example.org/a' rel=canonical>", "example.org"),
        (b'<meta property="og:url" content="https://m.example.org/a?b=1">', "example.org"),
        (b'<a href="https://other.example/">canonical</a>', "north/"),
        (b'<link rel="canonical" href="/a">', "north/"),
        (b'<link rel="canonical" href="https://\xff\xfe/a">', "north/"),
        (b"", "north/"),
    ],
)
def test_the_site_of_a_page_is_guessed_from_its_head(raw: bytes, site: str) -> None:
    assert guess_site(record(raw=raw)) == site


def test_a_stated_address_is_no_guess() -> None:
    raw = b'<link rel="canonical" href="https://example.org/a">'
    assert guess_site(record(raw=raw, url="https://fetched.example/")) == "fetched.example"
