"""Finds the news agencies that an article's dateline, byline, authors, credits and licence lines name.

Before: `dateline=Dateline("LONDON (Reuters) -", "LONDON", "Reuters")`, byline "Jane Roe, AFP". After: (Reuters, AFP).
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.records import Agency, Author, CleanedDocument
from transforms.agencies import AgencyRules, agencies_in, find_agency


def find_agencies(
    cleaned: CleanedDocument, byline: str | None, authors: tuple[Author, ...], rules: AgencyRules
) -> tuple[Agency, ...]:
    """The agencies that dateline, byline, authors, sign-offs, licence and copyright lines name, each once, in that order.

    A dateline's agencies that no rule knows are kept as written.
    """
    found: dict[str, Agency] = {}
    for agency in (*_of_dateline(cleaned, rules), *_of_lines(cleaned, byline, rules)):
        found.setdefault(agency.name, agency)
    for author in authors:
        named = find_agency(author.name, rules)
        if named:
            found.setdefault(named.name, named)
    return tuple(found.values())


def _of_dateline(cleaned: CleanedDocument, rules: AgencyRules) -> Iterator[Agency]:
    written = cleaned.dateline.agency if cleaned.dateline else None
    if written:
        known = agencies_in(f"({written})", rules)
        yield from known or (find_agency(written, rules) or Agency(written, written, None),)


def _of_lines(cleaned: CleanedDocument, byline: str | None, rules: AgencyRules) -> Iterator[Agency]:
    for text in (byline, *cleaned.sign_offs, *cleaned.license_lines, *cleaned.copyright_lines):
        if text:
            yield from agencies_in(text, rules)
