"""The words that both parsers of author lines share."""

from __future__ import annotations

import pytest

from transforms.author_words import AuthorWords
from transforms.byline import BylineRules, authors_of
from transforms.metadata.author_names import visible_names
from transforms.metadata.rules import MetadataRules

RULES = MetadataRules.load()


def test_both_parsers_have_the_same_lists() -> None:
    words = AuthorWords.load()
    assert BylineRules.load().words is words
    assert RULES.words is words
    assert RULES.organization_words == BylineRules.load().organization_words
    for opening in words.openings:
        assert BylineRules.load().opening.match(f"{opening} Jane")
        assert RULES.by_pattern.match(f"{opening} Jane")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Jane Roe and John Doe", ["Jane Roe", "John Doe"]),
        ("Jane Roe, Founder", ["Jane Roe"]),
        ("Jane Roe in Springfield", ["Jane Roe"]),
        ("Jane Roe für Beispiel", ["Jane Roe"]),
        ("Jane Roe, Springfield", ["Jane Roe"]),
        ("Jane Roe ja John Doe", ["Jane Roe", "John Doe"]),
        ("Daniel E Reyes", ["Daniel E Reyes"]),
        ("Daniel I Reyes", ["Daniel I Reyes"]),
        ("Roe, John", ["John Roe"]),
        ("Staff, Agencies", []),
        ("Jane Roe, PhD", ["Jane Roe, PhD"]),
    ],
)
def test_both_parsers_read_the_same_names(line: str, names: list[str]) -> None:
    assert [author.name for author in authors_of(line)] == names
    assert visible_names(line, RULES) == names
