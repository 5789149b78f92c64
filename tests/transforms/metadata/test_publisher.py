"""Publishers and sections among what pages state."""

from __future__ import annotations

import pytest

from schemas.records import Candidate, PageMetadata, SuppliedFields
from transforms.metadata.publisher import choose_publisher, choose_section

NOTHING = SuppliedFields()


def _stated(*pairs: tuple[str, str]) -> tuple[Candidate, ...]:
    return tuple(Candidate(value, source) for value, source in pairs)


@pytest.mark.parametrize(
    ("publisher", "site_name", "chosen"),
    [
        ([("Example Times", "json_ld.NewsArticle")], [("Times App", "application-name")], "Example Times"),
        ([("https://social.example/times", "publisher")], [("Example Times", "og:site_name")], "Example Times"),
        ([], [("App", "application-name"), ("Example Times", "og:site_name")], "Example Times"),
        ([], [("@exampletimes", "twitter:domain"), ("Example Times", "json_ld.WebSite")], "Example Times"),
        ([("exampletimes.com", "publisher")], [("Example Times", "og:site_name")], "Example Times"),
        ([("exampletimes.com", "publisher")], [("News of the world", "og:site_name")], "exampletimes.com"),
        ([("Times.example", "publisher")], [("Times", "og:site_name")], "Times.example"),
        ([("www.example.com", "publisher")], [], "example.com"),
        ([("Example  Times®", "publisher")], [], "Example Times"),
        ([("null", "publisher")], [], None),
        ([], [], None),
    ],
)
def test_publisher(publisher: list[tuple[str, str]], site_name: list[tuple[str, str]], chosen: str | None) -> None:
    metadata = PageMetadata(publisher=_stated(*publisher), site_name=_stated(*site_name))
    assert choose_publisher(metadata, NOTHING) == chosen
    assert choose_publisher(metadata, SuppliedFields(publisher="Wire")) == "Wire"


@pytest.mark.parametrize(
    ("section", "chosen"),
    [
        (["World"], "World"),
        (["https://example.org/world", "World"], "World"),
        (["Uncategorized", "Harbours"], "Harbours"),
        (["4711"], None),
        (["Example Times", "World"], "World"),
        (["/world/europe"], None),
        (["x" * 101], None),
        ([], None),
    ],
)
def test_section(section: list[str], chosen: str | None) -> None:
    metadata = PageMetadata(
        section=_stated(*((value, "article:section") for value in section)),
        site_name=_stated(("Example Times", "og:site_name")),
    )
    assert choose_section(metadata, NOTHING) == chosen
    assert choose_section(metadata, SuppliedFields(section=" Local  news ")) == "Local news"
