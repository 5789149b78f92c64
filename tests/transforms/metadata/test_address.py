"""An article's own address and its picture's."""

from __future__ import annotations

import pytest

from schemas.records import Candidate, PageMetadata, SuppliedFields
from transforms.metadata.address import choose_canonical_url, choose_lead_image

BASE = "https://www.example.org/amp/world/a?utm_source=x"


@pytest.mark.parametrize(
    ("stated", "chosen"),
    [
        ([("https://example.org/b", "og:url"), ("/c", "link:canonical")], "https://www.example.org/c"),
        (
            [("https://example.org/b", "json_ld.NewsArticle"), ("https://example.org/c", "og:url")],
            "https://example.org/c",
        ),
        ([("https://example.org/", "link:canonical"), ("https://example.org/b", "og:url")], "https://example.org/b"),
        ([("https://example.org/", "link:canonical")], "https://www.example.org/world/a"),
        ([("not an address", "link:canonical")], "https://www.example.org/world/not%20an%20address"),
        ([("javascript:void(0)", "link:canonical")], "https://www.example.org/world/a"),
        ([], "https://www.example.org/world/a"),
    ],
)
def test_canonical_url(stated: list[tuple[str, str]], chosen: str) -> None:
    metadata = PageMetadata(url=tuple(Candidate(value, source) for value, source in stated))
    assert choose_canonical_url(metadata, SuppliedFields(), BASE) == chosen


def test_a_front_page_is_better_than_nothing() -> None:
    metadata = PageMetadata(url=(Candidate("https://example.org", "og:url"),))
    assert choose_canonical_url(metadata, SuppliedFields(), None) == "https://example.org/"
    assert choose_canonical_url(PageMetadata(), SuppliedFields(), None) is None


@pytest.mark.parametrize(
    ("stated", "chosen"),
    [
        ([("/b.jpg", "og:image"), ("/a.jpg", "json_ld.NewsArticle")], "https://www.example.org/a.jpg"),
        ([("/site-logo.png", "json_ld.NewsArticle"), ("/b.jpg", "og:image")], "https://www.example.org/b.jpg"),
        ([("/site-logo.png", "og:image")], "https://www.example.org/site-logo.png"),
        (
            [("/harbour-logotype.jpg", "og:image"), ("/b.jpg", "twitter:image")],
            "https://www.example.org/harbour-logotype.jpg",
        ),
        ([("data:image/png;base64,AAAA", "og:image"), ("/b.jpg", "thumbnail")], "https://www.example.org/b.jpg"),
        ([], None),
    ],
)
def test_lead_image(stated: list[tuple[str, str]], chosen: str | None) -> None:
    metadata = PageMetadata(image_url=tuple(Candidate(value, source) for value, source in stated))
    assert choose_lead_image(metadata, SuppliedFields(), BASE) == chosen
    assert choose_lead_image(metadata, SuppliedFields(image_url="/own.jpg"), BASE) == "https://www.example.org/own.jpg"
