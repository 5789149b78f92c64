"""Chooses an article's own address and its lead image's, normalised and absolute.

Before: `url=(Candidate("/a/harbour?utm_source=x", "link:canonical"),)`, fetched from https://example.org/amp/a/harbour.
After: "https://example.org/a/harbour".
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from schemas.records import PageMetadata, SuppliedFields
from transforms.metadata.described_rules import DescribedRules
from transforms.metadata.urls import absolute_url, canonical_url, normal_key

_SOURCES = ("link:canonical", "og:url")
_WORD = re.compile(r"[a-z]+")


def choose_canonical_url(metadata: PageMetadata, supplied: SuppliedFields, fetched: str | None) -> str | None:
    """The article's own address, normalised: link rel=canonical, og:url, JSON-LD, then where it was fetched.

    A stated address without a path is the outlet's front page (a common mistake of templates) and only taken if nothing
    else is stated.
    """
    base = fetched or supplied.url
    ranked = sorted(metadata.url, key=lambda c: _SOURCES.index(c.source) if c.source in _SOURCES else len(_SOURCES))
    stated = [candidate.value for candidate in ranked]
    stated.extend(address for address in (supplied.url, fetched) if address)
    front_page = None
    for address in stated:
        normal = canonical_url(absolute_url(address, base))
        if normal is None:
            continue
        if normal_key(normal) is not None:
            return normal
        front_page = front_page or normal
    return front_page


def choose_lead_image(metadata: PageMetadata, supplied: SuppliedFields, base: str | None) -> str | None:
    """The address of the article's picture: the container's, the article's own object's, og:image, then any other.

    One that looks like a logo or a placeholder counts only where nothing else is stated.
    """
    rules = DescribedRules.load()

    def rank(source: str) -> int:
        name = source.partition(".")[0] if source.startswith("json_ld.") else source
        return rules.image_sources.index(name) if name in rules.image_sources else len(rules.image_sources)

    stated = [supplied.image_url] if supplied.image_url else []
    stated.extend(candidate.value for candidate in sorted(metadata.image_url, key=lambda c: rank(c.source)))
    other = None
    for value in stated:
        address = absolute_url(value, base)
        if address and not _is_other(address, rules):
            return address
        other = other or address
    return other


def _is_other(address: str, rules: DescribedRules) -> bool:
    name = urlsplit(address).path.lower().rsplit("/", 1)[-1]
    return not rules.other_image_words.isdisjoint(_WORD.findall(name))
