"""Chooses an article's keywords among what the page and the container state.

Before: `keywords=(Candidate("harbour, ferry, Harbour", "news_keywords"),)`. After: ("harbour", "ferry").
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemas.records import PageMetadata, SuppliedFields
from transforms.metadata.described_rules import DescribedRules

_MAX_KEYWORDS = 100
_MAX_KEYWORD = 100
_ADDRESS = re.compile(r"(?:https?:)?//")
_MACHINE_TAG = re.compile(r"[\w.-]+[:=][^\s:=]\S*")
"""example: "section:world"; counterexample: "Cup: the final"."""


def choose_keywords(metadata: PageMetadata, supplied: SuppliedFields) -> tuple[str, ...]:
    """The keywords of the first source that states any, each once (case folded); a single string is split at its marks."""
    rules = DescribedRules.load()
    if supplied.keywords:
        return _unique(supplied.keywords, rules)
    for source in dict.fromkeys(candidate.source for candidate in metadata.keywords):
        found = _unique((c.value for c in metadata.keywords if c.source == source), rules)
        if found:
            return found
    return ()


def _unique(values: Iterable[str], rules: DescribedRules) -> tuple[str, ...]:
    stated = list(values)
    if len(stated) == 1:
        mark = next((mark for mark in rules.keyword_marks if mark in stated[0]), None)
        stated = stated[0].split(mark) if mark else stated
    kept: dict[str, str] = {}
    for keyword in stated:
        text = " ".join(keyword.split()).strip("#\"'")
        folded = text.casefold()
        if (
            0 < len(text) <= _MAX_KEYWORD
            and folded not in rules.no_keyword
            and not _ADDRESS.match(text)
            and not _MACHINE_TAG.fullmatch(text)
        ):
            kept.setdefault(folded, text)
    return tuple(kept.values())[:_MAX_KEYWORDS]
