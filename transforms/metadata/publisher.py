"""Chooses an article's publisher and section among what the page and the container state.

Before: `publisher=(Candidate("https://social.example/times", "publisher"), Candidate("Example Times", "json_ld.NewsArticle"))`.
After: "Example Times".
"""

from __future__ import annotations

import re

from schemas.records import PageMetadata, SuppliedFields
from transforms.metadata.agreement import squeeze
from transforms.metadata.described_rules import DescribedRules

_MAX_PUBLISHER = 150
_MAX_SECTION = 100
_ADDRESS = re.compile(r"(?:https?:)?//|[@/]", re.IGNORECASE)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_MARKS = re.compile(r"[®™©]")


def choose_publisher(metadata: PageMetadata, supplied: SuppliedFields) -> str | None:
    """The outlet's name as stated: the container's, the article's publisher, og:site_name, the site's own object.

    A bare host name in small letters ("example.com") gives way to a short name of the same outlet; addresses and handles
    name nobody.
    """
    rules = DescribedRules.load()
    stated = [supplied.publisher] if supplied.publisher else []
    stated.extend(candidate.value for candidate in metadata.publisher)
    by_source = {candidate.source: candidate.value for candidate in reversed(metadata.site_name)}
    stated.extend(
        by_source[source]
        for source in sorted(by_source, key=lambda s: (s != "og:site_name", not s.startswith("json_ld"), s))
    )
    names = [" ".join(_MARKS.sub("", name).split()).removeprefix("www.") for name in stated]
    known = [
        name
        for name in names
        if 0 < len(name) <= _MAX_PUBLISHER and not _ADDRESS.match(name) and name.casefold() not in rules.no_publisher
    ]
    first = known[0] if known else None
    if first is None or not _HOST.fullmatch(first) or not first.islower():
        return first
    host = squeeze(first)
    return next((name for name in known if name != first and len(squeeze(name)) > 2 and squeeze(name) in host), first)


def choose_section(metadata: PageMetadata, supplied: SuppliedFields) -> str | None:
    """The first stated section that is a name: no address, no number, no "Uncategorized", not the outlet's own name."""
    rules = DescribedRules.load()
    outlets = {candidate.value.casefold() for candidate in (*metadata.site_name, *metadata.publisher)}
    stated = [supplied.section] if supplied.section else []
    for value in (*stated, *(candidate.value for candidate in metadata.section)):
        text = " ".join(value.split())
        folded = text.casefold()
        if (
            0 < len(text) <= _MAX_SECTION
            and not _ADDRESS.match(text)
            and any(character.isalpha() for character in text)
            and folded not in rules.no_section
            and folded not in outlets
        ):
            return text
    return None
